"""What rows are worth that a leak concerns, before any model is there: at most their share, and for certain what the
best trivial baseline's score rests on."""

from dataclasses import replace
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Observed
from brittlestar.core.findings import BY_SOURCE, LEAST_POINTS
from brittlestar.core.metrics import metric_of
from brittlestar.data.joining import join
from brittlestar.statistics.crossed import estimate_over_runs, take_out_copies

ALPHA = 0.05  # convention: 95 % intervals
RESTS = "where a point of score rests on them"
"""How the rule of every leak goes on behind 'an error': of main's score, of the best trivial baseline's without it."""


def grade_leak(
    analysis: Analysis,
    rows: BaselineRows,
    concerned: np.ndarray,
    found: Observed,
    looked_at: float = 1.0,
    *,
    by_source: bool = False,
) -> Observed:
    """What was found of a leak that concerns the rows at int64 positions `concerned`, of a share `looked_at` of all,
    with its severity and the evidence for it.

    Information below 1 % of the rows, which is a point of score at most, and where new rows of the source would be
    concerned as often (`by_source`): a warning where an effect proves a point. An error where no row is left, as all of
    the score rests on them then. Else what the best trivial baseline scores without them decides.
    """
    if 100 * len(concerned) < LEAST_POINTS * rows.n_rows * looked_at:
        return replace(found, status="present", severity="info")
    without = compare_without(analysis, rows, concerned)
    at_stake = {} if without is None else {"without_rows": without}
    severity = "error" if len(concerned) == rows.n_rows else "info" if by_source else "warning"
    if severity == "info":
        at_stake |= {BY_SOURCE: True}
    return replace(found, status="present", severity=severity, evidence={**found.evidence, **at_stake})


def compare_without(analysis: Analysis, rows: BaselineRows, concerned: np.ndarray) -> dict[str, Any] | None:
    """By how many points of accuracy the best trivial baseline's score changes without copies, within classes
    and 0 at most, with its interval over rows, copies and groups as one; None where nothing is left, or a sample of the
    split was answered."""
    scored = analysis.baselines
    best = scored.trivial.best(rows.name).name
    answers = scored.answers[best].get(rows.name)
    kept = np.ones(rows.n_rows, np.bool_)
    kept[concerned] = False
    if answers is None or answers.predicted.shape[1] != rows.n_rows or kept.sum() < 2:
        return None
    right = (answers.predicted == rows.labels).astype(np.float64)
    change, gone = take_out_copies(right, ~kept, kept, rows.labels)
    units = join(rows.hashes, rows.groups).component
    found = estimate_over_runs(change, units if len(np.unique(units)) < rows.n_rows else None)
    low, high = found.interval(ALPHA)
    low, high = metric_of("accuracy").clip_difference((low - gone, high))
    value, low, high = (100 * min(one, 0.0) for one in (found.value, low, high))
    return {"baseline": best, "points": value, "interval": [low, high], "rows": len(concerned)}
