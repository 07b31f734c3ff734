"""Values that were logged here and there as curves over one row of points.

Train loss may be logged at every step and dev loss once an epoch, on rows of their own. Points are where the rarer of
the two was logged: every other curve takes what was logged since the point before, train curves its mean, dev curves
its last value. Nothing is filled in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from brittlestar.core.metrics import metric_of
from brittlestar.training.logs.column_roles import PLACES

MOST_TRAIN_POINTS = 100
"""Points of a train curve alone: the loss of single steps is averaged to so many (convention: one step is noise)."""
FEWEST_POINTS = 7
"""With fewer values of dev beside more of train, each has points of its own: 6 epochs are the fewest that checks read,
and a train loss shows by itself whether it flew off."""
ROUNDING = 1e-6
"""By how much a fraction may pass 0 or 1: float32 sums do."""
Unit = Literal["epoch", "evaluation", "point"]
MAIN = ("train.loss", "dev.loss")


@dataclass(frozen=True)
class Curves:
    """`values[role]` is float64 (points + 1,), row 0 before any step: NaN there and where nothing was logged, infinite
    where no finite value; `unit` says what a point is."""

    values: Mapping[str, np.ndarray]
    unit: Unit
    notes: tuple[str, ...] = ()


def draw_curves(columns: Mapping[str, np.ndarray]) -> Curves:
    """Curves of columns by role, each float64 (n_rows,), of one run whose rows are in order.

    Example:
        >>> rows = {"epoch": np.arange(2.0), "train.loss": np.array([0.6, 0.4]), "dev.loss": np.array([0.7, 0.5])}
        >>> draw_curves(rows).values["dev.loss"].tolist()
        [nan, 0.7, 0.5]
    """
    places = _find_places(columns)
    given = {role: values for role, values in columns.items() if role not in PLACES}
    scored = {role: values for role, values in given.items() if not np.isnan(values).all()}
    train = {role: values for role, values in scored.items() if not role.startswith("dev.")}
    dev = {role: values for role, values in scored.items() if role not in train}
    parts = [train, dev] if _count_places(places, dev) < FEWEST_POINTS <= _count_places(places, train) else [scored]
    curves: dict[str, np.ndarray] = {}
    notes: list[str] = []
    for part in parts:
        if part:
            curves |= _draw_part(places, part, notes)
    grid = _choose_points(places, parts[-1] or train)
    return Curves(curves, _name_unit(columns, places, grid, parts[-1]), tuple(notes))


def _draw_part(places: np.ndarray, scored: Mapping[str, np.ndarray], notes: list[str]) -> dict[str, np.ndarray]:
    """Curves that share their points; what was odd about them goes to `notes`."""
    grid = _choose_points(places, scored)
    rows = _fill_bins(places, scored, grid)
    kept = np.ones(grid.size, dtype=bool)
    for role in MAIN:
        kept &= ~np.isnan(rows.get(role, np.zeros(grid.size)))
    curves: dict[str, np.ndarray] = {}
    for role, values in rows.items():
        scaled, note = _as_fraction(role, np.concatenate([[np.nan], values[kept]]))
        notes += [note] if note else []
        if scaled is not None and not np.isnan(scaled[1:]).all():
            curves[role] = scaled
    return curves


def _count_places(places: np.ndarray, scored: Mapping[str, np.ndarray]) -> int:
    return max((np.unique(places[~np.isnan(values)]).size for values in scored.values()), default=0)


def _find_places(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """float64 (n_rows,), never falling: steps where the log has them throughout, else epochs, else rows."""
    n_rows = next(iter(columns.values())).size
    for role in ("step", "epoch"):
        if role in columns:
            places = _fill_forward(columns[role])
            if np.isfinite(places).all() and (np.diff(places) >= 0).all():
                return places
    return np.arange(1.0, n_rows + 1)


def _fill_forward(values: np.ndarray) -> np.ndarray:
    known = np.isfinite(values)
    last = np.maximum.accumulate(np.where(known, np.arange(values.size), -1))
    return np.where(last >= 0, values[np.maximum(last, 0)], np.nan)


def _choose_points(places: np.ndarray, scored: Mapping[str, np.ndarray]) -> np.ndarray:
    """Where the rarer of train loss and dev loss was logged; of runs without dev, at most so many places."""
    logged = {role: np.unique(places[~np.isnan(values)]) for role, values in scored.items()}
    others = [one for role, one in logged.items() if role.startswith("dev.")]
    dev, train = logged.get("dev.loss", max(others, key=len, default=None)), logged.get("train.loss")
    if dev is None:
        everything = train if train is not None else max(logged.values(), key=len)
        if everything.size <= MOST_TRAIN_POINTS:
            return everything
        ends = np.linspace(0, everything.size, MOST_TRAIN_POINTS + 1).round().astype(int)[1:] - 1
        return everything[ends]
    return dev if train is None or train.size >= dev.size else train


def _fill_bins(places: np.ndarray, scored: Mapping[str, np.ndarray], grid: np.ndarray) -> dict[str, np.ndarray]:
    """{role: float64 (n_points,)}: what was logged since the point before; what comes after the last belongs to it."""
    bins = np.minimum(np.searchsorted(grid, places, side="left"), grid.size - 1)
    found: dict[str, np.ndarray] = {}
    for role, values in scored.items():
        filled = np.full(grid.size, np.nan)
        known = ~np.isnan(values)
        if role.startswith("train."):
            counts = np.bincount(bins[known], minlength=grid.size)
            sums = np.bincount(bins[known], weights=values[known], minlength=grid.size)
            filled = np.divide(sums, counts, out=filled, where=counts > 0)
        else:
            filled[bins[known]] = values[known]  # of several the last stays
            lost = known & ~np.isfinite(values)
            filled[bins[lost]] = np.inf
        found[role] = filled
    return found


def _as_fraction(role: str, curve: np.ndarray) -> tuple[np.ndarray | None, str]:
    """A score as a fraction, None where it is none, with a note on it."""
    named = role.partition(".")[2]
    metric = metric_of("macro_f1" if named == "f1" else named)
    finite = curve[np.isfinite(curve)]
    if not metric.in_points or not finite.size:
        return curve, ""
    low, high = metric.range
    if finite.min() >= low - ROUNDING and finite.max() <= high + ROUNDING:
        return np.where(np.isfinite(curve), np.clip(curve, low, high), curve), ""
    words = role.replace(".", " ").replace("_", " ")
    if metric.is_outside(finite / 100).any():
        return None, f"{words} was left out: it has values outside [{100 * low:.0f}, {100 * high:.0f}]"
    return curve / 100, f"{words} is read as per cent"


def _name_unit(
    columns: Mapping[str, np.ndarray], places: np.ndarray, grid: np.ndarray, scored: Mapping[str, np.ndarray]
) -> Unit:
    """An epoch where each point ends one, or where each step ends with dev; rows without places are epochs, too."""
    dev = any(role.startswith("dev.") for role in scored)
    if "epoch" in columns and np.isfinite(columns["epoch"]).any():
        epochs = _fill_forward(columns["epoch"])
        ends = epochs[np.minimum(np.searchsorted(places, grid, side="right") - 1, places.size - 1)]
        if grid.size < 2 or np.allclose(np.diff(ends), 1):
            return "epoch"
    elif "step" not in columns or (dev and grid.size > 1 and np.allclose(np.diff(grid), 1)):
        return "epoch"
    return "evaluation" if dev else "point"
