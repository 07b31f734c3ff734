"""Forecasts that are fitted on the table of shifts, and what they say of tasks that they were not fitted on.

What forecasts a task was fitted, and its intervals and ranges chosen, without any row of its group (both SCAN tasks are
one group).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from scipy.optimize import nnls
from scipy.special import expit, logit

from benchmarks.readiness import TABLE
from brittlestar.forecasts.combining import EDGE, Combination, list_steps, measure_range

SHIPPED: Mapping[str, Mapping[str, float] | tuple[str, ...]] = {
    "all": ("peers", "threshold"),
    "labels": {"agreement": 1.0},
    "one": {"confidence": 1.0},
}
"""What forecasts rest on, by what is there: one signal as it is, or signals whose weights are fitted."""
Signals = Mapping[str, float] | tuple[str, ...]
RANGES = {"fall": (-0.25, 0.25), "unknown": (0.0, 0.35), "unknown_times": (0.0, 6.0)}
"""Beyond these a forecast says that it cannot tell: chosen on this benchmark, from where errors are large."""
RIDGE = 0.03
LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True)
class Table:
    """One row a task, kind and shift: real and known accuracies, signals, and the group that is left out together."""

    frame: pl.DataFrame
    real: np.ndarray
    here: np.ndarray
    group: np.ndarray
    steps: Mapping[str, np.ndarray]

    @staticmethod
    def read(runs: int) -> "Table":
        """The committed table, of five runs or of one."""
        frame = pl.read_parquet(TABLE).filter(pl.col("runs") == runs)
        frame = frame.select(one for one in frame if one.null_count() < frame.height)
        group = frame["task"].str.replace(r"^scan_.*", "scan").to_numpy()
        rows = frame.to_dicts()
        found = [list_steps(row["here"], row) for row in rows]
        steps = {name: np.asarray([one[name] for one in found]) for name in found[0]}
        return Table(frame, frame["real"].to_numpy(), frame["here"].to_numpy(), group, steps)

    @property
    def weights(self) -> np.ndarray:
        """One for each group together."""
        names, at, counts = np.unique(self.group, return_inverse=True, return_counts=True)
        return 1 / counts[at] / len(names)

    def take(self, rows: np.ndarray) -> "Table":
        """Some rows."""
        steps = {name: one[rows] for name, one in self.steps.items()}
        return Table(self.frame.filter(rows), self.real[rows], self.here[rows], self.group[rows], steps)


def fit_weights(table: Table, names: Signals) -> dict[str, float]:
    """Weights from 0 on of the steps, by least squares of the real fall on the scale of log odds, with a ridge, over
    rows that the first signal has inside the ranges; every group counts alike. Weights that are given are those."""
    if not isinstance(names, tuple):
        return dict(names)
    table = table.take(~is_outside(table, expit(to_odds(table.here) + table.steps[names[0]])))
    root = np.sqrt(table.weights * len(np.unique(table.group)))
    steps = np.column_stack([table.steps[name] for name in names]) * root[:, None]
    fall = (to_odds(table.real) - to_odds(table.here)) * root
    ridge = np.sqrt(RIDGE) * np.eye(len(names))
    found, _ = nnls(np.vstack([steps, ridge]), np.concatenate([fall, np.zeros(len(names))]))
    return dict(zip(names, found.tolist(), strict=True))


def expect(table: Table, weights: Mapping[str, float]) -> np.ndarray:
    """Expected accuracies."""
    return expit(to_odds(table.here) + sum(weight * table.steps[name] for name, weight in weights.items()))


def leave_out(table: Table, names: Signals) -> np.ndarray:
    """Expected accuracies, those of each group by weights of the others."""
    found = np.empty(len(table.real))
    for group in np.unique(table.group):
        mine = table.group == group
        found[mine] = expect(table.take(mine), fit_weights(table.take(~mine), names))
    return found


def fit_width(table: Table, expected: np.ndarray) -> tuple[float, float]:
    """How the error grows with the expected fall: a line through mean absolute errors, neither part below 0."""
    root = np.sqrt(table.weights)
    sides = np.column_stack([np.ones(len(expected)), np.abs(table.here - expected)]) * root[:, None]
    first, second = nnls(sides, np.abs(table.real - expected) * root)[0].tolist()
    return max(first, 0.005), second


def find_quantiles(table: Table, expected: np.ndarray, width: tuple[float, float]) -> list[float]:
    """Of errors of forecasts of groups left out, over their width, at each level, every group counting alike."""
    over = np.abs(table.real - expected) / (width[0] + width[1] * np.abs(table.here - expected))
    order = np.argsort(over)
    reached = np.cumsum(table.weights[order])
    return [float(over[order][min(np.searchsorted(reached, level), len(order) - 1)]) for level in LEVELS]


def is_outside(table: Table, expected: np.ndarray) -> np.ndarray:
    """bool (n_rows,): the rows of which a forecast says that it cannot tell."""
    rows = zip(table.frame.to_dicts(), expected.tolist(), strict=True)
    values = [measure_range(row["here"], value, row) for row, value in rows]
    return np.asarray([any(not low <= one[name] <= high for name, (low, high) in RANGES.items()) for one in values])


@dataclass(frozen=True)
class Judged:
    """Forecasts of tasks left out: `expected`, `outside` and `low` and `high` at 90 %, all (n_rows,)."""

    expected: np.ndarray
    outside: np.ndarray
    low: np.ndarray
    high: np.ndarray


def judge(table: Table, names: Signals) -> Judged:
    """Forecast each group by the others: weights, widths and quantiles. No label of a shift of the group is used."""
    n = len(table.real)
    found = Judged(np.empty(n), np.empty(n, np.bool_), np.empty(n), np.empty(n))
    for group in np.unique(table.group):
        mine = table.group == group
        rest = table.take(~mine)
        made = fit(rest, names)
        for row, here, signals in zip(
            np.flatnonzero(mine), table.here[mine], table.frame.filter(mine).to_dicts(), strict=True
        ):
            found.expected[row] = value = made.expect(float(here), signals)
            found.outside[row] = bool(made.find_outside(float(here), value, signals))
            found.low[row], found.high[row] = made.interval(float(here), value, 0.9)
    return found


def heed_others(table: Table, found: Judged) -> Judged:
    """Say nothing, either, where more than half of the other shifts of the same study are outside their intervals."""
    said, others = ~found.outside, find_others(table)
    missed = said & ((table.real < found.low) | (table.real > found.high))
    return replace(found, outside=found.outside | (2 * (others @ missed.astype(int)) > others @ said.astype(int)))


def find_others(table: Table) -> np.ndarray:
    """bool (n_rows, n_rows): the other shifts of each row's study."""
    study = (table.frame["task"] + "|" + table.frame["kind"]).to_numpy()
    return (study[:, None] == study) & ~np.eye(len(study), dtype=np.bool_)


