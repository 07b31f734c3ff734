"""Logs of the forms that are read give the curves that were written, and say which columns they were read from."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from brittlestar.core.errors import InputError
from brittlestar.core.results import CellRecord
from brittlestar.training.logged_runs import HINT, read_log

from .logs import EPOCHS, HEAD, overfitting, write_csv, write_lightning, write_trainer

pytestmark = pytest.mark.usefixtures("in_own_folder")


def one(name: str) -> CellRecord:
    (run,) = read_log(Path(name)).cells
    return run


def notes(name: str) -> str:
    return "; ".join(read_log(Path(name)).notes)


def column(name: str, seed: int = 0) -> np.ndarray:
    return np.array([row[HEAD.index(name)] for row in overfitting(seed)])


def write_records(path: Path) -> Path:
    lines = [json.dumps(dict(zip(HEAD, row, strict=True))) for row in overfitting()]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


FORMS: dict[str, Callable[[Path], Path]] = {
    "keras.csv": lambda path: write_csv(path, HEAD, overfitting()),
    "curves.jsonl": write_records,
    "metrics.csv": write_lightning,
    "trainer_state.json": write_trainer,
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_curves_that_were_written(name: str) -> None:
    FORMS[name](Path(name))
    run, record = one(name), read_log(Path(name))
    assert (record.main, run.epochs, record.seeds, record.metric) == (name, EPOCHS, (0,), "accuracy")
    for role, written in (("train.loss", "loss"), ("dev.log_loss", "val_loss"), ("dev.accuracy", "val_accuracy")):
        assert np.isnan(run.curves[role][0])
        assert run.curves[role][1:] == pytest.approx(column(written), abs=1e-9), role
    best = int(column("val_loss").argmin())
    assert run.score("dev", "accuracy") == pytest.approx(column("val_accuracy")[best])


def test_an_average_over_an_epoch_is_read_and_what_is_left_out_is_told() -> None:
    write_lightning(Path("metrics.csv"))
    assert "train loss from train_loss_epoch" in notes("metrics.csv")
    assert "left out: train_loss_step" in notes("metrics.csv")
    write_trainer(Path("trainer_state.json"))
    assert "train loss from loss, dev loss from eval_loss" in notes("trainer_state.json")
    assert "left out: learning_rate, eval_runtime, train_loss, total_flos" in notes("trainer_state.json")


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
    assert (run.curves["dev.log_loss"][1], run.curves["train.loss"][1]) == (1.5, 1.1)
    assert f"dev loss from {dev}, train loss from {train}; left out: time" in notes("a.csv")


def test_a_score_without_a_split_is_one_of_train_and_the_commoner_name_comes_first() -> None:
    write_csv(Path("a.csv"), ("epoch", "nll", "loss", "acc"), [(k, 0.1, 0.5, 0.4) for k in range(1, 8)])
    run = one("a.csv")
    assert (run.curves["train.loss"][1], run.curves["train.accuracy"][1]) == (0.5, 0.4)
    assert "left out: nll" in notes("a.csv")


def test_a_test_curve_is_not_dev() -> None:
    write_csv(Path("a.csv"), ("epoch", "train_loss", "test_loss"), [(k, 0.5, 0.6) for k in range(1, 8)])
    assert [*one("a.csv").curves] == ["train.loss"] and "left out: test_loss" in notes("a.csv")
    assert read_log(Path("a.csv")).splits == {}


def test_what_is_not_finite_is_no_gap() -> None:
    losses = [0.7, 0.9, 4.0, "nan", "nan", "NaN", "nan"]
    write_csv(Path("a.csv"), ("epoch", "loss"), list(enumerate(losses)))
    assert one("a.csv").curves["train.loss"].tolist()[1:] == [0.7, 0.9, 4.0, *[np.inf] * 4]
    write_csv(Path("b.csv"), ("epoch", "loss"), [(0, 0.5), (1, "inf"), (2, None), (3, 1e300)])
    assert one("b.csv").curves["train.loss"].tolist()[1:] == [0.5, np.inf, np.inf]
    Path("c.jsonl").write_text('{"loss": 0.7}\n{"loss": NaN}\n{"loss": NaN}\n', encoding="utf-8")
    assert one("c.jsonl").curves["train.loss"].tolist()[1:] == [0.7, np.inf, np.inf]


def test_gaps_that_are_written_as_nan_are_gaps() -> None:
    rows = [row for k in range(1, 9) for row in ((k, 0.5, "nan"), (k, "nan", 0.6))]
    write_csv(Path("a.csv"), ("epoch", "train_loss", "val_loss"), rows)
    run = one("a.csv")
    assert np.isfinite(run.curves["train.loss"][1:]).all() and run.epochs == 8


def test_a_run_that_was_lost_is_lost_whatever_another_seed_did() -> None:
    rows = [(seed, k, "nan" if seed == 0 and k > 3 else 0.5 / k) for seed in range(2) for k in range(1, 9)]
    write_csv(Path("a.csv"), ("seed", "epoch", "loss"), rows)
    lost, sound = read_log(Path("a.csv")).cells
    assert np.isinf(lost.curves["train.loss"][4:]).all() and np.isfinite(sound.curves["train.loss"][1:]).all()


def test_a_loss_that_is_lost_after_the_last_evaluation_is_seen() -> None:
    rows = [(k, 0.5 if k < 75 else "nan", 0.6 if k % 10 == 0 and k < 75 else None) for k in range(1, 80)]
    write_csv(Path("a.csv"), ("step", "train_loss", "val_loss"), rows)
    run = one("a.csv")
    assert run.epochs == 7 and run.curves["train.loss"][-1] == np.inf


def test_steps_alone_are_averaged() -> None:
    write_csv(Path("a.csv"), ("step", "loss"), [(k, 1.0 + (k % 2)) for k in range(5000)])
    run = one("a.csv")
    assert run.epochs == 100 and run.curves["train.loss"][1:] == pytest.approx(1.5)


def test_few_evaluations_leave_train_its_own_points() -> None:
    rows = [(k, 0.5, 0.6 if k % 100 == 0 else None) for k in range(1, 301)]
    write_csv(Path("a.csv"), ("step", "loss", "val_loss"), rows)
    run = one("a.csv")
    assert run.epochs == 3 and run.curves["train.loss"].size == 101


def test_steps_that_begin_anew_in_each_epoch_are_of_one_run() -> None:
    rows = [(e, k, 1 / (e + 1), 0.5 - e / 20 if k == 9 else None) for e in range(8) for k in range(10)]
    write_csv(Path("a.csv"), ("epoch", "step", "loss", "val_loss"), rows)
    run = one("a.csv")
    assert run.epochs == 8 and run.curves["train.loss"][1:] == pytest.approx(1 / np.arange(1, 9))


def test_per_cent_is_read_as_a_fraction_and_other_scales_are_left_out() -> None:
    write_csv(Path("a.csv"), ("epoch", "loss", "val_acc"), [(k, 0.5, 80 + k) for k in range(1, 8)])
    assert one("a.csv").curves["dev.accuracy"][1] == pytest.approx(0.81) and "per cent" in notes("a.csv")
    write_csv(Path("b.csv"), ("epoch", "loss", "val_acc"), [(k, 0.5, 800 + k) for k in range(1, 8)])
    assert "dev.accuracy" not in one("b.csv").curves and "scores outside [0, 1] (dev.accuracy)" in notes("b.csv")


def test_runs_of_one_file_are_told_apart() -> None:
    rows = [(seed, *row) for seed in (11, 3) for row in overfitting(seed)]
    write_csv(Path("a.csv"), ("seed", *HEAD), rows)
    record = read_log(Path("a.csv"))
    assert (record.main, record.seeds) == ("2 runs", (3, 11))
    assert record.cells[1].curves["dev.log_loss"][1:].tolist() == column("val_loss", 11).tolist()
    write_csv(Path("b.csv"), ("run", *HEAD), [(f"try {row[0]}", *row[1:]) for row in rows])
    assert read_log(Path("b.csv")).seeds == (0, 1)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "epoch,loss,val_loss\n1,0.5,0.6\n2,oops,0.5\n",
         "a.csv:3: column 'loss' contains 'oops', which is no"),
        ("a.csv", 'epoch,loss\n1,"0,53"\n', "a.csv:2: .*write 0.53, with a point"),
        ("a.csv", "epoch|loss|val_loss\n1|0.5|0.6\n", "separated by '|'"),
        ("a.csv", "a,b\n1,2\n", r"a.csv: none of its columns is known as a loss or a score \(a, b\); .*train_ or val_"),
        ("a.csv", "epoch,loss\n", "has a header and no rows"),
        ("a.csv", "seed,loss\n", "has a header and no rows"),
        ("a.csv", "", "is empty"),
        ("a.csv", "epoch,loss,val_loss\n1,,\n", "a.csv: no curve of seed 0 is left; .*columns such as epoch"),
        ("a.csv", "epoch,val_acc\n1,-1\n", r"no curve of seed 0 is left; .*scores outside \[0, 1\] \(dev.accuracy\)"),
        ("a.csv", "epoch,loss\n6,1\n7,1\n5,1\n", "a.csv:4: the epoch falls from 7 to 5: .*take a column seed"),
        ("a.csv", "seed,step,loss\n1,5,1\n2,5,1\n2,,1\n1,2,1\n", "a.csv:5: the step falls from 5 to 2"),
        ("a.jsonl", '{"loss": 1}\nx\n', "a.jsonl:2"),
        ("a.jsonl", '{"loss": true}\n', "column 'loss' contains True, which is no number"),
        ("a.jsonl", '{"loss": [1, 2]}\n', "column 'loss' contains .*, which is no number"),
        ("trainer_state.json", "{}", r"is no trainer_state.json \(KeyError: 'log_history'\); a .csv, a .jsonl or"),
        ("trainer_state.json", '{"log_history": 3}', "is no trainer_state.json"),
        ("trainer_state.json", '{"log_history": []}', r"none of its columns is known as a loss or a score \(\)"),
        ("trainer_state.json", "epoch,loss", "is no trainer_state.json"),
        ("a.tsv", "epoch\tloss\n1\t2\n", "a.tsv: is no log that is read; a .csv, a .jsonl or a trainer_state.json has"),
        ("events.out.tfevents.1", "", "is no log that is read; .*docs/how-to/curves.md makes one of another log"),
    ],
)  # fmt: skip
def test_a_log_that_cannot_be_read_says_why(name: str, text: str, message: str) -> None:
    Path(name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_log(Path(name))


def test_what_is_not_there_and_what_to_try_is_told() -> None:
    for name, message in (("b.csv", "b.csv: no such file"), ("b.json", "b.json: is no trainer_state.json .*No such")):
        with pytest.raises(InputError, match=message):
            read_log(Path(name))
    for words in ("epoch, step, seed", "train_ or val_ before loss, accuracy", "a fit function can return `history`"):
        assert words in HINT


def test_a_run_counts_once() -> None:
    rows = [(seed, *row) for seed, drawn in ((7, 7), (4, 4), (9, 4)) for row in overfitting(drawn)]
    write_csv(Path("a.csv"), ("seed", *HEAD), rows)
    assert read_log(Path("a.csv")).seeds == (4, 7)
    assert "seed 9 has the very same curves as 4 and is left out" in notes("a.csv")
