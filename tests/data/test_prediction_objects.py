"""Given predictions as objects of Python: tables, labels or probabilities of any library, for splits, variants and
seeds."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from brittlestar import InputError, check
from brittlestar.data.predictions.runs import read_predictions
from brittlestar.data.predictions.sources import sources_of
from brittlestar.data.sources import SplitFrames

TEST = pl.DataFrame({"id": ["x", "y", "z"], "sequence": ["a", "b", "c"], "label": ["pos", "neg", "pos"]})
DEV = pl.DataFrame({"id": ["0", "1"], "sequence": ["d", "e"], "label": ["pos", "neg"]})
FRAMES = {"dev": DEV, "test": TEST}
LABELS = ["pos", "neg", "neg"]
SHARES = np.array([[0.25, 0.75], [0.5, 0.5], [1.0, 0.0]])
COLUMNS = {"id": ["z", "x", "y"], "prediction": ["neg", "pos", "neg"]}
FRAME = pl.DataFrame(COLUMNS)


def read(given: Any, frames: Any = FRAMES, classes: tuple[str, ...] = ("neg", "pos")) -> tuple[Any, ...]:
    return tuple(read_predictions(sources_of(given), frames, classes).values())


def answers(given: Any) -> dict[tuple[str, int], dict[str, list[int]]]:
    return {
        (one.name, one.seed): {name: table.argmax(1).tolist() for name, table in one.probabilities.items()}
        for one in read(given)
    }


@pytest.fixture(scope="module")
def forms() -> list[Any]:
    """The labels LABELS in every form that a column or a table of any library has."""
    pandas, arrow, datasets = (pytest.importorskip(name) for name in ("pandas", "pyarrow", "datasets"))
    table = arrow.table(COLUMNS)
    return [
        LABELS,
        tuple(LABELS),
        np.array(LABELS),
        np.array(LABELS, dtype=object),
        np.array(LABELS)[:, None],
        pl.Series(LABELS),
        pandas.Series(LABELS, index=[7, 8, 9]),
        pandas.Categorical(LABELS),
        arrow.array(LABELS),
        datasets.Dataset.from_dict({"y": LABELS})["y"],
        FRAME,
        FRAME.lazy(),
        pandas.DataFrame(COLUMNS),
        table,
        FRAME.to_dicts(),
        COLUMNS,
        {"id": np.array(COLUMNS["id"]), "prediction": pandas.Series(COLUMNS["prediction"])},
        {"id": table["id"], "prediction": FRAME["prediction"]},
    ]


def test_every_form_for_seeds_variants_and_splits(forms: list[Any]) -> None:
    wanted = {"test": [1, 0, 0]}
    for given in forms:
        assert answers(given) == {("model", 0): wanted}, type(given)
        assert answers([given, given]) == {("model", seed): wanted for seed in (0, 1)}, type(given)
        found = answers({"lstm": given, "bag": [given, given]})
        assert found == {("bag", 0): wanted, ("bag", 1): wanted, ("lstm", 0): wanted}, type(given)
        found = answers({"test": given, "validation": ["neg", "neg"]})
        assert found == {("model", 0): {"test": [1, 0, 0], "dev": [0, 0]}}, type(given)


def test_variants_splits_and_seeds_nest_in_any_order_and_the_first_stays_first() -> None:
    test, dev = {"test": [1, 0, 0]}, {"dev": [0, 0]}
    splits = {"test": [LABELS, LABELS], "validation": [["neg", "neg"]]}
    wanted = {("zeta", 0): test | dev, ("zeta", 1): test, ("alpha", 0): test}
    for given in ({"zeta": splits, "alpha": {"test": LABELS}}, {"zeta": [{"test": LABELS, "dev": ["neg", "neg"]},
                  {"test": LABELS}], "alpha": LABELS}, {"test": {"zeta": [LABELS, LABELS], "alpha": LABELS},
                  "dev": {"zeta": ["neg", "neg"]}}):  # fmt: skip
        assert list(found := answers(given)) == [*wanted] and found == wanted, given
    named = pl.concat([FRAME.with_columns(variant=pl.lit(name)) for name in ("zeta", "alpha")])
    assert [*answers(named)] == [("zeta", 0), ("alpha", 0)]


def test_a_pandas_index_names_rows_where_it_is_that_of_the_data_or_of_its_ids() -> None:
    pandas = pytest.importorskip("pandas")
    kept = SplitFrames(FRAMES, indexes={"test": pl.Series("index", ["30", "7", "12"])})
    wanted, by_index = [1, 0, 0], "predictions of 'model' on test have no ids: rows were matched by index"
    for frames, index in ((kept, [12, 30, 7]), (FRAMES, [2, 0, 1]), (FRAMES, ["z", "x", "y"])):
        series = pandas.Series(["neg", "pos", "neg"], index=index)
        for given in (series, series.to_frame("prediction"), {"test": series}):
            (one,) = read(given, frames)
            assert one.probabilities["test"].argmax(1).tolist() == wanted and one.notes == (by_index,)
    # what only counts rows, of a longer table too, and what a table had before it was cut, say nothing of these rows
    for frames, index in ((kept, [30, 7, 12]), (kept, [0, 1, 2]), (kept, [50, 51, 52]), (FRAMES, [9, 4, 40])):
        (one,) = read(pandas.Series(LABELS, index=index), frames)
        assert one.probabilities["test"].argmax(1).tolist() == wanted and "by order" in one.notes[0]
    for index, said in (([12, 30, 8], "'8' is not in that of the data"), ([12, 30, 30], "it repeats its values")):
        with pytest.raises(InputError, match=f"is of other rows: {said}; take both of the same frame"):
            read(pandas.Series(LABELS, index=index), kept)
    first, other = (sources_of(pandas.Series(LABELS, index=index))[0] for index in ([12, 30, 7], [7, 30, 12]))
    assert first.content(Path()) != other.content(Path())


def test_rows_that_cleaning_took_out_are_left_out_by_id_by_number_or_by_order() -> None:
    named = SplitFrames(FRAMES, removed={"test": pl.DataFrame({"row": ["1", "4"], "id": ["w", "q"]})})
    ids, labels = ["x", "w", "y", "z", "q"], ["pos", "neg", "neg", "neg", "pos"]
    counted = SplitFrames({"test": TEST.with_columns(id=pl.Series(["0", "1", "2"]))}, removed=named.removed)
    turned = {"id": [4, 3, 2, 1, 0], "prediction": labels[::-1]}
    for frames, given in (
        (named, {"id": ids, "prediction": labels}), (named, labels), (counted, turned),
        (counted, {"sequence": ["a", "w", "b", "c", "q"], "prediction": labels}),
    ):  # fmt: skip
        (one,) = read(given, frames)
        assert one.probabilities["test"].argmax(1).tolist() == [1, 0, 0]
        assert "2 of 5 predictions of 'model' on test are of rows that cleaning took out, and left out" in one.notes
    (one,) = read(COLUMNS, named)
    assert one.notes == ()
    for given in ({"id": [*ids, "v"], "prediction": [*labels, "pos"]}, labels[1:]):
        with pytest.raises(InputError, match=r"1 id not in the data: v|4 rows without ids for 3"):
            read(given, named)


def test_numbers_for_labels_get_the_hint_that_helps() -> None:
    for given, expected in (
        (
            SHARES[:, 1],
            r"numbers from 0 to 0.75, such as one column.*predict_proba\(X\), not \[:, 1\]",
        ),
        ([1, 0, 0], r"predictions are numbers of classes \(0, 1\).*in their sorted order.* 0 is neg, 1 is pos"),
        ({"id": ["x", "y", "z"], "p_0": [1, 0, 0], "p_1": [0, 1, 1]}, "name the columns by the classes: .*0 is neg"),
    ):
        with pytest.raises(InputError, match=expected):
            read(given)
    odd = {"train": TEST, "test": TEST.with_columns(label=pl.Series(["pos", "odd", "neg"]))}
    three = {"id": ["x", "y", "z"], **{f"p_{name}": [1 / 3] * 3 for name in ("neg", "odd", "pos")}}
    with pytest.raises(InputError, match="train has no row of odd, which another split has"):
        read(three, odd)
    with pytest.raises(InputError, match=r"2 classes \(neg, pos\); train has no row of odd"):
        read(np.full((3, 3), 1 / 3), odd)


def test_probabilities_keep_their_values() -> None:
    torch = pytest.importorskip("torch")
    ids = {"id": ["z", "x", "y"], "prediction": SHARES[[2, 0, 1]]}
    listed = pl.DataFrame({"id": ids["id"], "prediction": ids["prediction"].tolist()})
    for given in (SHARES, SHARES.astype(np.float32), SHARES.tolist(), [*SHARES], torch.tensor(SHARES), ids, listed):
        (one,) = read(given)
        assert one.probabilities["test"].tolist() == SHARES.tolist(), type(given)
        assert one.hard == frozenset()
    dev = SHARES[:2]
    assert answers({"test": [SHARES, SHARES], "dev": [dev, dev]}) == {
        ("model", seed): {"test": [1, 0, 0], "dev": [1, 0]} for seed in (0, 1)
    }


def test_labels_of_seeds_are_no_rows_of_probabilities() -> None:
    numbers = {"test": TEST.with_columns(label=pl.Series(["1", "0", "1"]))}
    found = read([[1, 0, 0], [0, 1, 0]], numbers, ("0", "1"))
    assert {one.seed: one.probabilities["test"].argmax(1).tolist() for one in found} == {0: [1, 0, 0], 1: [0, 1, 0]}


def test_files_and_objects_mix_and_columns_count_more_than_places(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    other = path.with_name("mine_2.csv")
    for one in (path, other):
        FRAME.write_csv(one)
    assert list(answers([path, FRAME])) == [("mine", 0), ("model", 0)]
    assert list(answers({"lstm": [str(path), str(other)], "gru": FRAME})) == [("lstm", 0), ("lstm", 1), ("gru", 0)]
    assert [source.is_file for source in sources_of([path, FRAME])] == [True, False]
    assert [source.is_file for source in sources_of({"lstm": path})] == [False]
    assert list(answers({"lstm": FRAME.with_columns(variant=pl.lit("net"), seed=pl.lit(5))})) == [("net", 5)]


def test_the_same_content_has_the_same_digest(forms: list[Any]) -> None:
    digests = {sources_of(given)[0].content(Path()) for given in forms[10:14]}
    changed = {sources_of(one)[0].content(Path()) for one in (FRAME.reverse(), {"a": FRAME}, FRAME[:2])}
    assert len(digests) == 1 and len(digests | changed) == 4


def test_the_order_of_classes_by_number_is_that_of_the_data_and_is_said() -> None:
    """`ClassLabel` names in their own order; as text they are sorted otherwise."""
    frames = SplitFrames({"train": TEST, "test": TEST}, numbered=["pos", "neg"])
    (one,) = read(SHARES, frames)
    assert one.probabilities["test"].tolist() == SHARES[:, ::-1].tolist()
    assert "columns of probabilities are in the order of the data's class names: pos, neg" in one.notes
    (one,) = read([0, 1, 1], frames)
    assert one.probabilities["test"].argmax(1).tolist() == [1, 0, 0]
    assert "numbers of classes are the data's class names: pos, neg" in one.notes
    (one,) = read(LABELS, frames)
    assert one.probabilities["test"].argmax(1).tolist() == [1, 0, 0] and len(one.notes) == 1


def test_numbers_that_text_sorts_otherwise_and_classes_that_train_lacks_are_refused() -> None:
    labels = [str(k) for k in range(11)]
    data = pl.DataFrame({"id": labels, "sequence": labels, "label": labels})
    with pytest.raises(InputError, match=r"as numbers the classes have another order than as text \(0, 1, 10, 2"):
        read(np.eye(11), {"test": data}, tuple(sorted(labels)))
    frames = SplitFrames({"train": TEST, "test": TEST}, numbered=["neg", "neutral", "pos"])
    with pytest.raises(InputError, match=r"3 probabilities in each row, and 2 classes \(neg, pos\); train has no row"):
        read(np.full((3, 3), 1 / 3), frames)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (LABELS[:2], "2 rows without ids for 3 rows of test; dev has 2 rows: name the split, as a column or"),
        ([*LABELS, "pos"], "4 rows without ids for 3 rows of test; give the column id"),
        (np.full((3, 4), 0.25), "predictions: 4 probabilities in each row, and 2 classes (neg, pos); give a"),
        (SHARES * 3, "a probability outside [0, 1]"),
        (np.zeros((3, 2)), "3 rows do not sum to 1"),
        (np.zeros((2, 3, 2)), "predictions: an array of shape (2, 3, 2) is no column; give one of (rows,)"),
        (np.array([["a", "b"]] * 3), "predictions: column 'prediction' holds List(String), not text"),
        (["yes", "no", "yes"], "3 rows predict a label that no split has ('yes', 'no')"),
        (["mine.csv", "other"], "mine.csv: the predictions file does not exist"),
        ({"shift_x": LABELS}, "the data has no split 'shift_x'"),
        (5, "predictions: an object of type int is not read here; give files, pandas"),
        ({}, "predictions: an empty dict is not read here"),
        ({None: FRAME}, "predictions: names must be text (got None); use names of variants or splits as keys"),
        ({"lstm": {"gru": FRAME}}, "predictions['lstm']: tables stand where one table belongs; give one frame with"),
        ({"test": {"dev": LABELS}}, "predictions['test']: tables stand where one table belongs"),
        ([[FRAME, FRAME]], "predictions[0]: tables stand where one table belongs"),
        ([["mine.csv"]], "predictions[0]: tables stand where one table belongs"),
        ({"id": [1], "prediction": [1, 2]}, "its columns have different numbers of rows (id 1, prediction 2)"),
        ({"lstm": [FRAME, 5]}, "predictions['lstm'][1]: an object of type int is not read here"),
        ({"id": [], "prediction": []}, "predictions: the predictions have no rows"),
        ({"id": ["x", "y", "z"], "prediction": ["pos", None, "neg"]},
         "column 'prediction' has 1 row without a value: the first is row 1"),
        ({"id": ["x", "y", "z"], "prediction": SHARES.tolist(), "p_pos": [0.5, 0.5, 0.5]},
         "probabilities stand twice: as lists in prediction, and in p_pos; leave one of the two out"),
    ],
)  # fmt: skip
def test_what_is_no_predictions(given: Any, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        read(given)
    assert expected in str(caught.value)


def test_nothing_given_is_no_source() -> None:
    assert sources_of(()) == sources_of([]) == sources_of(None) == ()


def test_sequences_of_other_rows_are_refused_although_ids_match() -> None:
    labels, ids = ["yn"[k % 2] for k in range(40)], [f"r{k}" for k in range(40)]
    own = [f"Word {k} and  more" for k in range(40)]
    train = {"sequence": [f"{text} of train" for text in own], "label": labels}
    data = {"train": train, "test": {"id": ids, "sequence": own, "label": labels}}

    def score(**more: list[str]) -> object:
        given = pl.DataFrame({"id": ids, "prediction": labels, **more})
        return check(data, predictions=given, progress=False).headline.score

    plain = score()
    for honest in (own, [text.upper().replace("  ", " ") for text in own], [f"{text[:6]}…" for text in own]):
        assert score(sequence=honest) == plain
    said = r"2 of 40 rows have the sequence of another row: .*'Word 39 and  more', the data 'Word 38 and  more'"
    with pytest.raises(InputError, match=said):
        score(sequence=[*own[:38], own[39], own[38]])