def fit(table: Table, names: Signals) -> Combination:
    """The combination of these signals. Widths and quantiles are of groups left out in turn, of forecasts that say
    something."""
    expected = leave_out(table, names)
    inside = ~is_outside(table, expected)
    known = table.take(inside)
    width = fit_width(known, expected[inside])
    quantiles = find_quantiles(known, expected[inside], width)
    return Combination(fit_weights(table, names), RANGES, width, LEVELS, tuple(quantiles), {})


def to_odds(share: np.ndarray) -> np.ndarray:
    """Log odds of accuracies, cut a point from none and all."""
    return logit(np.clip(share, EDGE, 1 - EDGE))


def describe(table: Table, found: Judged, commit: str) -> dict[str, Any]:
    """How forecasts did where they say something, as the tool tells it."""
    inside = ~found.outside
    error = np.abs(table.real - found.expected)[inside]
    held = ((found.low <= table.real) & (table.real <= found.high))[inside]
    shifts = table.frame.filter(inside).select("task", "shift").n_unique()
    return {
        "shifts": shifts,
        "tasks": len(np.unique(table.group)),
        "mean_error": float(error.mean()),
        "median_error": float(np.median(error)),
        "within": float(np.quantile(error, 0.9)),
        "coverage": {"0.9": float(held.mean())},
        "commit": commit,
    }


def scale_by_others(table: Table, found: Judged) -> np.ndarray:
    """Expected accuracies whose falls are scaled by what the other shifts of the same study showed: their slope, shrunk
    towards 1 as if one more fall of one on the scale of log odds had been as expected."""
    here = to_odds(table.here)
    expected, real = to_odds(found.expected) - here, to_odds(table.real) - here
    same = find_others(table) & ~found.outside
    return expit(here + expected * (1 + same @ (expected * real)) / (1 + same @ expected**2))
