"""Whether outcomes are values of the metric that a claim is about, cell by cell."""

from collections.abc import Iterator
from math import isinf

import numpy as np

from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.core.errors import Problem
from brittlestar.core.metrics import metric_of
from brittlestar.study.claims import Claim
from brittlestar.study.sides import all_terms

IN_PART = "Outcomes between 0 and 1 count as answers that are right in part."


def find_misfit(outcomes: Outcomes, claim: Claim) -> Problem | None:
    """The first cell that is no value of the claim's metric: row by row and in every score, fractions lie in [0, 1] and
    log loss is 0 or more. Of a metric with a scale of its own nothing is known."""
    found = (_misfit(claim.metric, arm, runs, on) for arm, runs, on in _list_named_runs(outcomes, claim))
    if first := next((problem for problem in found if problem is not None), None):
        return first
    for label in dict.fromkeys(term.label for term in all_terms(claim.arm, claim.other)):
        value = outcomes.constants.get(label)
        if value is not None and _find_outside(claim.metric, value):
            return Problem(f"{claim.metric} of {label} is {value:g}", "outcomes", _hint(claim.metric, value))
    return None


def is_right_in_part(outcomes: Outcomes, claim: Claim) -> bool:
    """Whether some row of an accuracy is neither right nor wrong, as where several answers to it were averaged."""
    if claim.metric != "accuracy":
        return False
    tables = [runs.outcome for _, runs, _ in _list_named_runs(outcomes, claim) if runs.outcome is not None]
    return any(bool(((table != 0) & (table != 1)).any()) for table in tables)


def _list_named_runs(outcomes: Outcomes, claim: Claim) -> Iterator[tuple[str, Runs, Outcomes]]:
    """Variants that a claim names and that are there, each on its split."""
    for term in dict.fromkeys(all_terms(claim.arm, claim.other)):
        on = outcomes.elsewhere.get(term.split) if term.split else outcomes
        if on is not None and term.arm in on.arms:
            yield term.arm, on.arms[term.arm], on


def _find_outside(metric: str, values: np.ndarray | float) -> np.ndarray:
    low, high = metric_of(metric).range
    return np.asarray((values < low) | (values > high))


def _misfit(metric: str, arm: str, runs: Runs, on: Outcomes) -> Problem | None:
    """The first cell outside of what the metric can be."""
    if runs.outcome is not None and metric_of(metric).additive:
        wrong = _find_outside(metric, runs.outcome)
        if not wrong.any():
            return None
        run, row = (int(k) for k in np.unravel_index(int(np.argmax(wrong)), wrong.shape))
        value = float(runs.outcome[run, row])
        example = on.examples[row] if len(on.examples) else row
        what = "0 (wrong) or 1 (right)" if metric_of(metric).is_share else "0 or more"
        cell = f"variant {arm}, seed {runs.seeds[run]}, example {example}: {value:g}"
        whole = bool((runs.outcome == np.round(runs.outcome)).all()) and metric_of(metric).is_share
        hint = "outcomes that are classes are predictions: give columns label and prediction" if whole else ""
        return Problem(f"an outcome of {metric} is {what} ({cell})", "outcomes", hint or _hint(metric, value))
    if runs.score is not None and (wrong := _find_outside(metric, runs.score)).any():
        run = int(np.argmax(wrong))
        value = float(runs.score[run])
        what = f"{metric} of variant {arm}, seed {runs.seeds[run]} is {value:g}"
        return Problem(what, "outcomes", _hint(metric, value))
    return None


def _hint(metric: str, value: float) -> str:
    low, high = metric_of(metric).range
    if not metric_of(metric).is_share:
        return f"{metric} is {low:g} or more" if isinf(high) else f"{metric} lies between {low:g} and {high:g}"
    if 1 < value <= 100:
        return f"it is a fraction: {value:g} % is {value / 100:.6g}, and a claim's 1 point is 0.01"
    return "it is a fraction between 0 and 1; another metric has a name of its own: {claim: …, higher_is_better: true}"
