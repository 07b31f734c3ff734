"""What training without order, or a factor, costs, beside how far main relies on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import Arm, arms
from brittlestar.diagnosis.probes.phrasing import describe_population, format_effect
from brittlestar.diagnosis.probes.readings import ProbedStudy
from brittlestar.statistics.effects import Effect, compare_by_seed


@dataclass(frozen=True)
class Information:
    """What a variant that is trained without something scores less than main (`available`, paired by seed), and
    what main loses of its own score where the same is taken away at evaluation alone (`used`)."""

    what: str
    arm: str
    available: Effect
    used: Effect

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "what": self.what,
            "variant": self.arm,
            "available": self.available.as_json(),
            "used": self.used.as_json(),
        }

    @property
    def sentences(self) -> tuple[str, str]:
        """What a reader is told; a mean over one seed has no interval over seeds."""
        cost = format_effect(self.available)
        cost = cost if self.available.seeds > 1 else cost.partition(" [")[0]
        taken = "shuffling tokens" if self.what == "order" else f"random values of {self.what}"
        missing = "token order" if self.what == "order" else self.what
        return (
            f"Training without {missing} ({self.arm}) costs {cost}{_population(self.available)}.",
            f"At test time, {taken} costs main {format_effect(self.used)} ({describe_population(self.used)}).",
        )


def _population(effect: Effect) -> str:
    """What the interval of a paired difference is over."""
    return f" (95 % over {effect.seeds} seeds, these rows)" if effect.seeds > 1 else ", one seed"


def information(study: ProbedStudy) -> Iterator[Information]:
    """For each variant that is trained without order, or with one factor of two: what that costs, beside how far main
    relies on it."""
    record = study.record
    split, base = study.probes.split, study.of(record.main)
    if base is None:
        return
    mine = base.arm.scores(split, "accuracy")
    for arm in arms(record):
        for what, condition in _list_removals(record, arm):
            reading = base.of(condition)
            available = compare_by_seed(mine, arm.scores(split, "accuracy"), record.splits[split].rows)
            if reading is not None and reading.reliance is not None and available is not None:
                yield Information(what, arm.name, available, reading.reliance)


def _list_removals(record: StudyRecord, arm: Arm) -> Iterator[tuple[str, str]]:
    """What a variant is trained without, and the condition that takes the same away at evaluation."""
    changes = arm.variant.changes
    if changes.get("data.order") == "permuted":
        yield "order", "order.shuffle@1"
    rest = [name for name in record.factors if name != changes.get("data.factor")]
    if "data.factor" in changes and len(rest) == 1:
        yield f"factor {rest[0]}", f"factors.redraw:{rest[0]}@1"
