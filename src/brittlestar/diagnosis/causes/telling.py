"""An experiment in words."""

from collections.abc import Mapping
from typing import Any

from brittlestar.core.experiments import SPLITS, Experiment, read_experiment
from brittlestar.core.metric_names import LOWER_IS_BETTER
from brittlestar.study.units import MINUS

_LEARNED = {
    "confirmed": " A few rows can be learned by heart, so that steps do reach the scores.",
    "refuted": " Not even a few rows are learned: look at gradients, at the rate, and at the way to the scores.",
}
"""What it says of a model whether a few rows can be learned."""


def describe_experiment(one: Experiment) -> str:
    """`training.learning_rate=0.0003: +21.0 points on dev [15.1, 26.9] (98.3 % interval; 5 fresh seeds): confirmed`."""
    changed = ", ".join(f"{path}={'null' if value is None else value}" for path, value in one.changes.items())
    changed += f" beside {one.beside}" if one.beside else ""
    ends = None
    split = SPLITS.get(one.measure)
    if split is not None and one.metric in LOWER_IS_BETTER:
        size = f"{one.metric} on {split} is {one.estimate:.3f} {'higher' if one.brings else 'lower'}"
        ends = None if one.interval is None else [f"{end:.3f}" for end in one.interval]
    elif split is not None:
        sign = -1 if one.brings else 1
        size = f"{100 * sign * one.estimate:+.1f} points on {split}"
        ends = None if one.interval is None else [f"{100 * sign * end:+.1f}" for end in one.interval[::sign]]
    else:
        size = f"dev loss rises by {one.estimate:.3f} nats less"
        ends = None if one.interval is None else [f"{end:.3f}" for end in one.interval]
    size, ends = size.replace("-", MINUS), None if ends is None else [end.replace("-", MINUS) for end in ends]
    level = f"{100 * one.level:.{1 if one.level < 0.999 else 2}f}"
    interval = "no interval" if ends is None else f"[{ends[0]}, {ends[1]}], {level} % interval"
    open_ = f" Missing: {one.missing}." if one.missing else ""
    learned = _LEARNED.get(one.verdict, "") if split == "train" else ""
    return f"{changed}: {size} ({interval}; {one.seeds} fresh seeds).{open_}{learned}"


def describe_confirmation(confirmed_by: Mapping[str, Any]) -> str:
    """What confirms a finding, with the name of the experiment: `lower-rate, training.learning_rate=0.1: …`."""
    return f"{confirmed_by['name']}, {describe_experiment(read_experiment(confirmed_by))}"
