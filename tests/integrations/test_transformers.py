"""A Trainer as a fit function: its log as a history, its rows as numbers."""

import pickle
from types import SimpleNamespace
from typing import Any

import pytest

from brittlestar.integrations import transformers
from brittlestar.integrations.transformers import LabelledRows, labelled_rows, trainer_fit
from brittlestar.models.naming import name_model
from brittlestar.models.own import load_own
from brittlestar.training.fitted import FitSplit
from brittlestar.training.history import read_history


def build(train: Any, dev: Any, seed: int) -> Any:
    return SimpleNamespace(rows=train)


def test_a_log_by_epoch_is_a_history() -> None:
    log = [
        {"eval_loss": 0.9, "eval_accuracy": 0.5, "eval_runtime": 1.0, "epoch": 0, "step": 0},
        {"loss": 0.7, "grad_norm": 1.0, "learning_rate": 0.1, "epoch": 1.0, "step": 5},
        {"eval_loss": 0.6, "eval_accuracy": 0.75, "eval_samples_per_second": 9.0, "epoch": 1.0, "step": 5},
        {"train_runtime": 3.0, "train_loss": 0.7, "total_flos": 1e9, "epoch": 1.0, "step": 5},
    ]
    history = transformers.read_log(log)
    assert history == [
        {"epoch": 0, "dev.loss": 0.9, "dev.accuracy": 0.5},
        {"epoch": 1, "train.loss": 0.7, "learning_rate": 0.1, "dev.loss": 0.6, "dev.accuracy": 0.75},
    ]
    assert read_history(history, ("accuracy", "log_loss")).notes == ()


def test_a_log_by_steps_is_joined_by_epoch() -> None:
    log = [{"loss": 4.0 - k, "learning_rate": 1 - k / 10, "epoch": (k + 1) / 2} for k in range(4)]
    assert transformers.read_log([*log, {"eval_loss": 1.0, "epoch": 1.7}, {"eval_loss": 2.0, "epoch": 2}]) == [
        {"epoch": 1, "train.loss": 3.5, "learning_rate": 0.9},
        {"epoch": 2, "train.loss": 1.5, "learning_rate": 0.7, "dev.loss": 2.0},
    ]
    assert transformers.read_log([]) == []


def test_rows_have_the_classes_of_train() -> None:
    train, dev = labelled_rows(FitSplit([["a"], ["b"]], ["y", "x"]), FitSplit([["c"], ["d"]], ["z", "y"]))
    assert train == LabelledRows([["a"], ["b"]], ["y", "x"], ("x", "y")) and train.numbers == [1, 0]
    assert dev == LabelledRows([["d"]], ["y"], ("x", "y")) and dev.numbers == [1]
    assert labelled_rows(FitSplit([["a"]], ["y"]), None)[1] is None


def test_it_is_a_fit_function_with_the_name_and_source_of_what_it_wraps() -> None:
    found = name_model(trainer_fit(build)).session
    assert found is not None and found.name == "build" and found.source is not None
    assert "SimpleNamespace(rows=train)" in found.source and found.digest.gaps == ()
    own = load_own(found.reference, "auto", None, pickle.loads(pickle.dumps(found)))
    assert own.kind == "fit" and own.reference == "build"
    assert found.digest == name_model(trainer_fit(build)).session.digest  # pyright: ignore[reportOptionalMemberAccess]
    assert found.digest != name_model(trainer_fit(lambda train, dev, seed: 1)).session.digest  # pyright: ignore


def test_what_is_no_trainer_is_told() -> None:
    split = FitSplit([["a"], ["b"]], ["y", "x"])
    with pytest.raises(TypeError, match=r"returned a SimpleNamespace, not a transformers\.Trainer"):
        trainer_fit(build)(split, None, 0)
