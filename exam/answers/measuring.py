"""What is true of a situation: beside trivial baselines and shifted on fresh rows, and what a mend moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.verbs.audit import audit
from exam.answers.situation import Situation
from exam.answers.tasks import FRESH, FRESH_SHIFT

NORMAL = 1.96


@dataclass(frozen=True)
class Measured:
    """A difference of accuracies, with its standard error."""

    value: float
    error: float

    def beyond(self, threshold: float) -> bool | None:
        """Whether it is above a threshold; None where these rows cannot tell."""
        return None if abs(self.value - threshold) <= NORMAL * self.error else self.value > threshold


def compare(first: Mapping[str, float], second: Mapping[str, float]) -> Measured:
    """First minus second, of outcomes by the id of a row: rows of both are paired, others independent."""
    shares: dict[str, float] = {}
    means = [float(np.mean([*one.values()])) for one in (first, second)]
    for sign, mean, outcomes in zip((1, -1), means, (first, second), strict=True):
        for row, outcome in outcomes.items():
            shares[row] = shares.get(row, 0.0) + sign * (outcome - mean) / len(outcomes)
    return Measured(means[0] - means[1], float(np.sqrt(sum(one * one for one in shares.values()))))


def outcomes(situation: Situation, *splits: str) -> dict[str, float]:
    """{id: share of seeds that are right} over the rows of these splits."""
    found: dict[str, float] = {}
    for split in splits:
        found |= dict(zip(situation.splits[split].ids, map(float, situation.right(split)), strict=True))
    return found


def measure_gain(situation: Situation) -> Measured:
    """Main minus the trivial baseline that is best on fresh rows."""
    splits = situation.splits
    named = {"train": splits["train"], "dev": splits["dev"], "test": splits[FRESH]}
    frames = {name: (list(rows.texts), list(rows.labels)) for name, rows in named.items()}
    scored: Any = audit(frames, only=["label.missing"], progress=False).analysis.baselines
    labels, main = scored.splits["test"].labels, situation.right(FRESH)
    rights = [np.asarray(one["test"].predicted[0] == labels, dtype=np.float64) for one in scored.answers.values()]
    best = max(rights, key=lambda one: float(one.mean()))
    return Measured(float((main - best).mean()), float((main - best).std() / np.sqrt(len(best))))


def measure_loss(situation: Situation) -> Measured | None:
    """What main loses from fresh rows to fresh shifted ones; None without a shift."""
    if FRESH_SHIFT not in situation.splits:
        return None
    return compare(outcomes(situation, FRESH), outcomes(situation, FRESH_SHIFT))


def measure_mend(given: Situation, mended: Situation, on_fresh: bool) -> Measured:
    """What a mend moves the score of test by; on fresh rows, too, where the fault is seen there as well."""
    splits = ("test", FRESH) if on_fresh else ("test",)
    return compare(outcomes(mended, *splits), outcomes(given, *splits))


def measure_copies(given: Situation) -> Measured:
    """What the score of test moves by where rows leave it that are in train; nothing where fresh rows of the source are
    in train as often."""
    known, test = {*given.splits["train"].texts}, given.splits["test"]
    rates = [np.array([text in known for text in given.splits[split].texts], dtype=float) for split in ("test", FRESH)]
    error = float(np.sqrt(sum(rate.var() / len(rate) for rate in rates)))
    if not Measured(float(rates[0].mean() - rates[1].mean()), error).beyond(0.0):
        return Measured(0.0, 0.0)
    every = outcomes(given, "test")
    unseen = {row: every[row] for row, text in zip(test.ids, test.texts, strict=True) if text not in known}
    return compare(unseen, every) if unseen else Measured(0.0, 0.0)


def find_best(moves: Sequence[Measured]) -> float:
    """The largest move, in either direction, of those that are no chance."""
    return max((abs(one.value) for one in moves if one.beyond(0.0) is not None), default=0.0)
