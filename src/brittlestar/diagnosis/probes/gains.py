"""What is left of a gain over main elsewhere, of accuracy at longer rows, and what training without order costs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.decisions import side_of
from brittlestar.diagnosis.probes.phrasing import describe_population, format_effect, format_points
from brittlestar.diagnosis.probes.readings import ProbedStudy, ProbedVariant
from brittlestar.diagnosis.variant_runs import VariantRuns, evaluation_split, list_variant_runs
from brittlestar.statistics.effects import Effect, compare_by_seed, estimate_from_scores

Word = Literal["survives", "stays behind", "turns", "below majority", "open"]


@dataclass(frozen=True)
class Gain:
    """What a variant gains over main on the usual split and elsewhere: a shifted split, or a condition of the
    suite with true labels, which `title` has in words. Fractions of accuracy, paired by seed, for the rows at hand.
    `skilled`: whether the accuracy there is clearly above `majority`, the share of the majority class there; what is
    not is no gain, whatever main scores."""

    variant: str
    where: str
    usual: Effect
    there: Effect
    title: str = ""
    majority: float | None = None
    skilled: bool = True

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values; intervals are null below two seeds."""
        numbers = {"usual": self.usual.estimate, "there": self.there.estimate}
        told = {"variant": self.variant, "where": self.where, "title": self.title or self.where, **numbers}
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


def compare_gains(study: ProbedStudy) -> Iterator[Gain]:
    """How much of each variant's gain over main, or loss against it, is there on every other evaluation split and
    under every condition whose true labels are known."""
    record = study.record
    split = evaluation_split(record)
    if split is None:
        return
    everything = {variant.name: variant for variant in list_variant_runs(record)}
    base = everything[record.main]
    others = [name for name in record.splits if name not in ("train", "dev", split)]
    for name, variant in everything.items():
        usual = _difference(study, variant, base, split)
        if name == record.main or usual is None:
            continue
        for other in others:
            there = _difference(study, variant, base, other)
            if there is not None:
                most = record.splits[other].majority.get("accuracy")
                scores = estimate_from_scores(variant.scores(other, "accuracy"), record.splits[other].rows)
                yield Gain(name, other, usual, there, other, most, _exceeds_majority(scores, most))
        mine, theirs = study.of(name), study.of(record.main)
        if mine is not None and theirs is not None:
            yield from _compare_conditions(mine, theirs)


def _difference(study: ProbedStudy, variant: VariantRuns, base: VariantRuns, split: str) -> Effect | None:
    rows = study.record.splits[split].rows
    return compare_by_seed(variant.scores(split, "accuracy"), base.scores(split, "accuracy"), rows)


def _compare_conditions(variant: ProbedVariant, base: ProbedVariant) -> Iterator[Gain]:
    first, second = variant.plain.after, base.plain.after
    usual = None if first is None or second is None else compare_by_seed(first.by_seed, second.by_seed, first.rows)
    if usual is None:
        return
    for reading in variant.readings[1:]:
        other = base.of(reading.condition.name)
        if reading.after is None or other is None or other.after is None:
            continue
        found = compare_by_seed(reading.after.by_seed, other.after.by_seed, reading.after.rows)
        if found is not None:
            one, most = reading.condition, reading.majority_after
            yield Gain(variant.name, one.name, usual, found, one.title, most, _exceeds_majority(reading.after, most))


def _exceeds_majority(score: Effect, majority: float | None) -> bool:
    return majority is None or score.interval()[0] > majority


@dataclass(frozen=True)
class Lengths:
    """Accuracy of a variant on the split that was probed (`within`), its mean on longer rows (`beyond`, drawn anew at
    so many times train's longest), the worst seed there, and the mean share of the majority class there; fractions."""

    variant: str
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
            f"{self.variant}: accuracy is {format_points(self.within)} on {self.split}, and "
            f"{format_points(self.beyond)} on longer rows of the same rule ({times} times train's longest; worst seed "
            f"{format_points(self.worst)}, majority class {format_points(self.majority)})."
        )


def measure_lengths(study: ProbedStudy) -> Iterator[Lengths]:
    """Each variant within train's lengths and beyond them, where the rule can be drawn from."""
    for variant in study.variants:
        swept = [one for one in variant.readings if one.condition.probe == "length.sweep" and one.after is not None]
        plain = variant.plain.before
        if not swept or plain is None:
            continue
        after = [one.after for one in swept if one.after is not None]
        by_seed = [sum(one.by_seed[seed] for one in after) / len(after) for seed in after[0].by_seed]
        beyond = sum(one.estimate for one in after) / len(after)
        times = tuple(one.condition.strength for one in swept)
        most = sum(one.majority_after or 0.0 for one in swept) / len(swept)
        split = study.probes.split
        yield Lengths(variant.name, split, plain.estimate, beyond, min(by_seed), most, times)


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
