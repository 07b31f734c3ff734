"""Requirements of classes and slices: none worse than in the last release, none below a recall."""

from collections.abc import Mapping, Sequence

from brittlestar.claims.releases import SliceChange
from brittlestar.claims.sentences import needed_words
from brittlestar.claims.slices import SliceScore
from brittlestar.core.gating import (
    OUTCOME_OF_VERDICT,
    OUTCOME_WORDS,
    GateOutcome,
    Requirement,
    SliceLine,
    decide_least,
    join_all,
)
from brittlestar.core.metrics import metric_of
from brittlestar.study.gate_policy import ALL
from brittlestar.study.row_filters import LABEL, name_slice
from brittlestar.study.units import count, unit_of

MOST_SLICES_NAMED = 3
"""Slices that a sentence names (convention)."""
UNIT = unit_of("accuracy")
TOGETHER, SHARED = "All intervals hold together (95 %).", "All share one error of 5 % (Holm)."


def decide_changes(changes: Sequence[SliceChange], by: float, column: str, asked: bool) -> Requirement:
    """Classes or slices, of none of which more than so much may be lost against the last release. Where nobody `asked`,
    one that is shown to lose more fails, and what is open passes."""
    kind = "class" if column == LABEL else f"slice of {column}"
    name = f"against, by {kind} (none loses more than {UNIT.threshold(by)})"
    lines = tuple(_line(change, asked) for change in sorted(changes, key=lambda one: one.now - one.before))
    if not lines:
        return Requirement(name, "cannot-say", f"No {kind} has rows that both releases answer.")
    outcome, worst = join_all(line.outcome for line in lines), lines[0]
    if outcome == "pass":
        shown = "has lost so much" if asked else "is shown to have lost so much"
        return Requirement(
            name, outcome, f"none of {len(lines)} {shown}; the worst: {tell_slice(worst)}. {SHARED}", lines=lines
        )
    bad = [line for line in lines if line.outcome == outcome]
    more = f" and {len(bad) - MOST_SLICES_NAMED} more" if len(bad) > MOST_SLICES_NAMED else ""
    told = "; ".join(tell_slice(line) for line in bad[:MOST_SLICES_NAMED])
    verb = "lost" if outcome == "fail" else "may have lost"
    sentence = f"{len(bad)} of {len(lines)} {verb} more: {told}{more}. {SHARED}"
    if outcome == "fail":
        key = "no_worse_by_class" if column == LABEL else "no_worse_by_slice"
        return Requirement(name, outcome, f"{sentence} `{key}: 0.20` allows 20 points.", lines=lines)
    return Requirement(
        name, outcome, sentence, " ".join(line.next for line in bad[:MOST_SLICES_NAMED] if line.next), lines=lines
    )


def _line(one: SliceChange, asked: bool) -> SliceLine:
    outcome: GateOutcome = OUTCOME_OF_VERDICT[one.judgement.verdict]
    if not asked and outcome == "cannot-say":
        outcome = "pass"
    name, rows = name_slice(one.where), one.judgement.rows or 0
    needed = f"{name}: {needed_words(one.judgement)}" if outcome == "cannot-say" else ""
    return SliceLine(name, rows, one.before, one.now, one.judgement.estimate, one.judgement.interval, outcome, needed)


def tell_slice(line: SliceLine) -> str:
    """`billing −41.7 points [−45.5, −37.9] (88.0 to 46.3, 212 rows)`; alone `billing 46.3 [40, 53] (212 rows)`."""
    rows = count(line.rows, "row")
    if line.before is None:
        return f"{line.name} {UNIT.estimate(line.now, line.interval)} ({rows})"
    change = f"{UNIT.amount(line.change, True)} {UNIT.interval(line.interval, True)}".strip()
    return f"{line.name} {change} ({UNIT.number(line.before)} to {UNIT.number(line.now)}, {rows})"


def list_cells(line: SliceLine) -> tuple[str, ...]:
    """A slice as a row of a table: its name, its rows, before, now, the change, the interval, and the outcome."""
    numbers = UNIT.number(line.before), UNIT.number(line.now), UNIT.number(line.change, True)
    interval = UNIT.interval(line.interval, line.before is not None)
    return line.name, f"{line.rows:,}", *numbers, interval, OUTCOME_WORDS[line.outcome]


SLICE_HEADINGS = ("slice", "rows", "last", "now", "change", "interval", "outcome")
"""What the cells of a slice are, shares in points."""


def decide_recall(scores: Sequence[SliceScore], least: Mapping[str, float]) -> Requirement:
    """Recalls of classes, of which each must be known to be so much; one whose interval reaches below and above is
    open."""
    wanted = {score.where.value: least.get(score.where.value, least.get(ALL)) for score in scores}
    lines = tuple(
        SliceLine(
            name_slice(score.where), score.score.n_rows, None, score.score.mean, None, score.score.interval,
            decide_least(score.score.interval, bar), "",
        )
        for score in sorted(scores, key=lambda one: one.score.mean)
        if (bar := wanted[score.where.value]) is not None
    )  # fmt: skip
    told = ", ".join(f"{name or 'each class'} {UNIT.threshold(value)}" for name, value in least.items())
    name = f"least recall ({told})"
    lacking = [one for one in least if one not in (ALL, *wanted)]
    if lacking or not lines:
        sentence = f"No row has the label {', '.join(lacking)}." if lacking else "No class has rows."
        return Requirement(name, "cannot-say", sentence, lines=lines)
    outcome = join_all(line.outcome for line in lines)
    named = [line for line in lines if line.outcome == outcome][: 1 if outcome == "pass" else MOST_SLICES_NAMED]
    shown = "; ".join(map(tell_slice, named))
    told = {"pass": "the lowest", "fail": "below", "cannot-say": "too close to tell"}[outcome]
    return Requirement(name, outcome, f"{told}: {shown}. {TOGETHER}", lines=lines)


def decide_score(mean: float, interval: tuple[float, float] | None, metric: str, least: float) -> Requirement:
    """The score of main, which must be known to be so much (of a loss: so little)."""
    unit, sign = unit_of(metric), metric_of(metric).sign
    low, high = sorted(sign * end for end in interval) if interval else (None, None)
    outcome = decide_least(None if low is None or high is None else (low, high), sign * least)
    name = f"least score {unit.number(least)}"
    return Requirement(name, outcome, f"{unit.amount(mean)} {unit.interval(interval)} of {unit.name}.")
