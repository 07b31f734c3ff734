"""Rounds of experiments: what is trained in which order, and where they end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import Arm, arms
from brittlestar.diagnosis.causes.interventions import Intervention
from brittlestar.verbs.experimenting import try_interventions
from tests.diagnosis.synthetic import cell, study, variant

RATE = "training.learning_rate"
LOWER = Intervention("lower-rate", {RATE: 0.1}, ("train.rate-high",))
WIDER = Intervention("wider", {"model.hidden": 128}, ("train.capacity",))
FEW = Intervention("few-rows", {"data.train_rows": 32}, (), "train")
FIVE = range(1000, 1005)


@dataclass(frozen=True)
class Ran:
    """What `run` leaves, as far as experiments look at it."""

    record: StudyRecord
    problems: tuple[str, ...] = ()
    stopped: bool = False


@dataclass
class Trainer:
    """Trains nothing: scores are .6, and what `gain` says of a variant and a seed more. Keeps what it was asked for."""

    gain: Callable[[str, int], float]
    stop_after: int = 99
    most_seeds: int = 99

    def __post_init__(self) -> None:
        self.asked: list[tuple[set[str], int]] = []

    def __call__(self, settings: Mapping[str, str], seconds: float) -> Any:
        seeds, names = json.loads(settings["seeds"]), list(json.loads(settings["variants"]))
        self.asked.append(({*names}, len(seeds)))
        cells = [
            cell(name, seed, dev=np.full(21, 0.6 + (0 if name == "main" else self.gain(name, seed))))
            for name in ("main", *names)
            for seed in seeds[: self.most_seeds]
        ]
        return Ran(study(cells), stopped=len(self.asked) >= self.stop_after)


def main_of() -> Arm:
    return arms(study([cell("main")], {"main": variant("main", {RATE: 1.0, "training.epochs": 20})}))[0]


def spread(of: Mapping[str, tuple[float, float]]) -> Callable[[str, int], float]:
    """A gain for each variant: a mean, and a deviation that alternates over seeds; nothing for others."""
    return lambda name, seed: of.get(name, (0, 0))[0] + of.get(name, (0, 0))[1] * (-1) ** seed


def test_what_is_confirmed_at_once_is_planted_and_takes_no_more_seeds() -> None:
    trainer = Trainer(spread({"lower-rate": (0.2, 0.01)}))
    found = try_interventions(main_of(), 500, [[LOWER, WIDER]], FIVE, [], trainer)
    assert trainer.asked == [({"lower-rate", "wider"}, 5), ({"lower-rate", "defaults"}, 5)]
    lower, wider = (next(one for one in found.experiments if one.name == name) for name in ("lower-rate", "wider"))
    assert (lower.verdict, wider.verdict) == ("confirmed", "refuted")
    assert lower.level == pytest.approx(1 - 0.7 * 0.05 / 2), "planting has an error of its own"


def test_the_second_round_follows_where_the_first_confirms_nothing() -> None:
    trainer = Trainer(spread({"wider": (0.2, 0.01)}))
    found = try_interventions(main_of(), 500, [[LOWER], [WIDER]], FIVE, [], trainer)
    assert trainer.asked[:2] == [({"lower-rate"}, 5), ({"wider"}, 5)]
    lower = next(one for one in found.experiments if one.name == "lower-rate")
    assert lower.level == pytest.approx(1 - 0.7 * 0.05 / 2), "rounds share the error"
    assert {one.name: one.verdict for one in found.experiments} == {"lower-rate": "refuted", "wider": "confirmed"}


def test_what_more_seeds_would_settle_gets_them_alone_until_it_is_settled() -> None:
    trainer = Trainer(spread({"lower-rate": (0.1, 0.05)}))
    found = try_interventions(main_of(), 500, [[LOWER, WIDER, FEW]], FIVE, [], trainer)
    assert trainer.asked[:2] == [({"lower-rate", "wider", "few-rows"}, 5), ({"lower-rate"}, 10)]
    by_name = {one.name: one for one in found.experiments}
    assert by_name["lower-rate"].verdict == "confirmed" and by_name["lower-rate"].seeds == 10
    assert by_name["lower-rate"].level == pytest.approx(1 - 0.15 * 0.05 / 2), "what was refuted counts on"
    assert by_name["wider"].seeds == 5, "what was refuted is kept, and gets no more"


def test_what_no_planned_number_of_seeds_would_settle_gets_none() -> None:
    trainer = Trainer(spread({"lower-rate": (0.03, 0.2)}))
    found = try_interventions(main_of(), 500, [[LOWER]], FIVE, [], trainer)
    assert trainer.asked == [({"lower-rate"}, 5)] and found.experiments[0].verdict == "open"


@pytest.mark.parametrize(("most", "asked"), [(10, [5]), (19, [5]), (20, [5, 10])])
def test_more_seeds_come_out_of_the_same_runs(most: int, asked: list[int]) -> None:
    trainer = Trainer(spread({"lower-rate": (0.08, 0.06)}))
    try_interventions(main_of(), 500, [[LOWER]], FIVE, [], trainer, most_runs=most)
    assert [seeds for _, seeds in trainer.asked] == asked


def test_a_round_that_may_still_be_trained_follows_more_seeds_that_may_not() -> None:
    trainer = Trainer(spread({"lower-rate": (0.1, 0.05)}))
    others = [replace(WIDER, name=f"other-{k}") for k in range(4)]
    try_interventions(main_of(), 500, [[LOWER], others], FIVE, [], trainer, most_runs=15)
    assert trainer.asked == [({"lower-rate"}, 5), ({"other-0"}, 5)]


def test_seeds_that_all_fail_are_not_asked_for_again() -> None:
    trainer = Trainer(spread({"lower-rate": (0.08, 0.06)}), most_seeds=5)
    found = try_interventions(main_of(), 500, [[LOWER]], FIVE, [], trainer)
    assert [seeds for _, seeds in trainer.asked] == [5, 10] and found.experiments[0].seeds == 5


def test_what_was_stopped_goes_no_further_and_what_was_tried_before_shares_the_error() -> None:
    trainer = Trainer(spread({"lower-rate": (0.08, 0.06)}), stop_after=1)
    found = try_interventions(main_of(), 500, [[LOWER], [WIDER]], FIVE, [], trainer)
    assert found.stopped and len(trainer.asked) == 1
    (other,) = try_interventions(main_of(), 500, [[WIDER]], FIVE, [], Trainer(spread({}))).experiments
    (again,) = (
        one
        for one in try_interventions(main_of(), 500, [[LOWER]], FIVE, [other], trainer).experiments
        if one.name == "lower-rate"
    )
    assert again.level == pytest.approx(1 - 0.7 * 0.05 / 2)
