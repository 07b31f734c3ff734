"""The last release, which main must not be worse than: on the whole, by class, and by slice."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from brittlestar.claims.releases import (
    MatchedReleases,
    Release,
    ReleaseComparison,
    SliceChange,
    compare_releases,
    compare_slices,
    find_release,
    match_releases,
)
from brittlestar.claims.sentences import needed_words
from brittlestar.claims.slice_search import search_changes
from brittlestar.claims.slices import list_slices
from brittlestar.core.errors import InputError
from brittlestar.core.gating import OUTCOME_OF_VERDICT, GateOutcome, Requirement, SliceLine, join_all
from brittlestar.core.metrics import metric_of
from brittlestar.reports.gate.ask import Gated, OpenRelease, ask
from brittlestar.reports.gate.scores import ECE
from brittlestar.reports.gate.slices import MOST_SLICES_NAMED, UNIT, tell_slice
from brittlestar.study.gate_policy import CALIBRATION_LOSS, CLASS_LOSS
from brittlestar.study.gate_values import Release as GivenRelease
from brittlestar.study.row_filters import LABEL, name_slice, title_slice
from brittlestar.study.units import count, unit_of

SHARED = "All share one error of 5 % (Holm)."


@ask(key="against", form=GivenRelease, must_be="a study's folder or files", example="released.csv", reads="answers")
def decide_against(_: Any, gated: Gated) -> Iterator[Requirement]:
    """Main is not worse than the last release: a study's folder, or files of predictions, one a seed."""
    (record, _), terms, split, open_last = gated.study, gated.terms, gated.split, gated.last
    if open_last is None:
        return
    metric = record.metric
    now, matched = _match(gated, split, open_last, metric)
    found = compare_releases(matched, split, metric, terms.no_worse_by)
    yield decide_release(found, terms.no_worse_by, metric)
    yield from _decide_calibration(gated, split, open_last)
    if found.identical:
        return
    if metric_of(metric).needs != "predictions":
        now, matched = _match(gated, split, open_last, "accuracy")
    for column in (LABEL, *terms.slices):
        asked = terms.no_worse_by_class if column == LABEL else terms.no_worse_by_slice
        by = CLASS_LOSS if asked is None else asked
        there = list_slices(now.rows, column, record.classes)
        if by < 1:  # a class that may lose all of its rows is not asked about
            changes = compare_slices(matched, now, there, split, by)
            yield decide_changes(changes, by, column, asked is not None)
    if found_slices := search_changes(matched, now, record.classes, split, CLASS_LOSS):
        yield decide_found(found_slices, CLASS_LOSS)


def _match(gated: Gated, split: str, open_last: OpenRelease, metric: str) -> tuple[Release, MatchedReleases]:
    """Main, and both releases on the rows that both have. Raises InputError where one lacks the metric row by row."""
    record, answers = gated.study
    now = find_release(record, answers, split, metric)
    return now, match_releases(now, open_last(now, split, record, metric), split, metric, gated.terms.best_of)


def _decide_calibration(gated: Gated, split: str, open_last: OpenRelease) -> Iterator[Requirement]:
    """The calibration error, where both releases have probabilities that differ: shown to have risen, it fails."""
    record, _ = gated.study
    try:
        _, matched = _match(gated, split, open_last, ECE)
    except InputError:  # bare labels
        return
    found = compare_releases(matched, split, ECE, CALIBRATION_LOSS)
    if not found.identical and record.metric != ECE:
        name = f"against, calibration error (no worse by {unit_of(ECE).threshold(CALIBRATION_LOSS)})"
        outcome: GateOutcome = "fail" if found.judgement.verdict == "refuted" else "pass"
        yield Requirement(name, outcome, found.judgement.sentence)


def decide_release(found: ReleaseComparison, by: float, metric: str) -> Requirement:
    """The last release: main must not be worse by more than so much."""
    name = f"against (no worse by {unit_of(metric).threshold(by)})"
    if found.identical:
        return Requirement(name, "pass", f"every answer to {found.rows:,} rows is that of the last release.")
    rows = f"{found.rows:,} of {found.of:,} rows are in both"
    relabelled = f"; {found.relabelled:,} rows have another label now and are left out" if found.relabelled else ""
    seeds = f"; paired over {count(found.shared_seeds, 'seed')}" if found.shared_seeds > 1 else ""
    if len(set(found.runs)) > 1:
        verb, shared = "is" if found.shared_seeds == 1 else "are", count(found.shared_seeds, "seed")
        kept = f": only the {shared} that both have {verb} compared" if found.shared_seeds else ""
        seeds = f"; {count(found.runs[0], 'run')} against {found.runs[1]}{kept}"
    sentence = f"{found.judgement.sentence} {rows}{relabelled}{seeds}."
    return Requirement(name, OUTCOME_OF_VERDICT[found.judgement.verdict], sentence)


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


def decide_found(changes: Sequence[SliceChange], by: float) -> Requirement:
    """Slices that nobody named, which lost most on a half of the rows: one that the other half shows to lose more than
    so much fails, and what is open passes."""
    name = f"against, slices that were searched (none loses more than {UNIT.threshold(by)})"
    lines = tuple(
        replace(_line(one, False), name=title_slice(one.where))
        for one in sorted(changes, key=lambda one: one.now - one.before)
    )
    outcome = join_all(line.outcome for line in lines)
    if outcome == "pass":
        return Requirement(name, outcome, f"{lines[0].name} stood out on half of the rows, and not on the other half.")
    told = "; ".join(tell_slice(line) for line in lines if line.outcome == outcome)
    sentence = f"lost more: {told}, on the half of the rows that was not searched. {SHARED}"
    return Requirement(name, outcome, sentence, lines=lines)


def _line(one: SliceChange, asked: bool) -> SliceLine:
    outcome: GateOutcome = OUTCOME_OF_VERDICT[one.judgement.verdict]
    if not asked and outcome == "cannot-say":
        outcome = "pass"
    name, rows = name_slice(one.where), one.judgement.rows or 0
    needed = f"{name}: {needed_words(one.judgement)}" if outcome == "cannot-say" else ""
    return SliceLine(name, rows, one.before, one.now, one.judgement.estimate, one.judgement.interval, outcome, needed)


ASKS = (decide_against,)
