"""Forecasts that are fitted on the table of shifts, and what they say of tasks that they were not fitted on.

What forecasts a task was fitted, and its intervals chosen, without any row of its group (both SCAN tasks are one).
Made shifts serve to fit weights; widths, and all that is said of errors, are of natural ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from scipy.optimize import nnls
from scipy.special import expit, logit

from benchmarks.readiness import TABLE
from benchmarks.readiness.real_tasks import SOURCES
from brittlestar.forecasts.combining import EDGE, RISE, Combination, list_steps, measure_range

SHIPPED: Mapping[str, tuple[str, ...]] = {
    "all": ("peers", "outsider", "unknown"),
    "labels": ("agreement", "outsider", "unknown"),
    "one": ("confidence", "outsider", "unknown"),
    "bare": ("outsider", "unknown"),
    "all alone": ("peers", "unknown"),
    "labels alone": ("agreement", "unknown"),
    "one alone": ("confidence", "unknown"),
}
"""What forecasts rest on, by what is there: signals whose weights are fitted."""
OF_ONE_RUN, ALONE = ("one", "bare", "one alone"), " alone"
RANGES = {
    "learned": (0.0, 1.0),
    "unknown": (0.0, 0.35),
    "unknown_times": (0.0, 6.0),
    "length_times": (1 / 8, 8.0),
    "agreement_rise": (-1.0, 0.05),
    "confidence_rise": (-1.0, 0.1),
    "shares": (0.0, 0.3),
    "fall": (-1.0, 0.25),
}
"""Beyond these a forecast says that it cannot tell: chosen on this benchmark, from where errors are large."""
OTHERS = ("threshold", "weights", "subsets", "transport", "nannyml", "leap")
"""Estimates of other tools and methods."""
OPINIONS = (*SOURCES,)
"""Tasks of one kind, which share rows of other sources."""
RIDGE = 0.03
LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True)
class Table:
    """One row a task, kind and shift: real and known accuracies, signals, and the group that is left out together."""

    frame: pl.DataFrame
    real: np.ndarray
    here: np.ndarray
    group: np.ndarray
    natural: np.ndarray
    steps: Mapping[str, np.ndarray]

    @staticmethod
    def read(name: str) -> "Table":
        """The rows of the committed table that a combination is for: five runs or one, with an outsider or without."""
        frame = pl.read_parquet(TABLE).filter(pl.col("runs") == (1 if name in OF_ONE_RUN else 5))
        frame = frame.drop("outsider") if name.endswith(ALONE) else frame.filter(pl.col("outsider").is_not_null())
        frame = frame.select(one for one in frame if one.null_count() < frame.height)
        group = frame["task"].str.replace(r"^scan_.*", "scan").to_numpy()
        rows = frame.to_dicts()
        here, found = frame["here"].to_numpy(), [list_steps(row["here"], row) for row in rows]
        steps = {name: np.asarray([one[name] for one in found]) for name in found[0]}
        steps |= {name: to_odds(frame[name].to_numpy()) - to_odds(here) for name in OTHERS}
        natural = frame["natural"].to_numpy()
        return Table(frame, frame["real"].to_numpy(), here, group, natural, steps)

    @property
    def weights(self) -> np.ndarray:
        """One for each group together."""
        names, at, counts = np.unique(self.group, return_inverse=True, return_counts=True)
        return 1 / counts[at] / len(names)

    def take(self, rows: np.ndarray) -> "Table":
        """Some rows."""
        steps = {name: step[rows] for name, step in self.steps.items()}
        sides = (self.real[rows], self.here[rows], self.group[rows], self.natural[rows])
        return Table(self.frame.filter(rows), *sides, steps)

    def leave_opinions_out_together(self) -> "Table":
        """The same with all opinions one group."""
        return replace(self, group=np.where(np.isin(self.group, OPINIONS), "opinions", self.group))


def fit_weights(table: Table, names: tuple[str, ...]) -> dict[str, float]:
    """Weights from 0 on of the steps, by least squares of the real fall on the scale of log odds, with a ridge, over
    rows that the first signal has inside the ranges; every group counts alike."""
    table = table.take(~is_outside(table, expit(to_odds(table.here) + table.steps[names[0]])))
    root = np.sqrt(table.weights * len(np.unique(table.group)))
    steps = np.column_stack([table.steps[name] for name in names]) * root[:, None]
    fall = (to_odds(table.real) - to_odds(table.here)) * root
    ridge = np.sqrt(RIDGE) * np.eye(len(names))
    found, _ = nnls(np.vstack([steps, ridge]), np.concatenate([fall, np.zeros(len(names))]))
    return dict(zip(names, found.tolist(), strict=True))


def expect(table: Table, weights: Mapping[str, float]) -> np.ndarray:
    """Expected accuracies, two points above those on labelled rows at most."""
    moved = expit(to_odds(table.here) + sum(weight * table.steps[name] for name, weight in weights.items()))
    return np.minimum(np.minimum(moved, table.here + RISE), 1.0)


def leave_out(table: Table, names: tuple[str, ...]) -> np.ndarray:
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


def list_outside(table: Table, expected: np.ndarray) -> list[list[str]]:
    """What of each row is out of range."""
    rows = zip(table.frame.to_dicts(), expected.tolist(), strict=True)
    values = [measure_range(row["here"], value, row) for row, value in rows]
    return [[name for name, (low, high) in RANGES.items() if not low <= one[name] <= high] for one in values]


def is_outside(table: Table, expected: np.ndarray) -> np.ndarray:
    """bool (n_rows,): the rows of which a forecast says that it cannot tell."""
    return np.asarray([bool(one) for one in list_outside(table, expected)])


@dataclass(frozen=True)
class Judged:
    """Forecasts of tasks left out: `expected`, `outside` and `low` and `high` at 90 %, all (n_rows,)."""

    expected: np.ndarray
    outside: np.ndarray
    low: np.ndarray
    high: np.ndarray


def judge(table: Table, names: tuple[str, ...]) -> Judged:
    """Forecast each group by the others: weights, widths and quantiles. No label of a shift of the group is used."""
    n = len(table.real)
    found = Judged(np.empty(n), np.empty(n, np.bool_), np.empty(n), np.empty(n))
    for group in np.unique(table.group):
        mine = table.group == group
        asked, made = table.take(mine), fit(table.take(~mine), names)
        expected = expect(asked, made.weights)
        ends = [made.interval(*pair, 0.9) for pair in zip(asked.here.tolist(), expected.tolist(), strict=True)]
        found.expected[mine], found.outside[mine] = expected, is_outside(asked, expected)
        found.low[mine], found.high[mine] = np.asarray(ends).T
    return found


def fit(table: Table, names: tuple[str, ...]) -> Combination:
    """The combination of these signals. Widths and quantiles are of groups left out in turn, of forecasts of natural
    shifts that say something."""
    expected = leave_out(table, names)
    inside = table.natural & ~is_outside(table, expected)
    known = table.take(inside)
    width = fit_width(known, expected[inside])
    quantiles = find_quantiles(known, expected[inside], width)
    return Combination(fit_weights(table, names), RANGES, width, LEVELS, tuple(quantiles), ())


def to_odds(share: np.ndarray) -> np.ndarray:
    """Log odds of accuracies, cut a point from none and all."""
    return logit(np.clip(share, EDGE, 1 - EDGE))


def describe(table: Table, found: Judged, combination: Combination, commit: str) -> list[dict[str, Any]]:
    """How forecasts of natural shifts did where they say something, as the tool tells it: the half with narrower
    intervals by `one`, and the others."""
    inside = ~found.outside & table.natural
    half = combination.quantiles[LEVELS.index(0.9)] * (
        combination.width[0] + combination.width[1] * np.abs(table.here - found.expected)
    )
    middle = float(np.median(half[inside]))
    return [
        {"up_to": up_to, **_describe(table, found, inside & rows), "level": 0.9, "commit": commit}
        for up_to, rows in ((middle, half <= middle), (1.0, half > middle))
    ]


def _describe(table: Table, found: Judged, rows: np.ndarray) -> dict[str, Any]:
    error = np.abs(table.real - found.expected)[rows]
    held = ((found.low <= table.real) & (table.real <= found.high))[rows]
    return {
        "forecasts": int(rows.sum()),
        "shifts": table.frame.filter(rows).select("task", "shift").n_unique(),
        "tasks": len(np.unique(table.group[rows])),
        "mean_error": float(error.mean()),
        "median_error": float(np.median(error)),
        "within": float(np.quantile(error, 0.9)),
        "coverage": float(held.mean()),
    }
