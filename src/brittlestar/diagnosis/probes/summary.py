"""What probes found, as JSON and as sentences: every condition, what order carries, and which gains survive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from brittlestar.core.intervals import t_interval
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import Arm, arms, evaluation_split
from brittlestar.diagnosis.probes.readings import ProbedArm, probed_arms
from brittlestar.diagnosis.probes.saying import points
from brittlestar.diagnosis.probes.telling import Word, told


def probes_document(record: StudyRecord) -> dict[str, Any] | None:
    """The JSON of `probes`, None where the study was not probed."""
    probes = record.probes
    if probes is None:
        return None
    return {
        "suite": probes.id,
        "split": probes.split,
        "rows": len(probes.sample),
        "of": probes.of,
        "rule": probes.rule,
        "agreement": probes.agreement,
        "notes": list(probes.notes),
        "arms": {one.arm.name: [reading.as_json() for reading in one.readings] for one in probed_arms(record)},
        "lengths": [one.as_json() for one in lengths(record)],
        "told": {
            name: {what: dict(words) for what, words in told.items()} for name, told in told_by_arm(record).items()
        },
        "information": [one.as_json() for one in information(record)],
        "gains": [one.as_json() for one in gains(record)],
    }


def told_by_arm(record: StudyRecord) -> dict[str, dict[str, Counter[str]]]:
    """{arm: {what was asked: {answer: seeds}}}: what each finished model reads, and how far it carries."""
    probes = record.probes
    found: dict[str, dict[str, Counter[str]]] = {}
    for arm in probed_arms(record):
        assert probes is not None
        words: dict[str, Counter[str]] = {}
        for cell in arm.cells.values():
            for what, one in told(probes, cell).items():
                words.setdefault(what, Counter())[one.word] += 1
        found[arm.arm.name] = words
    return found


def told_sentences(record: StudyRecord) -> Iterator[str]:
    """`baseline reads order (5 of 5 seeds); ignores factor colour (4 of 5 seeds)`, an arm a sentence; nothing of arms
    of which no seed has learned the task."""
    for arm, answers in told_by_arm(record).items():
        parts: list[str] = []
        for word in WORDS:
            named = [(what, counts[word], counts.total()) for what, counts in answers.items() if counts[word]]
            if named:
                listed = ", ".join(f"{what} ({many} of {total} seeds)" for what, many, total in named)
                parts.append(f"{WORDS[word]} {listed}")
        if parts:
            yield f"{arm} {'; '.join(parts)}."


WORDS: dict[Word, str] = {
    "reads": "reads",
    "ignores": "ignores",
    "suffices": "needs no order but",
    "does not suffice": "needs more than",
    "holds": "holds at",
    "breaks": "breaks at",
}


@dataclass(frozen=True)
class Lengths:
    """Accuracy of an arm at lengths that train has (`within`), its mean at longer ones (`beyond`, rows drawn anew at
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


def lengths(record: StudyRecord) -> Iterator[Lengths]:
    """Each arm within train's lengths and beyond them, where the rule can be drawn from."""
    for arm in probed_arms(record):
        swept = [one for one in arm.readings if one.condition.probe == "length.sweep" and one.after is not None]
        plain = arm.plain.before
        if not swept or plain is None:
            continue
        after = [one.after for one in swept if one.after is not None]
        by_seed = [sum(one.by_seed[seed] for one in after) / len(after) for seed in after[0].by_seed]
        beyond = sum(one.estimate for one in after) / len(after)
        times = tuple(one.condition.strength for one in swept)
        yield Lengths(arm.arm.name, plain.estimate, beyond, min(by_seed), times)


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


def information(record: StudyRecord) -> Iterator[Information]:
    """For each arm that is trained without order: what order carries, beside what the baseline uses of it."""
    split = evaluation_split(record)
    probed = {one.arm.name: one for one in probed_arms(record)}
    base = probed.get(record.baseline)
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


def gains(record: StudyRecord) -> Iterator[Gain]:
    """How much of each arm's gain over the baseline, or loss against it, is there on every shifted split and under
    every condition whose true labels are known."""
    split = evaluation_split(record)
    if split is None:
        return
    probed = {one.arm.name: one for one in probed_arms(record)}
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
        if name in probed and record.baseline in probed:
            yield from _under(probed[name], probed[record.baseline], usual[0])


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
