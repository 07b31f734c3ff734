"""Logs of every form give the curves that were written, and what was read as what is told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from brittlestar.core.errors import InputError
from brittlestar.training.logs.logged_runs import MEMORY, LoggedRun, read_log

from .writing import EPOCHS, HEAD, list_trainer_history, overfitting, write_csv, write_lightning

pytestmark = pytest.mark.usefixtures("in_own_folder")


def one(log: Any, **columns: str) -> LoggedRun:
    (run,) = read_log(log, {role.replace("__", "."): name for role, name in columns.items()})
    return run


def column(name: str, seed: int = 0) -> np.ndarray:
    return np.array([row[HEAD.index(name)] for row in overfitting(seed)])


def write_records(path: Path) -> Path:
    lines = [json.dumps(dict(zip(HEAD, row, strict=True))) for row in overfitting()]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def keras_history() -> dict[str, list[float]]:
    return {name: column(name).tolist() for name in HEAD[1:]}


FORMS: dict[str, Callable[[Path], Path]] = {
    "keras.csv": lambda path: write_csv(path, HEAD, overfitting()),
    "curves.tsv": lambda path: write_csv(path, HEAD, overfitting(), "\t"),
    "curves.jsonl": write_records,
    "metrics.csv": write_lightning,
}
OBJECTS: dict[str, Callable[[], Any]] = {
    "a dict of columns": keras_history,
    "a dict of arrays": lambda: {name: np.array(values) for name, values in keras_history().items()},
    "a list of dicts": list_trainer_history,
    "a frame of Polars": lambda: pl.DataFrame(keras_history()),
    "a frame of pandas": lambda: pd.DataFrame(keras_history()),
}


@pytest.mark.parametrize("name", [*FORMS, *OBJECTS])
def test_every_form_gives_the_curves_that_were_written(name: str) -> None:
    run = one(str(FORMS[name](Path(name))) if name in FORMS else OBJECTS[name]())
    assert (run.name, run.points, run.unit) == (name if name in FORMS else MEMORY, EPOCHS, "epoch")
    for role, written in (("train.loss", "loss"), ("dev.loss", "val_loss"), ("dev.accuracy", "val_accuracy")):
        assert np.isnan(run.curves[role][0])
        assert run.curves[role][1:] == pytest.approx(column(written), abs=1e-9), role
    assert "dev.loss" in run.columns and not {*run.columns.values()} & {*run.left_out}


def test_an_average_over_an_epoch_comes_before_steps_and_what_is_left_out_is_told() -> None:
    write_lightning(Path("metrics.csv"))
    run = one("metrics.csv")
    assert run.columns["train.loss"] == "train_loss_epoch"
    assert run.left_out == ("train_loss_step (train.loss is train_loss_epoch)",)
    run = one(list_trainer_history())
    assert run.columns["train.loss"] == "loss" and "eval_runtime" in run.left_out


@pytest.mark.parametrize(
    ("train", "dev"),
    [
        ("train_loss", "val_loss"), ("train/loss", "val/loss"), ("Train Loss", "Valid Loss"), ("loss", "eval_loss"),
        ("training_loss", "validation loss"), ("train.log_loss", "dev.loss"), ("trainLoss", "valLoss"),
        ("Loss/train", "Loss/validation"), ("train_cross_entropy", "dev_nll"), ("tr_loss", "valid_loss"),
    ],
)  # fmt: skip
def test_columns_are_found_by_common_names(train: str, dev: str) -> None:
    write_csv(Path("a.csv"), ("epoch", dev, "time", train), [(k, 0.5 + k, 9, 0.1 + k) for k in range(1, 8)])
    run = one("a.csv")
    assert (run.columns["train.loss"], run.columns["dev.loss"], run.left_out) == (train, dev, ("time",))
    assert run.curves["dev.loss"][1] == 1.5


def test_a_score_without_a_split_is_train_only_beside_dev() -> None:
    write_csv(Path("a.csv"), ("epoch", "train_loss", "acc"), [(k, 0.5, 0.5) for k in range(1, 8)])
    assert one("a.csv").left_out == ("acc (it names no split)",)
    write_csv(Path("b.csv"), ("epoch", "loss", "acc", "val_acc"), [(k, 0.5, 0.5, 0.4) for k in range(1, 8)])
    assert one("b.csv").columns["train.accuracy"] == "acc"


def test_a_test_curve_is_not_dev_unless_somebody_says_so() -> None:
    write_csv(Path("a.csv"), ("epoch", "train_loss", "test_loss"), [(k, 0.5, 0.6) for k in range(1, 8)])
    run = one("a.csv")
    assert "dev.loss" not in run.curves and run.left_out == ("test_loss (a test curve is not dev)",)
    assert any("--history-columns dev.loss=test_loss" in note for note in run.notes)
    assert one("a.csv", dev__loss="test_loss").curves["dev.loss"][1] == 0.6


def test_what_is_not_finite_is_no_gap() -> None:
    losses = [0.7, 0.9, 4.0, "nan", "nan", "NaN", "nan"]
    write_csv(Path("a.csv"), ("epoch", "loss"), list(enumerate(losses)))
    assert one("a.csv").curves["train.loss"].tolist()[1:] == [0.7, 0.9, 4.0, *[np.inf] * 4]
    write_csv(Path("b.csv"), ("epoch", "loss"), [(0, 0.5), (1, "inf"), (2, None), (3, 1e300)])
    assert one("b.csv").curves["train.loss"].tolist()[1:] == [0.5, np.inf, np.inf]
    lost = [0.7, float("nan"), float("nan")]
    for log in ({"loss": lost}, pl.DataFrame({"loss": lost}), pd.DataFrame({"loss": lost})):
        assert one(log).curves["train.loss"].tolist()[1:] == [0.7, np.inf, np.inf]


def test_gaps_that_are_written_as_nan_are_gaps() -> None:
    rows = [row for k in range(1, 9) for row in ((k, 0.5, "nan"), (k, "nan", 0.6))]
    write_csv(Path("a.csv"), ("epoch", "train_loss", "val_loss"), rows)
    run = one("a.csv")
    assert np.isfinite(run.curves["train.loss"][1:]).all() and run.points == 8
    assert any("nan are gaps" in note for note in run.notes)


def test_a_loss_that_is_lost_after_the_last_evaluation_is_seen() -> None:
    rows = [(k, 0.5 if k < 75 else "nan", 0.6 if k % 10 == 0 and k < 75 else None) for k in range(1, 80)]
    write_csv(Path("a.csv"), ("step", "train_loss", "val_loss"), rows)
    run = one("a.csv")
    assert (run.points, run.unit) == (7, "evaluation") and run.curves["train.loss"][-1] == np.inf


def test_steps_alone_are_averaged() -> None:
    write_csv(Path("a.csv"), ("step", "loss"), [(k, 1.0 + (k % 2)) for k in range(5000)])
    run = one("a.csv")
    assert (run.points, run.unit) == (100, "point") and run.curves["train.loss"][1:] == pytest.approx(1.5)


def test_few_evaluations_leave_train_its_own_points() -> None:
    rows = [(k, 0.5, 0.6 if k % 100 == 0 else None) for k in range(1, 301)]
    write_csv(Path("a.csv"), ("step", "loss", "val_loss"), rows)
    run = one("a.csv")
    assert run.points == 3 and run.curves["train.loss"].size == 101


def test_per_cent_is_read_as_a_fraction_and_other_scales_are_left_out() -> None:
    write_csv(Path("a.csv"), ("epoch", "loss", "val_acc"), [(k, 0.5, 80 + k) for k in range(1, 8)])
    run = one("a.csv")
    assert run.curves["dev.accuracy"][1] == pytest.approx(0.81) and "per cent" in " ".join(run.notes)
    write_csv(Path("c.csv"), ("epoch", "loss", "val_acc"), [(k, 0.5, 1.0000001) for k in range(1, 8)])
    assert one("c.csv").curves["dev.accuracy"][1:].tolist() == [1.0] * 7
    write_csv(Path("b.csv"), ("epoch", "loss", "val_acc"), [(k, 0.5, 800 + k) for k in range(1, 8)])
    run = one("b.csv")
    assert "dev.accuracy" not in run.curves and "outside [0, 100]" in " ".join(run.notes)


def test_runs_of_one_file_are_told_apart() -> None:
    rows = [(seed, *row) for seed in (3, 11) for row in overfitting(seed)]
    write_csv(Path("a.csv"), ("seed", *HEAD), rows)
    runs = read_log("a.csv")
    assert [(run.seed, run.name) for run in runs] == [(3, "a.csv seed 3"), (11, "a.csv seed 11")]
    assert runs[1].curves["dev.loss"][1:].tolist() == column("val_loss", 11).tolist()
    write_csv(Path("b.csv"), ("run", *HEAD), [(f"try {row[0]}", *row[1:]) for row in rows])
    assert [(run.seed, run.name) for run in read_log("b.csv")] == [(0, "b.csv run try 3"), (1, "b.csv run try 11")]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "epoch,loss,val_loss\n1,0.5,0.6\n2,oops,0.5\n",
         "a.csv:3: column 'loss' contains 'oops', which is no"),
        ("a.csv", 'epoch,loss\n1,"0,53"\n', "a.csv:2: .*write 0.53, with a point"),
        ("a.csv", "epoch|loss|val_loss\n1|0.5|0.6\n", "separated by '|'"),
        ("a.csv", "a,b\n1,2\n", r"none of its columns is known .*\(a, b\); say which is which: --history-columns"),
        ("a.csv", "epoch,loss\n", "has a header and no rows"),
        ("a.csv", "", "is empty"),
        ("a.csv", "epoch,loss,loss\n1,2,3\n", "two columns are named 'loss'"),
        ("a.csv", "epoch,loss,val_loss\n1,,\n", "a.csv: no column of a.csv has a value"),
        ("a.csv", "epoch,val_acc\n1,-1\n", r"no curve of a.csv is left; dev accuracy was left out: .*\[0, 100\]"),
        ("a.csv", "epoch,loss\n6,1\n7,1\n5,1\n", "a.csv:4: the epoch falls from 7 to 5: .*take a column seed"),
        ("a.csv", "seed,step,loss\n1,5,1\n2,5,1\n2,,1\n1,2,1\n", "a.csv:5: the step falls from 5 to 2"),
        ("a.txt", "epoch loss\n", "'.txt' is no format that is read"),
        ("trainer_state.json", "{}", "a log is one CSV, TSV, JSON Lines or Parquet file; docs/20-diagnosis.md"),
        ("events.out.tfevents.1", "", "docs/20-diagnosis.md makes a CSV of event files"),
        ("a.jsonl", '{"loss": 1}\nx\n', "a.jsonl:2"),
    ],
)  # fmt: skip
def test_a_log_that_cannot_be_read_says_why(name: str, text: str, message: str) -> None:
    Path(name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_log(name)


def test_what_is_no_log_and_columns_that_are_not_there_say_why() -> None:
    write_csv(Path("a.csv"), HEAD, overfitting())
    Path("folder").mkdir()
    cases: list[tuple[Any, dict[str, str], str]] = [
        ("b.csv", {}, "b.csv: no such file"),
        ("folder", {}, "folder: a log is one CSV"),
        (["a.csv", "b.csv"], {}, "one log is read; join the logs of several seeds with a column seed"),
        ([], {}, "one log is read"),
        ({"loss": [1.0], "val_loss": []}, {}, "one list for each, all of the same length"),
        ([{"loss": True}], {}, "column 'loss' contains no numbers"),
        (7, {}, "an object of type int is no data"),
        ("a.csv", {"dev.lss": "x"}, "unknown role 'dev.lss'; did you mean 'dev.loss'"),
        ("a.csv", {"dev.loss": "val_los"}, "there is no column 'val_los', .*did you mean 'val_loss'"),
    ]
    for log, columns, message in cases:
        with pytest.raises(InputError, match=message):
            read_log(log, columns)


def test_a_run_counts_once() -> None:
    rows = [(seed, *row) for seed, drawn in ((7, 7), (4, 4), (9, 4)) for row in overfitting(drawn)]
    write_csv(Path("a.csv"), ("seed", *HEAD), rows)
    runs = read_log("a.csv")
    assert [run.seed for run in runs] == [4, 7] and "seed 9 has the very same curves" in " ".join(runs[0].notes)
