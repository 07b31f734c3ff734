"""What is stored of a split, read back as claims need it: from files that are written by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from brittlestar.core.answers import Answers, Rows
from brittlestar.core.hashing import parquet_bytes
from brittlestar.core.results import SplitAnswers, StudyRecord
from brittlestar.store.audit_document import write_answers
from brittlestar.store.layout import Store
from brittlestar.store.split_answers import AnsweredRows
from tests.diagnosis.synthetic import cell, study

CLASSES = ("x", "y")
TRAIN = np.asarray([11, 12, 13], np.uint64)
TEST = np.asarray([21, 11, 22, 23], np.uint64)


def write_rows(store: Store, split: str, hashes: np.ndarray, labels: list[str], groups: list[str | None]) -> None:
    store.split(split).mkdir(parents=True)
    columns = {"hash": hashes, "label": labels, "group": groups, "weight_shape": np.arange(len(hashes), dtype=np.int32)}
    store.rows(split).write_bytes(parquet_bytes({**columns, "tokens": [["a"]] * len(hashes)}))


def write_predictions(store: Store, digest: str, values: list[list[float]], hard: bool = False) -> None:
    """Probabilities of the best checkpoint, rows last first; and another checkpoint that nobody asks for."""
    store.path(store.cell(digest)).mkdir(parents=True)
    n = len(values)
    columns = {
        "split": ["test"] * 2 * n,
        "checkpoint": ["best"] * n + ["last"] * n,
        "row": [*range(n - 1, -1, -1), *range(n)],
        "values": np.asarray([*values[::-1], *([[0.5, 0.5]] * n)], np.float32),
        "probabilities": [True] * 2 * n,
        "hard": [hard] * 2 * n,
    }
    store.path(f"{store.cell(digest)}/predictions.parquet").write_bytes(parquet_bytes(columns))


@pytest.fixture
def stored(tmp_path: Path) -> tuple[Store, StudyRecord]:
    """Two runs of main, the later seed first, one run of another variant, and a failed one."""
    store = Store(tmp_path)
    write_rows(store, "train", TRAIN, ["x", "y", "x"], [None] * 3)
    write_rows(store, "test", TEST, ["x", "y", "z", "y"], ["g", None, "g", None])
    write_predictions(store, "late", [[0.75, 0.25], [0.25, 0.75], [0.25, 0.75], [1.0, 0.0]])
    write_predictions(store, "early", [[0.25, 0.75], [0.75, 0.25], [0.75, 0.25], [0.0, 1.0]])
    write_predictions(store, "bare", [[1.0, 0.0]] * 4, hard=True)
    cells = [
        replace(cell("main", 5, test=0.5), hash="late"),
        replace(cell("main", 2, test=0.5), hash="early"),
        replace(cell("bag", 2, test=0.5), hash="bare"),
        replace(cell("bag", 5, test=0.5), hash="gone", state="failed"),
    ]
    record = study(cells)
    splits = {**record.splits, "test": replace(record.splits["test"], rows=len(TEST))}
    return store, replace(record, classes=CLASSES, splits=splits)


def read(stored: tuple[Store, StudyRecord]) -> SplitAnswers:
    return AnsweredRows(*stored)["test"]


def test_rows_are_labels_groups_weights_and_whether_train_has_them(stored: tuple[Store, StudyRecord]) -> None:
    found = read(stored)
    assert found.labels.tolist() == [0, 1, -1, 1], "train lacks z"
    assert found.in_train.tolist() == [False, True, False, False]
    assert found.hashes.tolist() == TEST.tolist()
    assert found.groups is not None and found.groups[0] == found.groups[2] and len(set(found.groups.tolist())) == 3
    shape = found.rows.weights["shape"]
    assert shape.tolist() == [0, 1, 2, 3] and shape.dtype == np.float64
    units = found.rows.units
    assert units is not None and units[0] == units[2] and len(set(units.tolist())) == 3
    train = AnsweredRows(*stored)["train"]
    assert train.groups is None and train.rows.units is None


def test_runs_stand_by_seed_with_their_classes_and_the_probability_of_the_label(
    stored: tuple[Store, StudyRecord],
) -> None:
    found = read(stored)
    assert found.runs["main"].predicted.tolist() == [[1, 0, 0, 1], [0, 1, 1, 0]], "seed 2 before seed 5"
    main, bag = found.runs["main"], found.runs["bag"]
    assert main.own is not None and main.confidence is not None
    assert main.own.tolist() == [[0.25, 0.25, 0, 1], [0.75, 0.75, 0, 0]], "0 where train lacks the label"
    assert main.confidence.tolist() == [[0.75, 0.75, 0.75, 1], [0.75, 0.75, 0.75, 1]]
    assert bag.own is None and bag.confidence is None, "bare labels"
    assert main.rows is bag.rows is found.rows


def test_a_variant_of_which_a_run_is_not_stored_row_by_row_has_no_answers(stored: tuple[Store, StudyRecord]) -> None:
    store, record = stored
    more = replace(record, cells=(*record.cells, replace(cell("main", 7, test=0.5), hash="nowhere")))
    assert set(read((store, more)).runs) == {"bag"}
    table = parquet_bytes({"split": ["dev"], "checkpoint": ["best"]})
    store.path(f"{store.cell('bare')}/predictions.parquet").write_bytes(table)
    assert set(read(stored).runs) == {"main"}


def test_trivial_baselines_stand_by_name_and_nothing_is_read_twice(stored: tuple[Store, StudyRecord]) -> None:
    store, record = stored
    own = Answers(
        rows=Rows(labels=np.zeros(4, np.int64), n_classes=2),
        predicted=np.asarray([[0, 1, 0, 1]], np.int32),
        own=np.asarray([[0.75, 0.5, 0.0, 1.0]]),
        confidence=np.asarray([[0.75, 0.5, 0.9, 1.0]]),
    )
    write_answers(store, {"bag of tokens": {"test": own, "train": own}, "majority class": {"train": own}})
    answers = AnsweredRows(store, record)
    found = answers["test"]
    assert list(found.trivial) == ["bag of tokens"]
    bag = found.trivial["bag of tokens"]
    assert bag.predicted.tolist() == [[0, 1, 0, 1]] and bag.rows is found.rows
    assert bag.own is not None and bag.own.tolist() == [[0.75, 0.5, 0.0, 1.0]]
    assert bag.confidence is not None and bag.confidence.tolist() == [[0.75, 0.5, 0.9, 1.0]]
    store.rows("test").unlink()
    assert answers["test"] is found
    assert set(answers) == set(record.splits) and len(answers) == len(record.splits)
    with pytest.raises(KeyError):
        answers["shift_nowhere"]


def test_tokens_of_rows_are_not_read(stored: tuple[Store, StudyRecord]) -> None:
    store, _ = stored
    frame = pl.read_parquet(store.rows("test")).with_columns(tokens=pl.lit(None))
    store.rows("test").write_bytes(parquet_bytes(frame.to_dict()))
    assert read(stored).labels.tolist() == [0, 1, -1, 1]
