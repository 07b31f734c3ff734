"""How far forecasts are off on tasks that they were not fitted on, and what the tool ships.

    python -m benchmarks.readiness.judge [--write]

Reads `readiness.parquet`, which `benchmarks.readiness.measure` writes. Everything is of tasks left out: what forecasts
a task was fitted, and its intervals and ranges chosen, without any row of its group (both SCAN tasks are one group).
`--write` fits on all tasks and writes `src/brittlestar/forecasts/readiness.json`.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.optimize import nnls
from scipy.special import expit, logit
from scipy.stats import spearmanr

from benchmarks.machine import describe_machine, text_table
from benchmarks.readiness.measure import TABLE
from benchmarks.readiness.page import PAGE, draw_forecasts, draw_question, fill_page
from brittlestar.core.hashing import pretty_json
from brittlestar.forecasts.combining import EDGE, PLACE, Combination, list_steps, measure_range

SHIPPED: Mapping[str, Mapping[str, float] | tuple[str, ...]] = {
    "all": ("peers", "threshold"),
    "labels": {"agreement": 1.0},
    "one": {"confidence": 1.0},
}
"""What forecasts rest on, by what is there: one signal as it is, or signals whose weights are fitted."""
TRIED = {
    "peers": ("peers",),
    "peers, unknown": ("peers", "unknown"),
    "peers, threshold, unknown": ("peers", "threshold", "unknown"),
    "agreement, confidence, threshold": ("agreement", "confidence", "threshold"),
}
"""Combinations of signals of five runs that were tried beside them."""
Signals = Mapping[str, float] | tuple[str, ...]
RANGES = {"fall": (-0.25, 0.25), "unknown": (0.0, 0.35), "unknown_times": (0.0, 6.0)}
"""Beyond these a forecast says that it cannot tell: chosen on this benchmark, from where errors are large."""
RIDGE = 0.03
LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
COMMAND = "python -m benchmarks.readiness.judge --write"


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
    table = table.take(~is_outside(table, expit(_odds(table.here) + table.steps[names[0]])))
    root = np.sqrt(table.weights * len(np.unique(table.group)))
    steps = np.column_stack([table.steps[name] for name in names]) * root[:, None]
    fall = (_odds(table.real) - _odds(table.here)) * root
    ridge = np.sqrt(RIDGE) * np.eye(len(names))
    found, _ = nnls(np.vstack([steps, ridge]), np.concatenate([fall, np.zeros(len(names))]))
    return dict(zip(names, found.tolist(), strict=True))


def expect(table: Table, weights: Mapping[str, float]) -> np.ndarray:
    """Expected accuracies."""
    return expit(_odds(table.here) + sum(weight * table.steps[name] for name, weight in weights.items()))


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
    """Forecast each group by the others: weights, widths and quantiles."""
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


def fit(table: Table, names: Signals) -> Combination:
    """The combination of these signals. Widths and quantiles are of groups left out in turn, of forecasts that say
    something."""
    expected = leave_out(table, names)
    inside = ~is_outside(table, expected)
    known = table.take(inside)
    width = fit_width(known, expected[inside])
    quantiles = find_quantiles(known, expected[inside], width)
    return Combination(fit_weights(table, names), RANGES, width, LEVELS, tuple(quantiles), {})


def _odds(share: np.ndarray) -> np.ndarray:
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


def main(argv: Sequence[str] | None = None) -> None:
    """Print how forecasts did; with `--write` also what the tool ships."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(argv)
    tables = {name: Table.read(1 if name == "one" else 5) for name in SHIPPED}
    judged = {name: judge(tables[name], signals) for name, signals in SHIPPED.items()}
    tried = {name: judge(tables["all"], signals) for name, signals in TRIED.items()}
    question = answer_question(tables["all"])
    shown = {
        "five runs": make_table(tables["all"], judged, tried),
        "one run": make_table(tables["one"], {"one": judged["one"]}, {}),
        "question": (
            QUESTION,
            [[name, f"{value:+.2f}", f"[{low:+.2f}, {high:+.2f}]"] for name, value, low, high in question],
        ),
        "labels": compare_labels(tables["all"]),
    }
    for heads, rows in shown.values():
        print(text_table(heads, rows), end="\n\n")
    if asked.write:
        commit = describe_machine().commit.removesuffix(" with changes")
        combinations = {
            name: _ship(fit(tables[name], signals), describe(tables[name], judged[name], commit))
            for name, signals in SHIPPED.items()
        }
        PLACE.write_bytes(pretty_json({"command": COMMAND, "commit": commit, "combinations": combinations}))
        fill_page(shown)
        draw_question(question)
        table, found = tables["all"], judged["all"]
        draw_forecasts(table.here, found.expected, table.real, found.outside)
        print(f"wrote {PLACE} and {PAGE}")


def _ship(one: Combination, measured: Mapping[str, Any]) -> dict[str, Any]:
    widths = {"width": one.width, "levels": one.levels, "quantiles": one.quantiles}
    return {"weights": one.weights, "ranges": one.ranges, **widths, "measured": measured}


