"""Curves over epochs as rows for a figure: every seed's line, their mean, and the band over seeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.core.results import CellRecord
from brittlestar.reports.figures.frame import round_value
from brittlestar.reports.figures.marks import list_numbers
from brittlestar.statistics.t_intervals import t_half_width


@dataclass(frozen=True)
class Track:
    """One curve of one variant: `seeds` rows (epoch, value, seed), `band` rows (epoch, mean, low, high, n).

    The mean and the band stand only where every seed has a finite value: a band that silently lost a seed would be
    of another population. `low` and `high` are missing below two seeds. `lines` counts the seeds.
    """

    seeds: list[dict[str, Any]]
    band: list[dict[str, Any]]
    lines: int

    def numbers(self) -> list[float]:
        """Every value drawn, for the domain of an axis."""
        return list_numbers([*self.seeds, *self.band], "value", "mean")


EMPTY = Track([], [], 0)


def track(cells: Sequence[CellRecord], column: str, scale: float, curve: str = "") -> Track:
    """The track of `column` over the cells that have it; `scale` turns the stored value into the unit shown."""
    having = [cell for cell in cells if column in cell.curves]
    if not having:
        return EMPTY
    longest = max(len(cell.curves[column]) for cell in having)
    table = np.full((len(having), longest), np.nan)
    for row, cell in zip(table, having, strict=True):
        row[: len(cell.curves[column])] = np.asarray(cell.curves[column], dtype=np.float64) * scale
    table[~np.isfinite(table)] = np.nan
    seeds = [
        {"epoch": epoch, "value": round_value(value), "seed": str(cell.seed), "curve": curve}
        for cell, row in zip(having, table.tolist(), strict=True)
        for epoch, value in enumerate(row)
        if value == value
    ]
    return Track(seeds, band(table, curve), len(having))


def band(table: np.ndarray, curve: str = "") -> list[dict[str, Any]]:
    """Mean and 95 % t interval over the rows of `table` (n_seeds, n_epochs), where all rows are finite."""
    whole = np.flatnonzero(np.isfinite(table).all(axis=0))
    mean = table[:, whole].mean(axis=0)
    count = len(table)
    rows: list[dict[str, Any]] = [
        {"epoch": int(epoch), "mean": round_value(value), "curve": curve, "n": count}
        for epoch, value in zip(whole, mean, strict=True)
    ]
    if count > 1:
        half = t_half_width(table[:, whole].std(axis=0, ddof=1), count - 1, 0.975, count)
        for row, low, high in zip(rows, mean - half, mean + half, strict=True):
            row |= {"low": round_value(low), "high": round_value(high)}
    return rows
