"""Each variant at lengths that train has, and at longer ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from brittlestar.diagnosis.probes.phrasing import format_points
from brittlestar.diagnosis.probes.readings import ProbedStudy


@dataclass(frozen=True)
class Lengths:
    """Accuracy of a variant on the split that was probed (`within`), its mean on longer rows (`beyond`, drawn anew at
    so many times train's longest), the worst seed there, and the mean share of the majority class there; fractions."""

    arm: str
    split: str
    within: float
    beyond: float
    worst: float
    majority: float
    times: tuple[float, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**vars(self), "times": list(self.times)}

    @property
    def sentence(self) -> str:
        """What a reader is told."""
        times = ", ".join(f"{one:g}" for one in self.times)
        return (
            f"{self.arm}: accuracy is {format_points(self.within)} on {self.split}, and {format_points(self.beyond)} "
            f"on longer rows of the same rule ({times} times train's longest; worst seed {format_points(self.worst)}, "
            f"majority class {format_points(self.majority)})."
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
        most = sum(one.majority_after or 0.0 for one in swept) / len(swept)
        split = study.probes.split
        yield Lengths(arm.arm.name, split, plain.estimate, beyond, min(by_seed), most, times)
