"""What a difference is estimated to be for a population, and what the variance of that estimate is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brittlestar.study.claims import Population
from brittlestar.verdicts.anytime import anytime_half_width
from brittlestar.verdicts.intervals import Components, Estimate, components, of_groups, over_drawn_splits, over_seeds
from brittlestar.verdicts.pairing import Pair, Resampling
from brittlestar.verdicts.resampling import resampled, two_level


@dataclass(frozen=True)
class Measured:
    """An estimate for a population, and what its variance is made of: of the mean of n seeds and m units it is
    per_seed / n + per_row / m (+ what both share, counted to the seeds)."""

    estimate: Estimate
    population: Population
    per_seed: float
    per_row: float
    units: int | None
    notes: tuple[str, ...] = ()


def measure(pair: Pair, population: Population, held_out: float | None, drawn: np.ndarray | None = None) -> Measured:
    """The estimate for a population; for another one, with a note, where the outcomes do not reach that far. `drawn`
    are differences on resamples of rows, float32 (draws, n), for a metric that is no mean over rows."""
    d = pair.differences
    seeds = over_seeds(d)
    per_seed = seeds.se**2 * len(d)
    fixed = Measured(seeds, "fixed-test-set", per_seed, 0.0, None)
    if population == "new-training-sets":
        if held_out is not None:
            return Measured(over_drawn_splits(d, held_out), population, per_seed, 0.0, None)
        return _noted(fixed, "train was the same for every seed, which says nothing about new training sets")
    if population == "fixed-test-set":
        return fixed
    if pair.table is not None and pair.table.shape[1] > 1:
        if pair.groups is None:
            return _crossed(components(pair.table))
        if len(np.unique(pair.groups)) > 1:
            return _crossed(of_groups(pair.table, pair.groups))
    if drawn is not None and pair.rows is not None and pair.rows > 1:
        estimate = two_level(drawn, float(d.mean()))
        of_rows = max(estimate.se**2 - seeds.se**2, 0.0)
        units = sum(one.units for one in pair.resampling)
        return Measured(estimate, population, per_seed, of_rows * units, units)
    what = "one row says" if pair.rows == 1 else "scores without rows say"
    if pair.groups is not None:
        what = "rows that are all of one group say"
    return _noted(fixed, f"{what} nothing about new examples")


def redrawn(splits: Sequence[Resampling]) -> np.ndarray:
    """Differences on resamples of the rows of each split, float32 (draws, n), but for what constants add."""
    total: np.ndarray | None = None
    for place, split in enumerate(splits):
        names = {str(k): sums for k, (_, sums) in enumerate(split.parts)}
        drawn = resampled(names, split.groups, of=f"rows of split {place + 1}" if place else "rows")
        for k, (sign, _) in enumerate(split.parts):
            total = sign * drawn[str(k)] if total is None else total + sign * drawn[str(k)]
    assert total is not None
    return total


def _crossed(found: Components) -> Measured:
    per_seed = found.of_seeds + found.residual / found.m
    return Measured(found.crossed, "new-examples", per_seed, found.of_rows, found.m)


def _noted(measured: Measured, note: str) -> Measured:
    return Measured(
        measured.estimate, measured.population, measured.per_seed, measured.per_row, measured.units, (note,)
    )


def interval_of(measured: Measured, n: int, level: float, anytime: bool, alpha: float) -> tuple[float, float]:
    """The interval that misses with probability `level`; with `anytime` the one that misses with `alpha` over all
    numbers of seeds together."""
    if not anytime:
        return measured.estimate.interval(level)
    half = anytime_half_width(n, measured.estimate.se * float(np.sqrt(n)), min(alpha, 0.999))
    return measured.estimate.value - half, measured.estimate.value + half
