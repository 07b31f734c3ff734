"""What rows add to a metric, for rooms that do not read its record yet."""

from brittlestar.core.metrics import linearise_rows as linearise_rows
from brittlestar.core.metrics import metric_of


def is_additive(metric: str) -> bool:
    """Whether it is a mean over rows."""
    return metric_of(metric).additive
