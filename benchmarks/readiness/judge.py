"""How far forecasts are off on tasks that they were not fitted on, and what the tool ships.

    python -m benchmarks.readiness.judge [--write]

Reads `readiness.parquet`, which `benchmarks.readiness.measure` writes. Everything is of tasks left out.
`--write` fits on all tasks and writes `src/brittlestar/forecasts/readiness.json`.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from benchmarks.machine import describe_machine, text_table
from benchmarks.readiness.fitting import (
    OF_ONE_RUN,
    OTHERS,
    RANGES,
    SHIPPED,
    Judged,
    Table,
    describe,
    fit,
    judge,
    list_outside,
)
from benchmarks.readiness.page import PAGES, draw_forecasts, draw_question, fill_page
from brittlestar.core.hashing import pretty_json
from brittlestar.forecasts.combining import PLACE

TRIED = {
    "peers": ("peers",),
    "peers, outsider": ("peers", "outsider"),
    **{
        f"all, {name}": (*SHIPPED["all"], name)
        for name in ("confidence", "threshold", "weights", "subsets", "transport")
    },
}
"""Combinations of signals of five runs that were tried beside them."""
COMMAND = "python -m benchmarks.readiness.judge --write"
METHODS = ("agreement", "peers", "outsider", "confidence", *OTHERS)
FEW = ("peers", "outsider", "confidence", "nannyml", "leap")


def main(argv: Sequence[str] | None = None) -> None:
    """Print how forecasts did; with `--write` also what the tool ships."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(argv)
    every, one = Table.read("all"), Table.read("one")
    several, single = (
        {f"shipped: {name}": judge(table, SHIPPED[name]) for name in SHIPPED if (name in OF_ONE_RUN) is alone}
        for table, alone in ((every, False), (one, True))
    )
    tried = {f"tried: {name}": judge(every, signals) for name, signals in TRIED.items()}
    tried["all, opinions left out together"] = judge(every.leave_opinions_out_together(), SHIPPED["all"])
    shipped = several["shipped: all"]
    question = answer_question(every)
    shown = {
        "five runs": make_table(every, {**several, **tried}, every.natural),
        "one run": make_table(one, single, one.natural, FEW),
        "made": make_table(every, {"shipped: all": shipped}, ~every.natural, FEW),
        "question": (
            QUESTION,
            [[name, f"{value:+.2f}", f"[{low:+.2f}, {high:+.2f}]"] for name, value, low, high in question],
        ),
        "silent": count_silent(every, shipped),
        "labels": compare_labels(every),
    }
    for heads, rows in shown.values():
        print(text_table(heads, rows), end="\n\n")
    if asked.write:
        commit = describe_machine().commit.removesuffix(" with changes")
        combinations = {name: _ship(Table.read(name), signals, commit) for name, signals in SHIPPED.items()}
        PLACE.write_bytes(pretty_json({"command": COMMAND, "commit": commit, "combinations": combinations}))
        fill_page(shown)
        draw_question(question)
        real = every.natural
        draw_forecasts(every.here[real], shipped.expected[real], every.real[real], shipped.outside[real])
        print(f"wrote {PLACE} and {len(PAGES)} pages")


def _ship(table: Table, signals: tuple[str, ...], commit: str) -> dict[str, Any]:
    one = fit(table, signals)
    widths = {"width": one.width, "levels": one.levels, "quantiles": one.quantiles}
    measured = describe(table, judge(table, signals), one, commit)
    return {"weights": one.weights, "ranges": one.ranges, **widths, "measured": measured}


HEADS = [
    "method", "mean", "of it stays", "95 % over tasks", "median", "real less expected", "held at 90 %", "over tasks",
    "width, median", "says something", "error where silent",
]  # fmt: skip


def make_table(
    table: Table, judged: Mapping[str, Judged], rows: np.ndarray, named: Sequence[str] = METHODS
) -> tuple[list[str], list[list[str]]]:
    """Each method on the `rows` of which the first of `judged` says something, and forecasts where they say
    something."""
    inside = rows & ~next(iter(judged.values())).outside
    known = [name for name in named if name in table.frame.columns]
    methods = {"it stays": table.here, **{name: np.clip(table.frame[name].to_numpy(), 0, 1) for name in known}}
    lines = [_row(name, table, values, inside) for name, values in methods.items()]
    for name, one in judged.items():
        lines.append([*_row(name, table, one.expected, rows & ~one.outside)[:6], *_tell_intervals(table, one, rows)])
    return HEADS, lines


def _row(name: str, table: Table, values: np.ndarray, rows: np.ndarray) -> list[str]:
    error, stays = 100 * np.abs(table.real - values), 100 * np.abs(table.real - table.here)
    low, high = _resample(table.group[rows], lambda some: float(error[rows][some].mean()))
    cells = [f"{error[rows].mean():.2f}", f"{error[rows].mean() / stays[rows].mean():.2f}", f"[{low:.1f}, {high:.1f}]"]
    bias = f"{100 * (table.real - values)[rows].mean():+.1f}"
    return [name, *cells, f"{np.median(error[rows]):.2f}", bias, "", "", "", "", ""]


def _tell_intervals(table: Table, one: Judged, rows: np.ndarray) -> list[str]:
    """How often intervals held, how wide they are, how often something is said, and the error where nothing is."""
    said, silent = rows & ~one.outside, rows & one.outside
    held = (one.low <= table.real) & (table.real <= one.high)
    each = [held[said & (table.group == name)].mean() for name in np.unique(table.group[said])]
    error = 100 * np.abs(table.real - one.expected)
    return [
        f"{100 * held[said].mean():.0f} %",
        f"{100 * np.mean(each):.0f} %",
        f"{100 * np.median((one.high - one.low)[said]):.0f}",
        f"{100 * said.sum() / rows.sum():.0f} %",
        f"{error[silent].mean():.1f}" if silent.any() else "",
    ]


def count_silent(table: Table, found: Judged) -> tuple[list[str], list[list[str]]]:
    """How many forecasts of natural shifts each range keeps silent, alone or with others, and their error."""
    outside = list_outside(table, found.expected)
    error = 100 * np.abs(table.real - found.expected)
    counted = [(name, table.natural & np.asarray([name in one for one in outside])) for name in RANGES]
    lines = [[name, str(int(rows.sum())), f"{error[rows].mean():.1f}" if rows.any() else ""] for name, rows in counted]
    return ["out of range", "forecasts", "error"], lines


def compare_labels(table: Table) -> tuple[list[str], list[list[str]]]:
    """What 50 labels say with and without forecasts of all rows."""
    ratio = (table.frame["width_joined"] / table.frame["width_alone"]).to_numpy()
    held = table.frame["held_joined"].to_numpy()
    cells = [f"{np.median(ratio):.2f}", f"{ratio.max():.2f}", f"{100 * held.mean():.1f} %", f"{100 * held.min():.0f} %"]
    return ["50 labels", "width of labels alone, median", "most", "held at 90 %", "least"], [["joined", *cells]]


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
        "fall of agreement with a bag of tokens": (frame["here"] - frame["outsider"]).to_numpy(),
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
