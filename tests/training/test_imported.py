from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from brittlestar.core.errors import InputError
from brittlestar.training.imported import ImportedVariant, read_predictions

IDS = {"dev": ["d1", "d2"], "test": ["t1", "t2", "t3"]}
LABELS = {"dev": ["no", "yes"], "test": ["yes", "maybe", "no"]}
CLASSES = ("no", "yes")


def frames(ids: Mapping[str, Sequence[str]], labels: Mapping[str, Sequence[str]]) -> dict[str, pl.DataFrame]:
    return {
        name: pl.DataFrame({"id": ids[name], "sequence": [f"s {one}" for one in ids[name]], "label": labels[name]})
        for name in ids
    }


def read(*paths: Path, classes: Sequence[str] = CLASSES) -> tuple[ImportedVariant, ...]:
    return read_predictions(paths, frames(IDS, LABELS), classes)


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def make(content: str, name: str = "mine.csv") -> Path:
        path = tmp_path / name
        path.write_text(content.replace(" ", ""), encoding="utf-8")
        return path

    return make


FULL = """id,split,variant,seed,prediction,p_no,p_yes,label
t3,test,lstm,1,no,.9,.1,no
t1,test,lstm,1,yes,.25,.75,yes
t2,test,lstm,1,yes,.4,.6,maybe
d2,dev,lstm,1,no,.7,.3,yes
d1,dev,lstm,1,no,1,0,no
t1,test,lstm,0,no,.6,.4,yes
t2,test,lstm,0,no,.6,.4,maybe
t3,test,lstm,0,no,.6,.4,no
"""


def test_rows_come_in_the_order_of_the_data(write: Any) -> None:
    first, second = read(write(FULL))
    assert [(variant.name, variant.seed, variant.hard, variant.notes) for variant in (first, second)] == [
        ("lstm", 0, frozenset(), ()),
        ("lstm", 1, frozenset(), ()),
    ]
    assert set(first.probabilities) == {"test"} and set(second.probabilities) == {"dev", "test"}
    np.testing.assert_allclose(second.probabilities["test"], [[0.25, 0.75], [0.4, 0.6], [0.9, 0.1]], rtol=1e-6)
    np.testing.assert_allclose(second.probabilities["dev"], [[1, 0], [0.7, 0.3]], rtol=1e-6)
    assert second.probabilities["test"].dtype == np.float32


def test_without_probabilities_rows_are_one_hot(write: Any) -> None:
    (variant,) = read(write("id,split,variant,seed,prediction\nt1,test,a,0,yes\nt2,test,a,0,no\nt3,test,a,0,yes\n"))
    assert variant.hard == {"test"}
    assert variant.probabilities["test"].tolist() == [[0, 1], [1, 0], [0, 1]]


def test_split_variant_and_seed_may_be_missing(write: Any) -> None:
    rows = "id,prediction\nt1,yes\nt2,no\nt3,yes\n"
    one, two = read(write(rows, "one.csv"), write(rows, "two.csv"))
    assert [(variant.name, variant.seed, list(variant.probabilities)) for variant in (one, two)] == [
        ("one", 0, ["test"]),
        ("two", 0, ["test"]),
    ]
    with_arm = "id,variant,prediction\nt1,net,yes\nt2,net,no\nt3,net,yes\n"
    variants = read(write(with_arm, "three.csv"), write(with_arm, "four.csv"))
    assert [(variant.name, variant.seed) for variant in variants] == [("net", 0), ("net", 1)]


def test_predictions_may_be_left_to_the_probabilities(write: Any) -> None:
    (variant,) = read(write("id,p_yes,p_no\nt1,.2,.8\nt2,.3,.7\nt3,1,0\n"))
    np.testing.assert_allclose(variant.probabilities["test"], [[0.8, 0.2], [0.7, 0.3], [0, 1]], rtol=1e-6)


def test_a_tie_goes_to_the_prediction_of_the_file(write: Any) -> None:
    (variant,) = read(write("id,prediction,p_no,p_yes\nt1,yes,.5,.5\nt2,no,.5,.5\nt3,yes,.4,.6\n"))
    table = variant.probabilities["test"]
    assert table.argmax(1).tolist() == [1, 0, 1]
    np.testing.assert_allclose(table[0], [0.5, 0.5], atol=1e-7)


