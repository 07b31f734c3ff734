"""Which metrics are known, what they are counted in and which way is better, and which of them heads the report."""

import re
from collections.abc import Collection, Sequence
from math import inf

from brittlestar.core.foreign_names import list_metric_names
from brittlestar.core.texts import suggest

METRICS = ("accuracy", "balanced_accuracy", "macro_f1", "log_loss", "ece")
LOWER_IS_BETTER = frozenset({"log_loss", "ece"})
_SPR_NAMES = {"shape": "swa", "colour": "cwa"}


def metric_names(factors: Sequence[str]) -> tuple[str, ...]:
    """Names of all metrics of data with these factors, in the order they are shown.

    `swa, cwa, hwa` where the factors are exactly shape and colour, else `FACTOR_weighted_accuracy` for each and
    `factor_hwa`; without factors only the five general metrics.
    """
    return (*METRICS, *factor_metric_names(factors).values(), *harmonic_names(factors))


def factor_metric_names(factors: Sequence[str]) -> dict[str, str]:
    """The weighted accuracy that belongs to each factor: {factor: metric}."""
    if set(factors) == set(_SPR_NAMES):
        return dict(_SPR_NAMES)
    return {factor: f"{factor}_weighted_accuracy" for factor in factors}


def harmonic_names(factors: Sequence[str]) -> tuple[str, ...]:
    """The name of the harmonic mean over factors, none where there is no factor."""
    if not factors:
        return ()
    return ("hwa",) if set(factors) == set(_SPR_NAMES) else ("factor_hwa",)


OF_A_FACTOR = "_weighted_accuracy"
"""How the name of a factor's weighted accuracy ends, whatever the factor."""
NATS = "log_loss"
_KNOWN = frozenset({*metric_names(("shape", "colour")), *metric_names(("any",))})


def suggest_metric(name: str, known: Collection[str]) -> str:
    """`did you mean 'macro_f1'?` for `f1`; of a name that means nothing here, the known ones."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    meant = [one for one in known if plain in (one, *list_metric_names(one))]
    listed = f"known: {', '.join(known)}"
    return f"did you mean {meant[0]!r}? {listed}" if meant else suggest(name, known) or listed


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


def metric_range(metric: str) -> tuple[float, float]:
    """The least and the most that a metric can be: infinite where nothing is known."""
    if is_fraction(metric):
        return 0.0, 1.0
    return (0.0 if metric == NATS else -inf), inf


def clip_interval(ends: tuple[float, float], reach: tuple[float, float]) -> tuple[float, float]:
    """An interval within what can be."""
    low, high = (min(max(end, reach[0]), reach[1]) for end in ends)
    return low, high


def unit_name(metric: str) -> str:
    """What people read a metric in: `points` (hundredths) of a fraction, `nats`, or nothing: its own scale."""
    return "points" if is_fraction(metric) else "nats" if metric == NATS else ""


def higher_is_better(metric: str) -> bool:
    """False for losses and calibration errors."""
    return metric not in LOWER_IS_BETTER
