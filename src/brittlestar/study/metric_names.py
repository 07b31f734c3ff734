"""Which metrics a study knows, given its factors, and which of them heads the report."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from brittlestar.core.results import LOWER_IS_BETTER, METRICS

_STORY = frozenset({"shape", "colour"})


def factor_names(pattern: str | None) -> tuple[str, ...]:
    """The named groups of a factor pattern in their order; none without a pattern. Raises re.error."""
    if pattern is None:
        return ()
    return tuple(re.compile(pattern).groupindex)


def factor_metrics(factors: Collection[str]) -> tuple[str, ...]:
    """The metrics that factors add: `swa, cwa, hwa` when they are exactly shape and colour,
    else `FACTOR_weighted_accuracy` each and their harmonic mean `factor_hwa`."""
    if not factors:
        return ()
    if frozenset(factors) == _STORY:
        return ("swa", "cwa", "hwa")
    return (*(f"{name}_weighted_accuracy" for name in factors), "factor_hwa")


def metric_names(factors: Sequence[str]) -> tuple[str, ...]:
    """Every metric of a study, in the order in which tables show them."""
    return (*METRICS, *factor_metrics(factors))


def headline_metric(factors: Collection[str]) -> str:
    """The metric that heads the report unless the study names one: hwa for shape and colour, else accuracy."""
    return "hwa" if frozenset(factors) == _STORY else "accuracy"


def is_fraction(metric: str) -> bool:
    """True where the metric lies between 0 and 1."""
    return metric != "log_loss"


def higher_is_better(metric: str) -> bool:
    """False for losses and calibration errors."""
    return metric not in LOWER_IS_BETTER
