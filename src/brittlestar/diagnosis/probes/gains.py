"""What is left of a gain over main on other splits, and what training without order costs."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.decisions import side_of
from brittlestar.diagnosis.probes.phrasing import describe_population, format_effect
from brittlestar.diagnosis.probes.readings import ProbedStudy
from brittlestar.diagnosis.variant_runs import VariantRuns, list_variant_runs
from brittlestar.statistics.effects import Effect, compare_by_seed, estimate_from_scores

Word = Literal["survives", "stays behind", "turns", "below majority", "open"]


@dataclass(frozen=True)
class Gain:
    """What a variant gains over main on the usual split and on another one (`where`), in fractions of accuracy, paired
    by seed, for the rows at hand. `skilled`: whether its accuracy there is clearly above `majority`, the share of the
    majority class there; what is not is no gain, whatever main scores."""

    variant: str
    where: str
    usual: Effect
    there: Effect
    majority: float | None = None
    skilled: bool = True

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values; intervals are null below two seeds."""
        numbers = {"usual": self.usual.estimate, "there": self.there.estimate, "interval": self.interval}
        return {"variant": self.variant, "where": self.where, **numbers, "majority": self.majority, "word": self.word}

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


def compare_gains(record: StudyRecord) -> Iterator[Gain]:
    """How much of each variant's gain over main, or loss against it, is there on every other evaluation split."""
    usual_split = record.held_out
    main, *others = sorted(list_variant_runs(record), key=lambda one: one.name != record.main)
    if usual_split is None:
        return
    elsewhere = [name for name in record.splits if name not in ("train", "dev", usual_split)]
    for variant, split in product(others, elsewhere):
        usual = _compare_scores(record, variant, main, usual_split)
        there = _compare_scores(record, variant, main, split)
        if usual is not None and there is not None:
            most = record.splits[split].majority.get("accuracy")
            score = estimate_from_scores(variant.scores(split, "accuracy"), record.splits[split].rows)
            skilled = most is None or score.interval()[0] > most
            yield Gain(variant.name, split, usual, there, most, skilled)


def _compare_scores(record: StudyRecord, variant: VariantRuns, main: VariantRuns, split: str) -> Effect | None:
    rows = record.splits[split].rows
    return compare_by_seed(variant.scores(split, "accuracy"), main.scores(split, "accuracy"), rows)


@dataclass(frozen=True)
class Information:
    """What a variant that is trained without something scores less than main (`available`, paired by seed), and
    what main loses of its own score where the same is taken away at evaluation alone (`used`)."""

    what: str
    variant: str
    available: Effect
    used: Effect

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "what": self.what,
            "variant": self.variant,
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
            f"Training without {missing} ({self.variant}) costs {cost}{_population(self.available)}.",
            f"At test time, {taken} costs main {format_effect(self.used)} ({describe_population(self.used)}).",
        )


def _population(effect: Effect) -> str:
    """What the interval of a paired difference is over."""
    return f" (95 % over {effect.seeds} seeds, these rows)" if effect.seeds > 1 else ", one seed"


def measure_information(study: ProbedStudy) -> Iterator[Information]:
    """For each variant that is trained without order, or with one factor of two: what that costs, beside how far main
    relies on it."""
    record = study.record
    split, base = study.probes.split, study.of(record.main)
    if base is None:
        return
    mine = base.runs.scores(split, "accuracy")
    for variant in list_variant_runs(record):
        for what, condition in _list_removals(record, variant):
            reading = base.of(condition)
            available = compare_by_seed(mine, variant.scores(split, "accuracy"), record.splits[split].rows)
            if reading is not None and reading.reliance is not None and available is not None:
                yield Information(what, variant.name, available, reading.reliance)


def _list_removals(record: StudyRecord, variant: VariantRuns) -> Iterator[tuple[str, str]]:
    """What a variant is trained without, and the condition that takes the same away at evaluation."""
    changes = variant.record.changes
    if changes.get("data.order") == "permuted":
        yield "order", "order.shuffle@1"
    rest = [name for name in record.factors if name != changes.get("data.factor")]
    if "data.factor" in changes and len(rest) == 1:
        yield f"factor {rest[0]}", f"factors.redraw:{rest[0]}@1"
