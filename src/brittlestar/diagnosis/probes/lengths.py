"""Each variant at lengths that train has, and at longer ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from brittlestar.diagnosis.probes.readings import ProbedStudy
from brittlestar.diagnosis.probes.saying import points


@dataclass(frozen=True)
class Lengths:
    """Accuracy of a variant at lengths that train has (`within`), its mean at longer ones (`beyond`, rows drawn anew at
    so many times train's longest), and the worst seed there; fractions."""

    arm: str
    within: float
    beyond: float
    worst: float
    times: tuple[float, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**vars(self), "times": list(self.times)}

    @property
    def sentence(self) -> str:
        """What a reader is told."""
        times = ", ".join(f"{one:g}" for one in self.times)
        return (
            f"{self.arm} is right on {points(self.within)} % of rows as long as those of train, and on "
            f"{points(self.beyond)} % at {times} times train's longest (the worst seed {points(self.worst)} %)."
        )


def lengths(study: ProbedStudy) -> Iterator[Lengths]:
    """Each variant within train's lengths and beyond them, where the rule can be drawn from."""
    for arm in study.arms:
        swept = [one for one in arm.readings if one.condition.probe == "length.sweep" and one.after is not None]
        plain = arm.plain.before
        if not swept or plain is None:
            continue
        after = [one.after for one in swept if one.after is not None]
        by_seed = [sum(one.by_seed[seed] for one in after) / len(after) for seed in after[0].by_seed]
        beyond = sum(one.estimate for one in after) / len(after)
        times = tuple(one.condition.strength for one in swept)
        yield Lengths(arm.arm.name, plain.estimate, beyond, min(by_seed), times)