def make_table(
    table: Table, judged: Mapping[str, Judged], tried: Mapping[str, Judged]
) -> tuple[list[str], list[list[str]]]:
    """Each method on the rows of which the first of `judged` says something, and forecasts on their own."""
    inside = ~next(iter(judged.values())).outside
    signals = ("agreement", "peers", "confidence", "threshold", "calibrated", "class_shares")
    known = [name for name in signals if name in table.frame.columns]
    methods = {"it stays": table.here, **{name: np.clip(table.frame[name].to_numpy(), 0, 1) for name in known}}
    rows = [_row(name, table, values, inside, None) for name, values in methods.items()]
    of_table = {name: one for name, one in judged.items() if len(one.expected) == len(table.real) and name != "one"}
    of_table = of_table or dict(judged)
    rows += [_row(f"shipped: {name}", table, one.expected, inside, one) for name, one in of_table.items()]
    rows += [_row(f"tried: {name}", table, one.expected, inside, one) for name, one in tried.items()]
    kinds = [f"{kind}, median" for kind in table.frame["kind"].unique(maintain_order=True).to_list()]
    least = float(rows[0][1])
    rows = [[one[0], one[1], f"{float(one[1]) / least:.2f}", *one[2:]] for one in rows]
    return [
        "method",
        "mean",
        "of it stays",
        "95 % over tasks",
        "median",
        *kinds,
        "held at 90 %",
        "cannot say",
        "error there",
    ], rows


def compare_labels(table: Table) -> tuple[list[str], list[list[str]]]:
    """What 50 labels say with and without forecasts of all rows."""
    ratio = (table.frame["width_joined"] / table.frame["width_alone"]).to_numpy()
    held = table.frame["held_joined"].to_numpy()
    cells = [f"{np.median(ratio):.2f}", f"{ratio.max():.2f}", f"{100 * held.mean():.1f} %", f"{100 * held.min():.0f} %"]
    return ["50 labels", "width of labels alone, median", "most", "held at 90 %", "least"], [["joined", *cells]]


def _row(name: str, table: Table, values: np.ndarray, inside: np.ndarray, one: Judged | None) -> list[str]:
    error = 100 * np.abs(table.real - values)
    kinds = table.frame["kind"].to_numpy()
    low, high = _resample(table.group[inside], lambda rows: float(error[inside][rows].mean()))
    cells = [f"{error[inside].mean():.2f}", f"[{low:.1f}, {high:.1f}]", f"{np.median(error[inside]):.2f}"]
    cells += [f"{np.median(error[inside & (kinds == kind)]):.1f}" for kind in dict.fromkeys(kinds)]
    if one is None:
        return [name, *cells, "", "", ""]
    held = ((one.low <= table.real) & (table.real <= one.high))[~one.outside].mean()
    return [
        name,
        *cells,
        f"{100 * held:.0f} %",
        f"{100 * one.outside.mean():.0f} %",
        f"{error[one.outside].mean():.1f}",
    ]


QUESTION = ["what a study knows", "rank correlation with the fall", "95 % over tasks"]


def answer_question(table: Table) -> list[tuple[str, float, float, float]]:
    """The founding question: rank correlations of what a study knows with the real fall, over shifts and kinds of
    models, and their interval over groups (bootstrap of groups, 95 %)."""
    fall = table.here - table.real
    frame = table.frame
    known = {
        "standard deviation of scores over seeds": frame["spread"].to_numpy(),
        "train less dev": frame["gap"].fill_null(np.nan).to_numpy(),
        "loss under probes": frame["probe_loss"].fill_null(np.nan).to_numpy(),
        "fall of agreement of runs": (frame["here"] - frame["agreement"]).to_numpy(),
        "fall of agreement by degrees": (frame["here"] - frame["peers"]).to_numpy(),
        "fall of confidence": (frame["here"] - frame["confidence"]).to_numpy(),
        "share of unknown tokens": frame["unknown"].to_numpy(),
    }
    return [
        (
            name,
            _correlate(values, fall),
            *_resample(table.group, lambda rows, values=values: _correlate(values[rows], fall[rows])),
        )
        for name, values in known.items()
    ]


def _correlate(values: np.ndarray, fall: np.ndarray) -> float:
    there = np.isfinite(values)
    return float(spearmanr(values[there], fall[there]).statistic)


def _resample(group: np.ndarray, measure: Callable[[np.ndarray], float]) -> tuple[float, float]:
    """An interval at 95 % of what is measured of rows: groups drawn with replacement, a thousand times."""
    random, names = np.random.default_rng(0), np.unique(group)
    places = {name: np.flatnonzero(group == name) for name in names}
    draws = (np.concatenate([places[name] for name in random.choice(names, len(names))]) for _ in range(1000))
    found = [measure(rows) for rows in draws]
    return float(np.nanquantile(found, 0.025)), float(np.nanquantile(found, 0.975))


if __name__ == "__main__":
    main()
