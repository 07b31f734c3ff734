"""How much of a variant's gain over main is left elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from brittlestar.diagnosis.arms import Arm, arms, evaluation_split
from brittlestar.diagnosis.decisions import side_of
from brittlestar.diagnosis.probes.readings import ProbedArm, ProbedStudy
from brittlestar.statistics.effects import Effect, compare_by_seed, estimate_from_scores

Word = Literal["survives", "stays behind", "turns", "below majority", "open"]


@dataclass(frozen=True)
class Gain:
    """What a variant gains over main on the usual split and elsewhere: a shifted split, or a condition of the
    suite with true labels, which `title` has in words. Fractions of accuracy, paired by seed, for the rows at hand.
    `skilled`: whether the accuracy there is clearly above `majority`, the share of the majority class there; what is
    not is no gain, whatever main scores."""

    arm: str
    where: str
    usual: Effect
    there: Effect
    title: str = ""
    majority: float | None = None
    skilled: bool = True

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values; intervals are null below two seeds."""
        numbers = {"usual": self.usual.estimate, "there": self.there.estimate}
        told = {"variant": self.arm, "where": self.where, "title": self.title or self.where, **numbers}
        return {**told, "interval": self.interval, "majority": self.majority, "word": self.word}

    @property
    def interval(self) -> list[float] | None:
        """The 95 % interval over seeds of what is gained there, None below two seeds."""
        return list(self.there.interval()) if self.there.seeds > 1 else None

    @property
    def word(self) -> Word:
        """What becomes of it: a gain survives, a loss stays behind, either turns; below majority where more accuracy
        than main's is not more than the majority class has; open where one of the two differences is not told from
        0."""
        before, after = (side_of(one.interval()) if one.seeds > 1 else 0 for one in (self.usual, self.there))
        if not before or not after:
            return "open"
        if after > 0 and not self.skilled:
            return "below majority"
        if before != after:
            return "turns"
        return "survives" if before > 0 else "stays behind"


def gains(study: ProbedStudy) -> Iterator[Gain]:
    """How much of each variant's gain over main, or loss against it, is there on every other evaluation split and
    under every condition whose true labels are known."""
    record = study.record
    split = evaluation_split(record)
    if split is None:
        return
    everything = {arm.name: arm for arm in arms(record)}
    base = everything[record.main]
    others = [name for name in record.splits if name not in ("train", "dev", split)]
    for name, arm in everything.items():
        usual = _difference(study, arm, base, split)
        if name == record.main or usual is None:
            continue
        for other in others:
            there = _difference(study, arm, base, other)
            if there is not None:
                most = record.splits[other].majority.get("accuracy")
                scores = estimate_from_scores(arm.scores(other, "accuracy"), record.splits[other].rows)
                yield Gain(name, other, usual, there, other, most, _exceeds_majority(scores, most))
        mine, theirs = study.of(name), study.of(record.main)
        if mine is not None and theirs is not None:
            yield from _compare_conditions(mine, theirs)


def _difference(study: ProbedStudy, arm: Arm, base: Arm, split: str) -> Effect | None:
    rows = study.record.splits[split].rows
    return compare_by_seed(arm.scores(split, "accuracy"), base.scores(split, "accuracy"), rows)


def _compare_conditions(arm: ProbedArm, base: ProbedArm) -> Iterator[Gain]:
    """Conditions, beside the same rows as they are."""
    first, second = arm.plain.after, base.plain.after
    usual = None if first is None or second is None else compare_by_seed(first.by_seed, second.by_seed, first.rows)
    if usual is None:
        return
    for reading in arm.readings[1:]:
        other = base.of(reading.condition.name)
        if reading.after is None or other is None or other.after is None:
            continue
        found = compare_by_seed(reading.after.by_seed, other.after.by_seed, reading.after.rows)
        if found is not None:
            one, most = reading.condition, reading.majority_after
            yield Gain(arm.arm.name, one.name, usual, found, one.title, most, _exceeds_majority(reading.after, most))


def _exceeds_majority(score: Effect, majority: float | None) -> bool:
    return majority is None or score.interval()[0] > majority
