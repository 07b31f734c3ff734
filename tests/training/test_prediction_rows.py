"""Predictions without ids, and what does not fit."""

from typing import Any

import polars as pl
import pytest

from brittlestar.core.errors import InputError, Problem
from brittlestar.training.imported import ImportedVariant, read_predictions
from brittlestar.training.prediction_header import Complaints, join_seeds
from brittlestar.training.prediction_sources import sources_of

LABELS = ["1", "0", "1"]
UNIQUE = {"test": pl.DataFrame({"id": ["x", "y", "z"], "sequence": ["a b", "b", ""], "label": LABELS})}
REPEATED = {"test": UNIQUE["test"].with_columns(sequence=pl.Series(["a", "a", "c"]))}
LISTS = {"test": UNIQUE["test"].with_columns(sequence=pl.Series([["a", "b"], ["b"], []]))}


def read(columns: dict[str, list[Any]], frames: dict[str, pl.DataFrame]) -> ImportedVariant:
    (variant,) = read_predictions(sources_of(columns), frames, ("0", "1"))
    return variant


def predicted(variant: ImportedVariant) -> list[int]:
    return variant.probabilities["test"].argmax(1).tolist()


@pytest.mark.parametrize("frames", [UNIQUE, LISTS])
def test_unique_sequences_find_their_rows_in_any_order(frames: dict[str, pl.DataFrame]) -> None:
    variant = read({"sequence": ["", "a b", "b"], "prediction": [1, 0, 0]}, frames)
    assert predicted(variant) == [0, 0, 1]
    assert variant.notes == ("predictions of 'model' on test have no ids: rows were matched by sequence",)


def test_sequences_may_be_lists_or_missing() -> None:
    assert predicted(read({"sequence": [["b"], [], ["a", "b"]], "prediction": [1, 0, 0]}, UNIQUE)) == [0, 1, 0]
    assert predicted(read({"sequence": [None, "a b", "b"], "prediction": [1, 0, 0]}, UNIQUE)) == [0, 0, 1]


@pytest.mark.parametrize(
    ("columns", "how"),
    [
        ({}, "order alone"),
        ({"label": LABELS}, "order and their labels agree"),
        ({"sequence": ["a", "a", "c"]}, "order and their sequences agree"),
        ({"sequence": ["a", "a", "c"], "label": LABELS}, "order and their sequences and labels agree"),
    ],
)
def test_rows_in_order_say_what_agrees(columns: dict[str, list[Any]], how: str) -> None:
    variant = read({"prediction": [1, 1, 0], **columns}, REPEATED)
    assert predicted(variant) == [1, 1, 0]
    assert variant.notes == (f"predictions of 'model' on test have no ids: rows were matched by {how}",)


@pytest.mark.parametrize(
    ("columns", "frames", "expected"),
    [
        ({"sequence": ["b", "a b", "zz"]}, UNIQUE, "1 sequence not in the data: zz (row 2)"),
        ({"sequence": ["b", "b", ""]}, UNIQUE, "1 duplicate sequence: b (rows 0, 1)"),
        ({"sequence": ["b", ""]}, UNIQUE, "1 of 3 rows without a prediction: a b"),
        ({"sequence": ["a", "c", "a"]}, REPEATED,
         "2 rows have other sequences than the data: row 1 has 'c', the data 'a'"),
        ({"sequence": ["a", "c"]}, REPEATED, "2 rows without ids for 3 rows of test; sequences of test repeat"),
        ({}, UNIQUE, "4 rows without ids for 3 rows of test; give the column id or the sequences"),
        ({"label": ["1", "1", "1"]}, UNIQUE, "1 row has another label than the data: row 1 has '1', the data '0'"),
        ({"sequence": ["", "a b", "b"], "label": LABELS}, UNIQUE,
         "2 rows have another label than the data: row 1 has '0'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_the_first_rows(
    columns: dict[str, list[Any]], frames: dict[str, pl.DataFrame], expected: str
) -> None:
    n_rows = len(next(iter(columns.values()), [0] * 4))
    with pytest.raises(InputError) as caught:
        read({"prediction": [1] * n_rows, **columns}, frames)
    assert any(expected in str(problem) for problem in caught.value.problems), str(caught.value)


def test_files_of_one_variant_and_seed_have_the_same_columns() -> None:
    one = {"id": ["x"], "seed": [0], "prediction": [1]}
    two = {"sequence": ["b", ""], "seed": [0, 0], "prediction": [1, 1]}
    with pytest.raises(InputError, match=r"its files differ in columns: some rows have no id, sequence \(rows 0, 1\)"):
        read_predictions(sources_of([one, two]), UNIQUE, ("0", "1"))
    labelled = {"id": ["y", "z"], "seed": [0, 0], "prediction": [1, 1], "label": ["1", "1"]}
    with pytest.raises(InputError, match="1 row has another label than the data: row 0 has '1', the data '0'"):
        read_predictions(sources_of([one, labelled]), UNIQUE, ("0", "1"))


# What does not fit is said once, and no longer than a person reads


def test_what_is_wrong_with_several_seeds_is_said_once() -> None:
    lost = [
        Problem("2 ids not in the data: a, b (lines 2, 3)", f"p.csv, variant 'p', seed {k}, split 'test'")
        for k in (0, 4)
    ]
    files = [
        Problem("1 id not in the data: c (line 9)", f"p{k}.csv, variant 'q', seed {k}, split 'dev'") for k in (1, 2, 3)
    ]
    alone = [
        Problem("2 ids not in the data: a, b (lines 2, 3)", "p.csv, variant 'p', seed 0, split 'dev'"),
        Problem("1 id not in the data: d (line 9)", "p1.csv, variant 'q', seed 1, split 'dev'"),
        Problem("it has no column for the prediction", "x.csv"),
        Problem("it has no column for the prediction", "y.csv"),
    ]
    assert join_seeds([*lost, *alone, *files]) == [
        Problem(lost[0].what, "p.csv, variant 'p', seed 0 and 1 more, split 'test'"),
        *alone,
        Problem(files[0].what, "p1.csv, variant 'q', seed 1 and 2 more, split 'dev'"),
    ]


def test_long_names_are_fewer() -> None:
    told = Complaints({})
    told.refuse(pl.DataFrame({"id": [f"r{k}" for k in range(20)]}), ("row", "rows"), "x", "")
    told.refuse(
        pl.DataFrame({"id": [f"this is a whole sentence, number {k}" for k in range(20)]}), ("row", "rows"), "x", ""
    )
    assert told.problems[0].what == f"20 rows: {', '.join(f'r{k}' for k in range(10))}, …"
    assert told.problems[1].what.count("sentence") == 3 and told.problems[1].what.endswith(", …")
