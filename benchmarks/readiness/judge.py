"""How far forecasts are off on tasks that they were not fitted on, and what the tool ships.

    python -m benchmarks.readiness.judge [--write]

Reads `readiness.parquet`, which `benchmarks.readiness.measure` writes. Everything is of tasks left out.
`--write` fits on all tasks and writes `src/brittlestar/forecasts/readiness.json`.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from benchmarks.machine import describe_machine, text_table
from benchmarks.readiness.fitting import SHIPPED, Judged, Table, describe, fit, heed_others, judge, scale_by_others
from benchmarks.readiness.page import PAGE, draw_forecasts, draw_question, fill_page
from brittlestar.core.hashing import pretty_json
from brittlestar.forecasts.combining import PLACE, Combination

TRIED = {
    "peers": ("peers",),
    "peers, unknown": ("peers", "unknown"),
    "peers, threshold, unknown": ("peers", "threshold", "unknown"),
    "agreement, confidence, threshold": ("agreement", "confidence", "threshold"),
}
"""Combinations of signals of five runs that were tried beside them."""
COMMAND = "python -m benchmarks.readiness.judge --write"


def main(argv: Sequence[str] | None = None) -> None:
    """Print how forecasts did; with `--write` also what the tool ships."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(argv)
    tables = {name: Table.read(1 if name == "one" else 5) for name in SHIPPED}
    judged = {name: judge(tables[name], signals) for name, signals in SHIPPED.items()}
    tried = {name: judge(tables["all"], signals) for name, signals in TRIED.items()}
    tried["all, scaled by labelled shifts"] = replace(
        judged["all"], expected=scale_by_others(tables["all"], judged["all"])
    )
    tried["all, silent where labelled shifts were missed"] = heed_others(tables["all"], judged["all"])
    single = {"one": judged["one"]}
    several = {name: one for name, one in judged.items() if name not in single}
    question = answer_question(tables["all"])
    shown = {
        "five runs": make_table(tables["all"], several, tried),
        "one run": make_table(tables["one"], single, {}),
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
    """Each method on the rows of which the first of `judged` says something, and forecasts where they say something."""
    inside = ~next(iter(judged.values())).outside
    signals = ("agreement", "peers", "confidence", "threshold", "nannyml", "leap")
    known = [name for name in signals if name in table.frame.columns]
    methods = {"it stays": table.here, **{name: np.clip(table.frame[name].to_numpy(), 0, 1) for name in known}}
    rows = [_row(name, table, values, inside, None) for name, values in methods.items()]
    rows += [_row(f"shipped: {name}", table, one.expected, ~one.outside, one) for name, one in judged.items()]
    rows += [_row(f"tried: {name}", table, one.expected, ~one.outside, one) for name, one in tried.items()]
    kinds = [f"{kind}, median" for kind in table.frame["kind"].unique(maintain_order=True).to_list()]
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
    ratio = error[inside].mean() / (100 * np.abs(table.real - table.here)[inside].mean())
    cells = [f"{error[inside].mean():.2f}", f"{ratio:.2f}", f"[{low:.1f}, {high:.1f}]"]
    cells += [f"{np.median(error[inside]):.2f}"]
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
        "how well a classifier separates new rows from known ones": frame["area"].to_numpy(),
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
