"""Which metrics are known, what they are counted in and which way is better, and which of them heads the report."""

from __future__ import annotations

import re
from collections.abc import Collection

from brittlestar.core.metrics import metric_names as metric_names
from brittlestar.core.results import LOWER_IS_BETTER

OF_A_FACTOR = "_weighted_accuracy"
"""How the name of a factor's weighted accuracy ends, whatever the factor."""
NATS = "log_loss"
_KNOWN = frozenset({*metric_names(("shape", "colour")), *metric_names(("any",))})


def factor_names(pattern: str | None) -> tuple[str, ...]:
    """The named groups of a factor pattern in their order; none without a pattern. Raises re.error."""
    if pattern is None:
        return ()
    return tuple(re.compile(pattern).groupindex)


def headline_metric(factors: Collection[str]) -> str:
    """The metric that heads the report unless the study names one: hwa for shape and colour, else accuracy."""
    return "hwa" if set(factors) == {"shape", "colour"} else "accuracy"


def is_known(metric: str) -> bool:
    """True for the metrics that are computed here; any other name is a scale of its own."""
    return metric in _KNOWN or metric.endswith(OF_A_FACTOR)


def is_fraction(metric: str) -> bool:
    """True for known metrics between 0 and 1. Of any other name nothing is assumed, neither limits nor points."""
    return is_known(metric) and metric != NATS


def unit_name(metric: str) -> str:
    """What people read a metric in: `points` (hundredths) of a fraction, `nats`, or nothing: its own scale."""
    return "points" if is_fraction(metric) else "nats" if metric == NATS else ""


def higher_is_better(metric: str) -> bool:
    """False for losses and calibration errors."""
    return metric not in LOWER_IS_BETTER
