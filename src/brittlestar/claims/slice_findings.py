"""The finding about slices where models cannot be asked again: predictions that were given."""

from collections.abc import Iterator, Sequence
from typing import Any

from brittlestar.claims.claim_findings import JudgedStudy, claim_check
from brittlestar.claims.slices import SliceScore, find_worst
from brittlestar.core.checks import Observed
from brittlestar.core.findings import SLICE_GAP, Status
from brittlestar.diagnosis.probes.phrasing import list_some
from brittlestar.diagnosis.probes.slices import FEWEST_IN_SLICE
from brittlestar.study.row_filters import LABEL, TOKEN, title_slice
from brittlestar.study.units import unit_of


@claim_check(
    "eval.slice",
    "A class, a length, a value of a column named with --slices or a token has 30 rows, and scores more than 10 points "
    "below all other rows: the whole interval, which holds for all slices together (95 %).",
)
def eval_slice(judged: JudgedStudy) -> Iterator[Observed]:
    """Main answers some rows far worse than the rest, by its given predictions.

    **How it is decided.** Accuracy of all other rows of test (dev where there is none) less that of the slice, over
    runs. Slices are each class, the shortest and the longest third of the rows, and the values of columns that
    `--slices` names; and rows with a token on which main is weakest beside the best trivial baseline, searched on one
    half of the rows and judged on the other. Models that can be asked again are judged by their probes. A class alone
    is information.

    **What it cannot see.** Slices of fewer than 30 rows; of a token fewer than 15 in each half.

    **What to do.** Report the slice beside the mean. A gate can hold it: `min_recall` and
    `no_worse_by_slice` of its policy.
    """
    every = (score for scores in judged.slices.values() for score in scores if score.interval_below is not None)
    looked = [one for one in every if one.where.column == TOKEN or one.score.n_rows >= FEWEST_IN_SLICE]
    if judged.record.probes is None and looked:
        yield _tell_slices(judged, looked)


def _tell_slices(judged: JudgedStudy, looked: Sequence[SliceScore]) -> Observed:
    main, present = judged.record.main, [score for score in looked if score.is_far_below]
    where = {"variant": main, "split": judged.record.held_out or ""}
    evidence = {"conditions": [*map(_tabulate, looked)], "present": [title_slice(one.where) for one in present]}
    beside = [one for one in looked if one.where.column != LABEL]
    worst = find_worst({"": beside}) or find_worst({"": looked}) or max(looked, key=lambda one: one.below or 0.0)
    half = " of one half" if worst.where.column == TOKEN else ""
    unit, rows = unit_of("accuracy"), f"{worst.score.n_rows:,} rows{half}"
    below = f"{unit.amount(worst.below)} below the other rows {unit.interval(worst.interval_below)}"
    said = f"{main}: accuracy on {title_slice(worst.where)} ({rows}) is {below}"
    if present:
        others = [title_slice(one.where) for one in present if one is not worst]
        also = f" Also present: {list_some(others)}." if others else ""
        severity = "info" if all(one.where.column == LABEL for one in present) else "warning"
        remedy = "Report the slice beside the mean, or give it more weight in training."
        return Observed("present", f"{said}.{also}", evidence, where=where, severity=severity, remedy=remedy)
    if all(_status(score) == "absent" for score in looked):
        return Observed("absent", f"{said}. This is the worst of {len(looked)} slices.", evidence, where=where)
    summary = f"{said}: whether that is more than 10 points is open. Missing: rows."
    return Observed("inconclusive", summary, evidence, where=where, remedy="Answer more rows.")


def _status(score: SliceScore) -> Status:
    _, high = score.interval_below or (-1.0, 1.0)
    return "present" if score.is_far_below else "absent" if high < SLICE_GAP else "inconclusive"


def _tabulate(score: SliceScore) -> dict[str, Any]:
    """A slice as a row of evidence, as probes have it."""
    told = {"condition": title_slice(score.where), "measure": "accuracy below the other rows", "status": _status(score)}
    numbers = {"mean": score.below, "interval": score.interval_below, "rows": score.score.n_rows}
    return {**told, **numbers, "threshold": SLICE_GAP, "below": False}