def test_a_label_that_train_lacks_counts_as_wrong_and_is_noted(write: Any) -> None:
    (variant,) = read(write("id,prediction\nt1,maybe\nt2,maybe\nt3,maybe\n"))
    chosen = [CLASSES[place] for place in variant.probabilities["test"].argmax(1)]
    assert all(given != truth for given, truth in zip(chosen, LABELS["test"], strict=True))
    assert variant.notes == (
        "variant 'mine', seed 0: 3 of 3 predictions on test name a label that train lacks and count as wrong",
    )


def problems(*paths: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(*paths)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("t1,yes\nt3,no", ["1 of 3 rows without a prediction: t2; predict every row of the split"]),
        ("t1,yes\nt2,no\nt3,no\nt9,no\nt8,no", ["2 ids not in the data: t9, t8 (lines 5, 6); check that"]),
        ("t1,yes\nt2,no\nt3,no\nt3,yes", ["1 duplicate id: t3 (lines 4, 5); one row for each id"]),
        ("t1,yes\nt1,no\nt7,no",
         ["duplicate id: t1", "2 of 3 rows without a prediction: t2, t3", "1 id not in the data: t7 (line 4)"]),
        ("t1,yse\nt2,no\nt3,no",
         ["1 row predicts a label that no split has ('yse'), with id: t1 (line 2); did you mean 'yes'?"]),
    ],
)  # fmt: skip
def test_mismatches_are_refused_with_the_ids(write: Any, rows: str, expected: list[str]) -> None:
    found = problems(write(f"id,prediction\n{rows}\n"))
    assert len(found) == len(expected)
    for one, text in zip(found, expected, strict=True):
        assert text in one and "mine.csv, variant 'mine', seed 0, split 'test'" in one


def test_ten_ids_are_shown_and_all_are_counted(write: Any) -> None:
    rows = "\n".join(f"x{place},yes" for place in range(25))
    (found,) = problems(write(f"id,prediction\nt1,yes\nt2,no\nt3,no\n{rows}\n"))
    assert "25 ids not in the data: x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, … (lines 5, 6, 7 and 22 more)" in found


def test_duplicates_are_found_across_files(write: Any) -> None:
    rows = "id,variant,seed,prediction\nt1,a,0,yes\nt2,a,0,no\nt3,a,0,no\n"
    (found,) = problems(write(rows, "one.csv"), write(rows, "two.csv"))
    assert "3 duplicate ids: t1, t2, t3 (" in found and "one.csv: lines 2, 3, 4; " in found


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
    ("content", "expected"),
    [
        ("id,prediction,p_no\nt1,yes,.5\n", "the columns ['p_yes'] are missing beside ['p_no']"),
        ("id,prediction,p_no,p_yes,p_perhaps\nt1,yes,.5,.5,0\n", "the columns ['p_perhaps'] name no class of train"),
        ("id,p_no,p_yes\nt1,x,.5\n", "column 'p_no' has 1 row without a number: the first is line 2, 'x'"),
    ],
)
def test_files_that_cannot_be_read(write: Any, content: str, expected: str) -> None:
    (found,) = problems(write(content))
    assert expected in found and "mine.csv" in found


def test_problems_of_all_files_come_together(write: Any, tmp_path: Path) -> None:
    found = problems(write("x,y\n1,2\n", "one.csv"), tmp_path / "none.csv")
    assert len(found) == 2 and "none.csv: the predictions file does not exist" in found[1]


@pytest.mark.parametrize(
    ("given", "data", "hint"),
    [("1.0", ("0", "1"), "write '1', as the data does"), ("true", ("False", "True"), "write 'True', as the data does")],
)
def test_a_class_in_another_spelling_is_recognised(write: Any, given: str, data: tuple[str, str], hint: str) -> None:
    with pytest.raises(InputError) as caught:
        read_predictions([write(f"id,prediction\n0,{given}\n")], frames({"test": ["0"]}, {"test": [data[1]]}), data)
    assert f"('{given}'), with id: 0 (line 2); {hint}" in str(caught.value)


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
def test_columns_that_hold_what_the_data_have_are_found(write: Any, rows: str, told: set[str], tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(rows, encoding="utf-8")
    (found,) = read(path)
    assert found.probabilities["test"].argmax(axis=1).tolist() == [1, 0, 0]
    assert all(any(one in note for note in found.notes) for one in told)


def test_a_column_of_ids_is_never_passed_over_for_order(write: Any) -> None:
    lacking, strange = problems(write("ticket,prediction\nt3,no\nt1,yes\nt9,no\n"))
    assert "1 of 3 rows without a prediction: t2" in lacking and "1 id not in the data: t9 (line 4)" in strange
