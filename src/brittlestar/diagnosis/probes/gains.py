"""How much of an arm's gain over the baseline is left elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from brittlestar.core.intervals import t_interval
from brittlestar.diagnosis.arms import Arm, arms, evaluation_split
from brittlestar.diagnosis.probes.readings import ProbedArm, ProbedStudy


@dataclass(frozen=True)
class Gain:
    """What an arm gains over the baseline on the usual split and elsewhere: a shifted split, or a condition of the
    suite with true labels. Means over shared seeds with t intervals, fractions of accuracy; None below two seeds."""

    arm: str
    where: str
    usual: float
    there: float
    interval: tuple[float, float] | None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**vars(self), "interval": None if self.interval is None else list(self.interval)}

    @property
    def word(self) -> str:
        """Whether the gain survives."""
        if self.interval is None:
            return "open"
        low, high = self.interval
        sign = 1 if self.usual >= 0 else -1
        if sign * (low if sign > 0 else high) > 0:
            return "survives"
        return "turns" if sign * (high if sign > 0 else low) < 0 else "open"


def gains(study: ProbedStudy) -> Iterator[Gain]:
    """How much of each arm's gain over the baseline, or loss against it, is there on every shifted split and under
    every condition whose true labels are known."""
    record = study.record
    split = evaluation_split(record)
    if split is None:
        return
    everything = {arm.name: arm for arm in arms(record)}
    base = everything[record.baseline]
    for name, arm in everything.items():
        usual = _difference(arm, base, split)
        if name == record.baseline or usual is None:
            continue
        for shifted in (one for one in record.splits if one.startswith("shift")):
            there = _difference(arm, base, shifted)
            if there is not None:
                yield Gain(name, shifted, usual[0], *there)
        mine, theirs = study.of(name), study.of(record.baseline)
        if mine is not None and theirs is not None:
            yield from _under(mine, theirs, usual[0])


def _difference(arm: Arm, base: Arm, split: str) -> tuple[float, tuple[float, float] | None] | None:
    mine, theirs = arm.scores(split, "accuracy"), base.scores(split, "accuracy")
    return _over_seeds(mine, theirs)


def _under(arm: ProbedArm, base: ProbedArm, usual: float) -> Iterator[Gain]:
    for reading in arm.readings[1:]:
        other = base.of(reading.condition.name)
        if reading.after is None or other is None or other.after is None:
            continue
        found = _over_seeds(reading.after.by_seed, other.after.by_seed)
        if found is not None:
            yield Gain(arm.arm.name, reading.condition.name, usual, *found)


def _over_seeds(mine: dict[int, float], theirs: dict[int, float]) -> tuple[float, tuple[float, float] | None] | None:
    shared = sorted(mine.keys() & theirs.keys())
    if not shared:
        return None
    found = t_interval([mine[seed] - theirs[seed] for seed in shared])
    return found.mean, found.interval
