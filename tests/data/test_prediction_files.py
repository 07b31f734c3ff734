"""Given predictions in files: formats, names of columns, rows that are matched, and what does not fit."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from brittlestar.core.errors import InputError, Problem
from brittlestar.data.predictions.places import Place, join_seeds
from brittlestar.data.predictions.runs import read_predictions
from brittlestar.data.predictions.sources import sources_of
from brittlestar.study.settings import Columns

CLASSES = ("no", "yes")
LABELS = {"dev": ["no", "yes"], "test": ["yes", "maybe", "no"]}


def frame(split: str, **changed: Any) -> pl.DataFrame:
    ids = [f"{split[0]}{k}" for k in range(1, 1 + len(LABELS[split]))]
    return pl.DataFrame({"id": ids, "sequence": [f"s {one}" for one in ids], "label": LABELS[split], **changed})


FRAMES = {name: frame(name) for name in LABELS}
REPEATED = {"test": frame("test", sequence=["a", "a", "c"])}
LISTS = {"test": frame("test", sequence=[["s", "t1"], ["s", "t2"], ["s", "t3"]])}


def read(
    *given: Any, frames: Mapping[str, pl.DataFrame] = FRAMES, classes: Sequence[str] = CLASSES, **more: Any
) -> Any:
    sources = [source for each in given for source in sources_of(each)]
    return tuple(read_predictions(sources, frames, classes, **more).values())


def problems(*given: Any, **more: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(*given, **more)
    return [str(problem) for problem in caught.value.problems]


def answers(one: Any, split: str = "test") -> list[str]:
    return [CLASSES[k] for k in one.probabilities[split].argmax(1)]


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def make(content: str, name: str = "mine.csv") -> Path:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return make


FULL = """id,split,variant,seed,prediction,p_no,p_yes,label
t3,test,lstm,1,no,.9,.1,no
t1,test,lstm,1,yes,.25,.75,yes
t2,test,lstm,1,yes,.4,.6,maybe
d2,validation,lstm,1,no,.7,.3,yes
d1,validation,lstm,1,no,1,0,no
t1,test,lstm,0,no,.6,.4,yes
t2,test,lstm,0,no,.6,.4,maybe
t3,test,lstm,0,no,.6,.4,no
"""


def test_rows_come_in_the_order_of_the_data(write: Any) -> None:
    first, second = read(write(FULL))
    assert [(one.seed, one.hard, one.notes) for one in (first, second)] == [(k, frozenset(), ()) for k in (0, 1)]
    assert set(first.probabilities) == {"test"} and set(second.probabilities) == {"dev", "test"}
    np.testing.assert_allclose(second.probabilities["test"], [[0.25, 0.75], [0.4, 0.6], [0.9, 0.1]], rtol=1e-6)
    np.testing.assert_allclose(second.probabilities["dev"], [[1, 0], [0.7, 0.3]], rtol=1e-6)
    assert second.probabilities["test"].dtype == np.float32


def test_most_columns_may_be_missing(write: Any) -> None:
    rows = "id,prediction\nt1,yes\nt2,no\nt3,yes\n"
    one, two = read(write(rows, "one.csv"), write(rows, "two.csv"))
    assert [(found.seed, list(found.probabilities), found.hard) for found in (one, two)] == [
        (0, ["test"], {"test"})
    ] * 2
    assert answers(one) == ["yes", "no", "yes"]
    named = "id,variant,prediction\nt1,net,yes\nt2,net,no\nt3,net,yes\n"
    assert [found.seed for found in read(write(named, "three.csv"), write(named, "four.csv"))] == [0, 1]
    assert [found.seed for found in read(write(rows, "mine_3.csv"), write(rows, "mine_7.csv"))] == [0, 1]
    (found,) = read(write("id,p_yes,p_no\nt1,.2,.8\nt2,.3,.7\nt3,1,0\n"))
    np.testing.assert_allclose(found.probabilities["test"], [[0.8, 0.2], [0.7, 0.3], [0, 1]], rtol=1e-6)
    (found,) = read(write("prediction\nyes\nno\n"), frames={"dev": FRAMES["dev"]})
    assert list(found.probabilities) == ["dev"]


def test_a_tie_goes_to_the_prediction_of_the_file(write: Any) -> None:
    (found,) = read(write("id,prediction,p_no,p_yes\nt1,yes,.5,.5\nt2,no,.5,.5\nt3,yes,.4,.6\n"))
    assert answers(found) == ["yes", "no", "yes"]
    np.testing.assert_allclose(found.probabilities["test"][0], [0.5, 0.5], atol=1e-7)


def test_a_label_that_train_lacks_counts_as_wrong_and_is_noted(write: Any) -> None:
    (found,) = read(write("id,prediction\nt1,maybe\nt2,maybe\nt3,maybe\n"))
    assert all(given != truth for given, truth in zip(answers(found), LABELS["test"], strict=True))
    sentence = "3 of 3 predictions on test name a label that train lacks and count as wrong"
    assert found.notes == (f"variant 'mine', seed 0: {sentence}",)


@pytest.mark.parametrize("name", ["p.csv", "bom.csv", "p.tsv", "p.parquet", "p.pq", "p.jsonl", "p.ndjson"])
def test_every_format_of_data_is_one_of_predictions(name: str, tmp_path: Path) -> None:
    path, table = tmp_path / name, pl.DataFrame({"id": ["t3", "t1", "t2"], "prediction": ["no", "yes", "yes"]})
    if path.suffix in (".csv", ".tsv"):
        table.write_csv(path, include_bom=path.stem == "bom", separator="\t" if path.suffix == ".tsv" else ",")
    else:
        (table.write_ndjson if "json" in path.suffix else table.write_parquet)(path)
    (found,) = read(path)
    assert answers(found) == ["yes", "yes", "no"] and found.notes == ()


NUMBERS = {"test": pl.DataFrame({"id": ["0", "1", "2"], "sequence": ["a", "b", "c"], "label": ["1", "0", "1"]})}


@pytest.mark.parametrize(
    ("ids", "predictions"),
    [
        (pl.Series([0.0, 1.0, 2.0]), pl.Series([1.0, 0.0, 1.0])),
        (pl.Series([0, 1, 2], dtype=pl.UInt8), pl.Series([1, 0, 1], dtype=pl.Int16)),
        (pl.Series(["0", "1", "2"], dtype=pl.Categorical), pl.Series(["1", "0", "1"], dtype=pl.Categorical)),
    ],
)
def test_numbers_and_categories_are_read_as_those_of_the_data(ids: pl.Series, predictions: pl.Series) -> None:
    (found,) = read(pl.DataFrame({"id": ids, "prediction": predictions}), frames=NUMBERS, classes=("0", "1"))
    assert found.probabilities["test"].argmax(1).tolist() == [1, 0, 1]


def test_columns_are_named_by_role_or_as_in_the_data(write: Any) -> None:
    path = write("uid,pred,prediction,run,yes,p_no\nt1,yes,x,4,.9,.1\nt2,no,x,4,.1,.9\nt3,yes,x,4,.8,.2\n")
    names = {"id": "uid", "prediction": "pred", "seed": "run", "p_yes": "yes"}
    (found,) = read(path, columns=names)
    assert found.seed == 4 and found.hard == frozenset()
    assert found.probabilities["test"][:, 1].tolist() == pytest.approx([0.9, 0.1, 0.8])
    assert found.notes == ("columns of the predictions that are not read: prediction",)
    path = write("key,prediction,target\nt1,yes,yes\nt2,no,maybe\nt3,yes,no\n")
    (found,) = read(path, data_columns=Columns(id="key", label="target"))
    assert answers(found) == ["yes", "no", "yes"] and found.notes == ()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            "doc,prediction,gold\nt3,no,no\nt1,yes,yes\nt2,no,maybe\n",
            {"'doc' holds the ids", "'gold' holds the labels"},
        ),
        ("prediction,what\nno,s t3\nyes,s t1\nno,s t2\n", {"'what' holds the sequences"}),
    ],
)
def test_columns_that_hold_what_the_data_have_are_found(write: Any, rows: str, told: set[str]) -> None:
    (found,) = read(write(rows))
    assert answers(found) == ["yes", "no", "no"]
    assert all(any(one in note for note in found.notes) for one in told)


def test_a_column_of_ids_is_never_passed_over_for_order(write: Any) -> None:
    lacking, strange = problems(write("ticket,prediction\nt3,no\nt1,yes\nt9,no\n"))
    assert "1 of 3 rows without a prediction: t2" in lacking and "1 id not in the data: t9 (line 4)" in strange


# Rows without ids


@pytest.mark.parametrize("frames", [FRAMES, LISTS])
def test_unique_sequences_find_their_rows_in_any_order(frames: dict[str, pl.DataFrame]) -> None:
    for sequences in (["s t3", "s t1", "s t2"], [["s", "t3"], ["s", "t1"], ["s", "t2"]]):
        (found,) = read({"sequence": sequences, "prediction": ["no", "yes", "no"]}, frames=frames)
        assert answers(found) == ["yes", "no", "no"]
        assert found.notes == ("predictions of 'model' on test have no ids: rows were matched by sequence",)


@pytest.mark.parametrize(
    ("columns", "how"),
    [
        ({}, "order alone"),
        ({"label": LABELS["test"]}, "order and their labels agree"),
    ],
)
def test_rows_in_order_say_what_agrees(columns: dict[str, list[Any]], how: str) -> None:
    (found,) = read({"prediction": ["yes", "yes", "no"], **columns}, frames=REPEATED)
    assert answers(found) == ["yes", "yes", "no"]
    assert found.notes == (f"predictions of 'model' on test have no ids: rows were matched by {how}",)


@pytest.mark.parametrize("labels", [{}, {"label": ["yes", "no", "maybe"]}])
def test_repeated_sequences_alone_are_matched_by_their_order(labels: dict[str, list[str]]) -> None:
    (found,) = read({"sequence": ["a", "c", "a"], "prediction": ["yes", "yes", "no"], **labels}, frames=REPEATED)
    assert answers(found) == ["yes", "no", "yes"]
    how = "rows were matched by sequence, 2 of repeated ones by their order"
    assert found.notes == (f"predictions of 'model' on test have no ids: {how}",)


# Predictions that abstain


def test_a_prediction_that_abstains_is_wrong_with_and_without_probabilities(write: Any) -> None:
    hard = write("id,prediction\nt1,unsure\nt2,maybe\nt3,no\n", "hard.csv")
    soft = write("id,prediction,p_no,p_yes\nt1,unsure,.4,.6\nt2,yes,.2,.8\nt3,unsure,.9,.1\n", "soft.csv")
    notes = problems(hard)
    assert "a label that no split has ('unsure')" in notes[0] and "--abstain unsure" in notes[0]
    first, second = read(hard, soft, abstain="unsure")
    assert answers(first) == ["no", "no", "no"]
    assert first.notes[0].endswith("1 of 3 predictions on test abstain and count as wrong")
    assert first.notes[1].endswith("1 of 3 predictions on test name a label that train lacks and count as wrong")
    assert answers(second) == ["no", "yes", "yes"] and not second.hard
    assert second.probabilities["test"] == pytest.approx(np.array([[0.5, 0.5], [0.2, 0.8], [0.5, 0.5]]))
    assert second.notes == ("variant 'soft', seed 0: 2 of 3 predictions on test abstain and count as wrong",)


def test_an_answer_that_never_occurs_is_said_to_abstain_from_nothing(write: Any) -> None:
    (one, _) = read(write(FULL), abstain="unsure")
    assert "no prediction is 'unsure', so none abstains" in one.notes


def test_a_label_of_the_data_cannot_abstain(write: Any) -> None:
    assert "'maybe' is a label of the data" in problems(write("id,prediction\nt1,yes\n"), abstain="maybe")[0]


@pytest.mark.parametrize(
    ("columns", "frames", "expected"),
    [
        ({"sequence": ["s t2", "s t1", "zz"]}, FRAMES, "1 sequence not in the data: zz (row 2)"),
        ({"sequence": ["s t2", "s t2", "s t3"]}, FRAMES, "1 duplicate sequence: s t2 (rows 0, 1)"),
        ({"sequence": ["a", "c", "a"], "label": ["maybe", "no", "yes"]}, REPEATED,
         "2 rows have another label than the data: row 0 has 'maybe', the data 'yes'"),
        ({"sequence": ["a", "c"]}, REPEATED, "1 of 3 rows without a prediction: a"),
        ({"sequence": ["a", "c", "c"]}, REPEATED, "1 duplicate sequence: c (rows 1, 2)"),
        ({}, FRAMES, "4 rows without ids for 3 rows of test; give the column id or the sequences"),
        ({"label": ["yes", "yes", "no"]}, FRAMES,
         "1 row has another label than the data: row 1 has 'yes', the data 'maybe'"),
    ],
)  # fmt: skip
def test_rows_without_ids_that_do_not_fit_are_refused(
    columns: dict[str, list[Any]], frames: dict[str, pl.DataFrame], expected: str
) -> None:
    n_rows = len(next(iter(columns.values()), [0] * 4))
    notes = problems({"prediction": ["yes"] * n_rows, **columns}, frames=frames)
    assert any(expected in note for note in notes), notes


# What is refused, with rows and lines


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("t1,yes\nt3,no", ["1 of 3 rows without a prediction: t2; predict every row of the split"]),
        ("t1,yes\nt2,no\nt3,no\nt9,no\nt8,no", ["2 ids not in the data: t9, t8 (lines 5, 6); check that"]),
        ("t1,yes\nt1,no\nt7,no", ["1 duplicate id: t1 (lines 2, 3); one row for each id",
         "2 of 3 rows without a prediction: t2, t3", "1 id not in the data: t7 (line 4)"]),
        ("t1,yse\nt2,no\nt3,no",
         ["1 row predicts a label that no split has ('yse'), with id: t1 (line 2); did you mean 'yes'?"]),
    ],
)  # fmt: skip
def test_mismatches_are_refused_with_the_ids(write: Any, rows: str, expected: list[str]) -> None:
    found = problems(write(f"id,prediction\n{rows}\n"))
    assert len(found) == len(expected)
    for one, text in zip(found, expected, strict=True):
        assert text in one and "mine.csv, variant 'mine', seed 0, split 'test'" in one


def test_a_few_names_are_shown_and_all_are_counted(write: Any) -> None:
    rows = "\n".join(f"x{place},yes" for place in range(25))
    (found,) = problems(write(f"id,prediction\nt1,yes\nt2,no\nt3,no\n{rows}\n"))
    assert "25 ids not in the data: x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, … (lines 5, 6, 7 and 22 more)" in found
    rows = pl.DataFrame({"id": [f"this is a whole sentence, number {k}" for k in range(20)]})
    (told,) = Place("", {}).find_problems(rows, ("", "rows"), "")
    assert told.what.count("sentence") == 3 and told.what.endswith(", …")


def test_several_files_of_one_variant_and_seed(write: Any) -> None:
    rows = "id,variant,seed,prediction\nt1,a,0,yes\nt2,a,0,no\nt3,a,0,no\n"
    (found,) = problems(write(rows, "one.csv"), write(rows, "two.csv"))
    assert "3 duplicate ids: t1, t2, t3 (" in found and "one.csv: lines 2, 3, 4; " in found
    one = {"id": ["t1"], "seed": [0], "prediction": ["yes"]}
    two = {"sequence": ["s t2", "s t3"], "seed": [0, 0], "prediction": ["no", "no"]}
    (found,) = problems([one, two])
    assert "some of its rows have no id, sequence (rows 0, 1)" in found


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("t1,yes,.3,.7,yes\nt2,no,.7,.3,maybe\nt3,no,.7,.3,yes",
         "1 row has another label than the data: line 4 has 'yes', the data 'no'"),
        ("t1,yes,.3,.9,yes\nt2,no,.7,.3,maybe\nt3,no,.7,.3,no", "1 row does not sum to 1: t1 (line 2); normalise"),
        ("t1,yes,-1,2,yes\nt2,no,.7,.3,maybe\nt3,no,nan,.3,no",
         "2 rows have a probability outside [0, 1]: t1, t3 (lines 2, 4)"),
        ("t1,no,.3,.7,yes\nt2,no,.7,.3,maybe\nt3,no,.7,.3,no",
         "1 row predicts another class than its most probable: t1 (line 2)"),
    ],
)  # fmt: skip
def test_contradictions_are_refused_with_the_ids(write: Any, rows: str, expected: str) -> None:
    (found,) = problems(write(f"id,prediction,p_no,p_yes,label\n{rows}\n"))
    assert expected in found


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("p.csv", "", "p.csv: the predictions cannot be read: is empty (0 bytes)"),
        ("p.csv", "id,prediction\n", "p.csv: the predictions have no rows"),
        ("p.csv", "id|prediction\nt1|yes\n", "its fields look separated by '|'"),
        ("p.csv", "id;prediction,note\nt1;yes,x\n", "p.csv:1: the predictions cannot be read: the header can be sep"),
        ("p.csv", "id,id,prediction\nt1,t1,yes\n", "p.csv: two columns are named 'id'"),
        ("p.csv", "id,prediction\nt1,yes\nt2,\nt3,no\n", "p.csv:3: column 'prediction' has 1 row without a value"),
        ("p.csv", "id,prediction,seed\nt1,yes,1.5\n", "p.csv:2: column 'seed' has 1 row without a whole number from 0"),
        ("p.csv", "id,split,prediction\nt1,tset,yes\n", "the data has no split 'tset' (line 2); did you mean 'test'?"),
        ("p.csv", "id,prediction,p_no\nt1,yes,.5\n", "the columns ['p_yes'] are missing beside ['p_no']"),
        ("p.csv", "id,prediction,p_no,p_yes,p_x\nt1,yes,.5,.5,0\n", "the columns ['p_x'] name no class of train"),
        ("p.csv", "id,p_no,p_yes\nt1,x,.5\n", "column 'p_no' has 1 row without a number: the first is line 2, 'x'"),
        ("p.csv", "id,prediction,p_no,p_yes\nt1,yes,,\nt2,no,1,0\nt3,no,1,0\n", "rows have no p_no, p_yes (line 2"),
        ("p.csv", "id,prediction,p_no,p_yes\nt1,yes,,\nt2,no,1,\n", "column 'p_yes' has 1 row without a number"),
        ("p.csv", "id,pred\nt1,yes\n", "there is no column 'prediction'; did you mean 'pred'? --preds-columns pre"),
        ("p.txt", "id,prediction\nt1,yes\n", "'.txt' is no format that is read; use .csv, .tsv, .parquet, .jsonl"),
        ("p.jsonl", '{"id": "t1", "prediction": [1]}\n', "1 probability in each row, and 2 classes (no, yes)"),
        ("p.jsonl", '{"id": "t1", "prediction": "no"}\n\n{"id": 1}\n', "p.jsonl:3: column 'prediction' has 1 row with"),
        ("p.parquet", "PAR1", "is not a readable Parquet file"),
    ],
)
def test_what_cannot_be_read_is_said_with_file_and_line(write: Any, name: str, content: str, expected: str) -> None:
    notes = problems(write(content, name))
    assert any(expected in note for note in notes), notes


@pytest.mark.parametrize(
    ("given", "data", "hint"),
    [
        ("0,1.0", ("0", "1"), "write '1', as the data does"),
        ("0,true", ("False", "True"), "write 'True', as the data does"),
        ("0.0,1", ("0", "1"), "write ids as the data does: 0, not 0.0"),
        ("x,1", ("0", "1"), "ids of these data are row numbers from 0 to 0"),
    ],
)
def test_another_spelling_is_recognised(write: Any, given: str, data: tuple[str, str], hint: str) -> None:
    frames = {"test": pl.DataFrame({"id": ["0"], "sequence": ["a"], "label": [data[1]]})}
    notes = problems(write(f"id,prediction\n{given}\n"), frames=frames, classes=data)
    assert any(hint in note for note in notes), notes


def test_names_that_are_not_there_are_refused_with_those_that_are(write: Any) -> None:
    (told,) = problems(write("id,pred\nt1,yes\n"), columns={"prediction": "prd"})
    assert "there is no column 'prd', which --preds-columns names as prediction; it has id, pred; did you mean" in told
    (told,) = problems(write("id,pred\nt1,yes\n"), columns={"prediction": "pred", "p_7": "id"})
    assert "--preds-columns: p_7 names no class of train (no, yes)" in told


def test_problems_of_all_files_come_together(write: Any, tmp_path: Path) -> None:
    found = problems(write("x,y\n1,2\n", "one.csv"), tmp_path / "none.csv")
    assert len(found) == 2 and "none.csv: the predictions file does not exist" in found[1]


def test_what_is_wrong_with_several_seeds_is_said_once() -> None:
    what = "1 id not in the data: c (line 9)"
    files = [Problem(what, f"p{k}.csv, variant 'q', seed {k}, split 'dev'") for k in (1, 2, 3)]
    others = [
        Problem(what, "p.csv, variant 'q', seed 0, split 'test'"),
        Problem("it has no column for the prediction", "x.csv"),
        Problem("it has no column for the prediction", "y.csv"),
    ]
    assert join_seeds([*others, *files]) == [
        *others, Problem(what, "p1.csv, variant 'q', seed 1 and 2 more, split 'dev'")
    ]  # fmt: skip
