"""A verdict as one sentence, with its population inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from brittlestar.study.claims import SPLIT_MARK, Claim
from brittlestar.study.metric_names import is_fraction

POPULATIONS = {
    "fixed-test-set": "on these very rows, for new seeds",
    "new-examples": "for new examples and new seeds",
    "new-training-sets": "for new training sets of this size",
}


def amount(claim: Claim, value: float, sign: bool = False) -> str:
    """A difference for people: points of a fraction, or the metric's own unit."""
    number = 100 * value if is_fraction(claim.metric) else value
    shown = f"{number:+.2f}" if sign else f"{number:.2f}"
    unit = (
        ("point" if abs(number) == 1 else "points")
        if is_fraction(claim.metric)
        else "nats"
        if claim.metric == "log_loss"
        else ""
    )
    return f"{shown.rstrip('0').rstrip('.') if '.' in shown else shown} {unit}".strip()


def sentence(
    *,
    claim: Claim,
    verdict: str,
    relation: str,
    estimate: float | None,
    interval: tuple[float, float] | None,
    population: str,
    seeds: int,
    rows: int | None,
    reasons: Sequence[str],
    seeds_needed: tuple[int | None, int | None] | None,
    rows_needed: int | None,
    smallest_detectable: float | None,
    registered: bool,
    collapsed: Mapping[str, Sequence[Any]],
    **_: Any,
) -> str:
    """One honest sentence: what is claimed, for whom, what was seen, and why no more can be said."""
    across = SPLIT_MARK in claim.arm + claim.other
    arm, other = (_named(name, claim.split) if across else name for name in (claim.arm, claim.other))
    where = claim.metric if across else f"{claim.metric} on {claim.split}"
    if claim.relation == "==":
        what = f"{arm} and {other} differ by less than {amount(claim, claim.margin)} of {where}"
    elif claim.threshold < 0:
        what = f"{arm} loses at most {amount(claim, -claim.threshold)} of {where} against {other}"
    else:
        what = f"{arm} exceeds {other} by at least {amount(claim, claim.threshold)} of {where}"
    seen = "nothing was measured"
    if estimate is not None:
        seen = f"the difference is {amount(claim, estimate, True)}"
    if interval is not None:
        low, high = (amount(claim, bound, True) for bound in interval)
        seen += f" ({low.partition(' ')[0]} to {high})"
    basis = f"{seeds} seed{'s' if seeds != 1 else ''}" + ("" if rows is None else f" x {rows:,} rows")
    also = f"; equivalent within {amount(claim, claim.margin)}" if relation == "equivalent" else f"; {relation}"
    settled = verdict != "inconclusive" and relation != "open"
    said = f"{verdict.capitalize()}, {POPULATIONS[population]}: {what}; {seen}, {basis}"
    said += also if settled or relation == "equivalent" else ""
    if reasons:
        said += f"; {'; '.join(reasons)}"
    if verdict == "inconclusive" and seeds_needed is not None:
        said += f"; {_settling(claim, seeds_needed, rows_needed, rows)}"
    return f"{said}."


def _named(name: str, split: str) -> str:
    """`ARM@SPLIT`, or an arm on the claim's split, in words."""
    arm, _, elsewhere = name.partition(SPLIT_MARK)
    return f"{arm} on {elsewhere or split}"


def _settling(claim: Claim, needed: tuple[int | None, int | None], rows_needed: int | None, rows: int | None) -> str:
    low, high = needed
    if low is None and high is None:
        if rows_needed is None:
            return "neither more seeds nor more rows would settle it if the estimate is right"
        return (
            f"no number of seeds would settle it on these rows if the estimate is right; about {rows_needed:,} rows "
            f"and up to {claim.max_seeds} seeds would"
        )
    upper = "no number" if high is None else f"{high:,}"
    told = f"{low:,} to {upper} seeds would settle it if the estimate is right"
    if rows_needed is not None and rows is not None and rows < rows_needed and (high is None or high > 100):
        told += f", or about {rows_needed:,} rows"
    return told
