"""The round of experiments: what is trained, on which seeds, and what a limit leaves out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.causes.interventions import Intervention
from brittlestar.pipeline.experiments import try_interventions
from tests.diagnosis.synthetic import cell, study

RATE = "training.learning_rate"
LOWER = Intervention("lower-rate", {RATE: 0.1}, ("train.rate-high",))
WIDER = Intervention("wider", {"model.hidden": 128}, ("train.capacity",))
FIVE = range(1000, 1005)


@dataclass(frozen=True)
class Ran:
    """What `run` leaves, as far as experiments look at it."""

    record: StudyRecord
    unscored: tuple[str, ...] = ()
    stopped: bool = False


@dataclass
class Trainer:
    """Trains nothing: scores are .6, and .2 more with a lower rate. Keeps what it was asked for."""

    stopped: bool = False
    asked: list[tuple[list[str], list[int], float]] = field(default_factory=list[Any])

    def __call__(self, settings: Mapping[str, str], seconds: float) -> Any:
        seeds, names = json.loads(settings["seeds"]), list(json.loads(settings["variants"]))
        self.asked.append((names, seeds, seconds))
        score = {"lower-rate": 0.8}
        cells = [
            cell(name, seed, dev=np.full(21, score.get(name, 0.6) + 0.001 * (-1) ** seed * (name == "lower-rate")))
            for name in ("main", *names)
            for seed in seeds
        ]
        return Ran(study(cells), stopped=self.stopped)


def test_one_round_is_trained_and_judged_together() -> None:
    trainer = Trainer()
    found = try_interventions([WIDER, LOWER], FIVE, [], trainer, budget=60)
    assert trainer.asked == [(["wider", "lower-rate"], [*FIVE], 60)]
    assert [(experiment.name, experiment.verdict, experiment.seeds) for experiment in found.experiments] == [
        ("lower-rate", "confirmed", 5),
        ("wider", "refuted", 5),
    ]
    assert not found.stopped and found.problems == ()


def test_what_was_stopped_is_told_and_what_was_tried_before_shares_the_error() -> None:
    before = try_interventions([WIDER], FIVE, [], Trainer()).experiments
    found = try_interventions([LOWER], FIVE, before, Trainer(stopped=True))
    assert found.stopped and found.experiments[0].level == pytest.approx(1 - 0.05 / 2)
