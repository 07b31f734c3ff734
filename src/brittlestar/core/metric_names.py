"""Questions about a metric by its name, for rooms that do not read its record yet."""

from collections.abc import Sequence

from brittlestar.core import metrics
from brittlestar.core.metrics import factor_names as factor_names
from brittlestar.core.metrics import list_factor_metrics, metric_of
from brittlestar.core.metrics import metric_names as metric_names

METRICS = metric_names(())
LOWER_IS_BETTER = frozenset(one.name for one in metrics.METRICS if not one.higher_is_better)


def is_fraction(metric: str) -> bool:
    """Whether it lies between 0 and 1."""
    return metric_of(metric).is_share


def metric_range(metric: str) -> tuple[float, float]:
    """The least and the most."""
    return metric_of(metric).range


clip_interval = metrics.clip_interval


def factor_metric_names(factors: Sequence[str]) -> dict[str, str]:
    """The weighted accuracy that belongs to each factor: {factor: metric}."""
    spr = set(factors) == set(metrics.SPR_FACTORS)
    return {one: metrics.SPR_FACTORS[one] if spr else f"{one}{metrics.OF_A_FACTOR}" for one in factors}


def harmonic_names(factors: Sequence[str]) -> tuple[str, ...]:
    """The name of the harmonic mean over factors, none where there is no factor."""
    return tuple(one.name for one in list_factor_metrics(factors)[len(factors) :])
