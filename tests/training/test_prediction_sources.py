"""Given predictions as objects of Python: one table, a list for seeds, a mapping for variants."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from brittlestar.core.errors import InputError
from brittlestar.training.imported import read_predictions
from brittlestar.training.prediction_sources import sources_of

FRAMES = {"test": pl.DataFrame({"id": ["0", "1", "2"], "sequence": ["a", "b", "c"], "label": ["1", "0", "1"]})}
COLUMNS = {"id": [0, 1, 2], "prediction": [1, 0, 1]}
FRAME = pl.DataFrame(COLUMNS)


def read(given: Any) -> dict[tuple[str, int], list[int]]:
    variants = read_predictions(sources_of(given), FRAMES, ("0", "1"))
    return {(variant.name, variant.seed): variant.probabilities["test"].argmax(1).tolist() for variant in variants}


def tables() -> list[Any]:
    pandas = pytest.importorskip("pandas")
    arrow = pytest.importorskip("pyarrow")
    table = arrow.table(COLUMNS)
    return [
        FRAME,
        FRAME.lazy(),
        pandas.DataFrame(COLUMNS),
        table,
        FRAME.to_dicts(),
        [{"id": np.int64(k), "prediction": np.int64(k != 1)} for k in range(3)],
        COLUMNS,
        {"id": np.arange(3), "prediction": np.array([1, 0, 1], np.int8)},
        {"id": FRAME["id"], "prediction": FRAME["prediction"]},
        {"id": pandas.Series([0, 1, 2]), "prediction": pandas.Series(["1", "0", "1"])},
        {"id": table["id"], "prediction": table["prediction"]},
    ]


def test_one_table_in_every_form() -> None:
    for given in tables():
        assert read(given) == {("model", 0): [1, 0, 1]}, type(given)


def test_a_list_has_one_for_each_seed_and_a_mapping_one_for_each_variant() -> None:
    for given in tables():
        assert read([given, given]) == {("model", 0): [1, 0, 1], ("model", 1): [1, 0, 1]}, type(given)
        named = {"lstm": given, "gru": [given, given]}
        assert list(read(named)) == [("gru", 0), ("gru", 1), ("lstm", 0)], type(given)


def test_files_and_objects_mix(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    FRAME.write_csv(path)
    other = path.with_name("mine_2.csv")
    FRAME.write_csv(other)
    assert list(read([path, FRAME])) == [("mine", 0), ("model", 0)]
    assert list(read({"lstm": str(path), "gru": FRAME})) == [("gru", 0), ("lstm", 0)]
    assert list(read({"lstm": [str(path), str(other)]})) == [("lstm", 0), ("lstm", 1)]
    assert [one.is_file for one in sources_of([path, FRAME])] == [True, False]
    assert [one.is_file for one in sources_of({"lstm": path})] == [False]


def test_columns_of_variant_and_seed_count_more_than_the_place() -> None:
    whole = FRAME.with_columns(variant=pl.lit("net"), seed=pl.lit(5))
    assert list(read({"lstm": whole})) == [("net", 5)]


def test_the_same_content_has_the_same_digest() -> None:
    digests = [sources_of(given)[0].content(Path()) for given in tables()[:3]]
    assert len(set(digests)) == 1
    changed = [sources_of(one)[0].content(Path()) for one in (FRAME.reverse(), {"a": FRAME}, FRAME[:2])]
    assert len({*digests, *changed}) == 4


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (np.array([1, 0]), "2 rows without ids for 3 rows of test; give the column id or the sequences, or predict"),
        (np.zeros((4, 2)), "4 rows without ids for 3 rows of test"),
        (np.full((3, 3), 1 / 3), "predictions: 3 probabilities in each row, and 2 classes (0, 1); give a column for"),
        (np.zeros((3, 2)), "3 rows do not sum to 1"),
        (np.zeros((2, 2, 2, 2)), "predictions: an array of shape (2, 2, 2, 2) is no predictions; give labels (rows,)"),
        (np.array([["a", "b"]] * 3), "predictions: an array of shape (3, 2) holds no numbers (<U1)"),
        (["yes", "no", "yes"], "3 rows predict a label that no split has ('yes', 'no')"),
        (["mine.csv", "other"], "mine.csv: the predictions file does not exist"),
        ({"test": [1, 0, 1], "dev": [1]}, "the data has no split 'dev'"),
        (5, "objects of type int are no predictions"),
        ({}, "predictions: an empty dict is no predictions"),
        ({None: FRAME}, "predictions: None is neither a variant nor a split; use names of variants"),
        ({3: FRAME}, "3 is neither a variant nor a split; use names of variants or splits as keys; of seeds, give one"),
        ({"lstm": {"test": FRAME}}, "predictions['lstm']: tables stand where one table belongs; give one frame with"),
        ([{"test": [1, 0, 1]}], "predictions[0]: tables stand where one table belongs"),
        ([[FRAME, FRAME]], "predictions[0]: tables stand where one table belongs"),
        ([["mine.csv"]], "predictions[0]: tables stand where one table belongs"),
        (np.zeros((2, 3, 2)), "an array of shape (2, 3, 2) is no predictions; give labels (rows,), probabilities"),
        ([[np.zeros((3, 2))]], "predictions[0]: an array of shape (1, 3, 2) is no predictions"),
        ({"id": [1], "prediction": [1, 2]}, "its columns have different numbers of rows (id 1, prediction 2)"),
        ({"lstm": [FRAME, 5]}, "predictions['lstm'][1]: objects of type int are no predictions"),
        ({"id": [], "prediction": []}, "predictions: the predictions have no rows"),
        ({"id": [0, 1, 2], "prediction": np.zeros((3, 2))}, "3 rows do not sum to 1"),
        ({"id": [0, 1, 2], "prediction": [1, None, 1]},
         "column 'prediction' has 1 row without a value: the first is row 1"),
    ],
)  # fmt: skip
def test_what_is_no_predictions(given: Any, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        read(given)
    assert expected in str(caught.value)


def test_nothing_given_is_no_source() -> None:
    assert sources_of(()) == sources_of([]) == sources_of(None) == ()
