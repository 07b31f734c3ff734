"""A split that comes later, or changes, trains nothing: every finished cell is scored on it from its weights."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from brittlestar.execution.evaluate_finished import score_new_splits
from brittlestar.execution.executors import ExecutorName
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import SilentWatcher
from brittlestar.execution.resuming import resume
from brittlestar.execution.serial import Serial
from brittlestar.store.layout import Store
from brittlestar.verbs.run import run
from tests.execution.tiny import attempts, contents, finished, write_split, write_study

pytestmark = pytest.mark.usefixtures("no_report")


@pytest.mark.parametrize("executor", ["serial", "processes"])
def test_scores_are_those_of_a_study_that_had_the_split_from_the_start(tmp_path: Path, executor: ExecutorName) -> None:
    study = write_study(tmp_path, seeds=1)
    write_split(tmp_path / "data", "shift_x")
    start = run(study, out=tmp_path / "start", executor="serial")
    (tmp_path / "data" / "shift_x.csv").unlink()
    run(study, out=tmp_path / "later", executor="serial")
    before, lines = contents(tmp_path / "later"), len(attempts(tmp_path / "later"))
    write_split(tmp_path / "data", "shift_x")
    later = run(study, out=tmp_path / "later", executor=executor)
    assert len(attempts(tmp_path / "later")) == lines, "nothing was trained"
    after = contents(tmp_path / "later")
    assert all(after[name] == content for name, content in before.items() if name.startswith(("cells/", "data/t")))
    for cell, other in zip(start.record.cells, later.record.cells, strict=True):
        assert cell.scores["shift_x"] == other.scores["shift_x"]
        (folder,) = (tmp_path / "later" / "derived" / cell.hash).glob("shift_x-*")
        stored = pl.read_parquet(folder / "predictions.parquet")
        wanted = pl.read_parquet(tmp_path / "start" / "cells" / cell.hash / "predictions.parquet")
        assert stored.equals(wanted.filter(pl.col("split") == "shift_x"))


def test_a_changed_split_is_scored_anew_and_the_old_scores_stay(tmp_path: Path) -> None:
    study = write_study(tmp_path, seeds=1)
    first = run(study, out=tmp_path / "store", executor="serial")
    write_split(tmp_path / "data", "test", seed=1)
    second = run(study, out=tmp_path / "store", executor="serial")
    write_split(tmp_path / "data", "test")
    third = run(study, out=tmp_path / "store", executor="serial")
    assert [cell.scores for cell in third.record.cells] == [cell.scores for cell in first.record.cells]
    assert [cell.scores for cell in second.record.cells] != [cell.scores for cell in first.record.cells]
    assert len(list((tmp_path / "store" / "derived").glob("*/test-*"))) == 3


def test_a_diverged_cell_stays_at_the_majority_class(tmp_path: Path) -> None:
    study = write_study(tmp_path, seeds=1)
    settings = {
        "training.learning_rate": "1e30",
        "training.optimiser": "sgd",
        "training.clip": "null",
        "variants": "{}",
    }
    result = run(study, out=tmp_path / "store", executor="serial", settings=settings)
    assert [cell.outcome for cell in result.record.cells] == ["diverged"]
    write_split(tmp_path / "data", "shift_x")
    (cell,) = run(study, out=tmp_path / "store", executor="serial", settings=settings).record.cells
    (folder,) = (tmp_path / "store" / "derived" / cell.hash).iterdir()
    values = pl.read_parquet(folder / "predictions.parquet")["values"].to_numpy()
    assert (values == values[0]).all() and np.isfinite(values).all()


OWN = """
import pathlib, torch

class Own(torch.nn.Module):
    def __init__(self, info):
        super().__init__()
        self.rows = torch.nn.Embedding(info.vocabulary_size, len(info.classes))

    def forward(self, tokens, lengths):
        if pathlib.Path(__file__).with_name("fuse").exists():
            raise ValueError("a row is too odd")
        return self.rows(tokens).sum(1)

def build(info):
    return Own(info)

def fit(train, dev, seed):
    return lambda rows: [[0.5, 0.5] for _ in rows]
"""


def test_what_cannot_be_scored_is_told_costs_nothing_else_and_is_tried_again(tmp_path: Path) -> None:
    study = write_study(tmp_path, seeds=1, more="  own: {model.own: 'own:build'}\n  fitted: {model.own: 'own:fit'}\n")
    (tmp_path / "own.py").write_text(OWN, encoding="utf-8")
    run(study, out=tmp_path / "store", executor="serial")
    write_split(tmp_path / "data", "shift_x")
    notes: list[str] = []

    class Listening(SilentWatcher):
        def on_message(self, text: str) -> None:
            notes.append(text)

    run(study, out=tmp_path / "store", executor="serial", budget=1e-9)  # writes the split, scores nothing
    (tmp_path / "fuse").touch()
    store = Store(tmp_path / "store")
    place, cells = resume(store)
    scoring = score_new_splits(place, cells, Serial(), Interruption())
    assert scoring.scored == 3 and len(scoring.problems) == 1
    assert "own seed 0 could not be scored on shift_x" in scoring.problems[0]
    assert "ValueError: a row is too odd" in scoring.problems[0]
    assert [line["event"] for line in attempts(store.root)][-1] == "not scored"
    result = run(store.root, executor="serial", watcher=Listening())
    assert result.exit_code == 1 and result.problems == tuple(notes) and len(notes) == 1
    (tmp_path / "fuse").unlink()
    result = run(store.root, executor="serial")
    assert result.exit_code == 0 and len(finished(store.root)) == 5
    scored = {cell.variant for cell in result.record.cells if "shift_x" in cell.scores}
    assert scored == {"main", "bag", "lstm", "own"}, "a fitted model left no weights"
