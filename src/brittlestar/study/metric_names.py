"""Which metrics a study knows, given its factors, and which of them heads the report."""

from __future__ import annotations

import re
from collections.abc import Collection

from brittlestar.core.metrics import metric_names as metric_names
from brittlestar.core.results import LOWER_IS_BETTER


def factor_names(pattern: str | None) -> tuple[str, ...]:
    """The named groups of a factor pattern in their order; none without a pattern. Raises re.error."""
    if pattern is None:
        return ()
    return tuple(re.compile(pattern).groupindex)


def headline_metric(factors: Collection[str]) -> str:
    """The metric that heads the report unless the study names one: hwa for shape and colour, else accuracy."""
    return "hwa" if set(factors) == {"shape", "colour"} else "accuracy"


def is_fraction(metric: str) -> bool:
    """True where the metric lies between 0 and 1."""
    return metric != "log_loss"


def higher_is_better(metric: str) -> bool:
    """False for losses and calibration errors."""
    return metric not in LOWER_IS_BETTER
