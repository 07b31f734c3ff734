"""What order carries, beside what the baseline uses of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from brittlestar.diagnosis.arms import arms, evaluation_split
from brittlestar.diagnosis.probes.readings import ProbedStudy
from brittlestar.diagnosis.probes.saying import points


@dataclass(frozen=True)
class Information:
    """What an arm that is trained without something scores less than the baseline (`available`), and what the baseline
    loses of its own score where the same is taken away at evaluation alone (`used`): means over seeds, fractions."""

    what: str
    arm: str
    available: float
    used: float

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return vars(self)

    @property
    def sentence(self) -> str:
        """What a reader is told."""
        return (
            f"{self.what.capitalize()} carries {points(self.available)} points here, by what {self.arm} scores without "
            f"it in training; of the baseline's score {points(self.used)} points hang on it."
        )


TAKEN = {"data.order": ("permuted", "order", "order.shuffle@1")}


def information(study: ProbedStudy) -> Iterator[Information]:
    """For each arm that is trained without order: what order carries, beside what the baseline uses of it."""
    record = study.record
    split, base = evaluation_split(record), study.of(record.baseline)
    if split is None or base is None:
        return
    for arm in arms(record):
        for path, (value, what, name) in TAKEN.items():
            reading = base.of(name)
            if arm.variant.changes.get(path) != value or reading is None or reading.reliance is None:
                continue
            mine, theirs = base.arm.scores(split, "accuracy"), arm.scores(split, "accuracy")
            shared = sorted(mine.keys() & theirs.keys())
            if shared:
                available = sum(mine[seed] - theirs[seed] for seed in shared) / len(shared)
                yield Information(what, arm.name, available, reading.reliance.estimate)
