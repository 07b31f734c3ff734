"""Curves of a run, held against the checkpoints that it kept."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from brittlestar.core.cells import Cell
from brittlestar.core.metric_names import LOWER_IS_BETTER
from brittlestar.records.outcomes import ROUNDING
from brittlestar.reports.reading import CURVE_SPLIT
from brittlestar.store.cell_outputs import CURVES


def check_curves(cell: Cell, folder: Path, outcome: Mapping[str, Any]) -> Iterator[str]:
    """What the curves of a trained run contradict: its best epoch, and the scores of its two checkpoints on dev. An own
    model may score the same rows otherwise each time, so that no score follows from its curves."""
    curves = pl.read_parquet(folder / CURVES)
    yield from _check_best(curves, cell, outcome["best_epoch"])
    if cell.settings["model"]["own"] is None:
        yield from _check_scores(curves, outcome)


def _check_best(curves: pl.DataFrame, cell: Cell, epoch: int) -> Iterator[str]:
    """The best checkpoint is the first of the best values of what it is selected by."""
    choice = cell.settings["training"]["selection"]
    name = f"{choice['split']}.{choice['metric']}"
    if name not in curves.columns:
        return
    sign = 1.0 if choice["metric"] in LOWER_IS_BETTER else -1.0
    values = [sign * value if value is not None and math.isfinite(value) else math.inf for value in curves[name]]
    if not all(map(math.isinf, values)) and values.index(min(values)) != epoch:
        yield f"its best epoch is said to be {epoch}, and its curve {name} is best in {values.index(min(values))}"


def _check_scores(curves: pl.DataFrame, outcome: Mapping[str, Any]) -> Iterator[str]:
    """A curve on dev goes through the scores of both checkpoints."""
    for checkpoint, epoch in (("best", outcome["best_epoch"]), ("last", outcome["epochs"])):
        for metric, score in outcome["scores"].get(CURVE_SPLIT, {}).get(checkpoint, {}).items():
            name = f"{CURVE_SPLIT}.{metric}"
            if name not in curves.columns or score is None:
                continue
            value = curves[name][epoch]
            if not math.isclose(value, score, rel_tol=ROUNDING, abs_tol=ROUNDING):
                yield f"its curve {name} is {value!r} in epoch {epoch}, and the score of that checkpoint {score!r}"
