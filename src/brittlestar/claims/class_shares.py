"""How much of a loss on another split class shares alone explain, and how much is left for the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from brittlestar.claims.score_estimates import LEVEL
from brittlestar.claims.sentences import describe_basis
from brittlestar.core.metrics import metric_of
from brittlestar.core.results import SplitAnswers, StudyAnswers
from brittlestar.core.scores import tabulate
from brittlestar.data.tables import format_list
from brittlestar.statistics.crossed import estimate_over_runs
from brittlestar.statistics.estimates import add_variances
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.statistics.row_bounds import join_splits
from brittlestar.study.claims import UNSEEN, Population
from brittlestar.study.units import MINUS, unit_of

FEWEST_IN_CLASS = 5  # convention: as of five expected counts (Cochran 1954)
LEAST_SHARE = 0.01  # convention: one point of a score


@dataclass(frozen=True)
class ClassShares:
    """A loss of accuracy from the split `headline` to `split`, fractions throughout, means over runs.

    `expected` is the accuracy by class on the headline split, weighted by the class shares of `split`; None where the
    classes `unknown`, codes, have fewer than five rows there and 1 % of the rows of `split`. `interval` at 95 % is of
    `rest`, for `population`; `n_rows` are those of `split`.
    """

    split: str
    headline: str
    before: float
    measured: float
    expected: float | None
    unknown: tuple[int, ...]
    interval: tuple[float, float] | None
    population: Population
    n_seeds: int
    n_rows: int

    @property
    def lost(self) -> float:
        """What was lost in all."""
        return self.before - self.measured

    @property
    def explained(self) -> float | None:
        """What class shares alone let expect of that; more than all of it where the model is better on its classes."""
        return None if self.expected is None else self.before - self.expected

    @property
    def rest(self) -> float | None:
        """What was lost beyond; below 0 where less was lost than class shares let expect."""
        return None if self.expected is None else self.expected - self.measured


def measure_class_shares(
    answers: StudyAnswers, variant: str, split: str, headline: str, metric: str = "accuracy"
) -> ClassShares | None:
    """Hold a variant's accuracy on a split against its accuracy by class on the `headline` split (or its rows that are
    not in train, `test:unseen`). A label that train lacks is a class that no run is right on.

    The interval is over new rows of both splits, copies and groups as one; from 5 runs on over new seeds as well. None
    for another metric, and where the runs are not stored row by row, or are not the same in number.
    """
    read = [_read_right(answers[name.removesuffix(UNSEEN)], variant, name) for name in (headline, split)]
    if metric != "accuracy" or read[0] is None or read[1] is None or len(read[0].right) != len(read[1].right):
        return None
    old, new = read[0], read[1]
    size = int(max(old.labels.max(), new.labels.max())) + 2  # the first is a label that train lacks
    there, here = (np.bincount(one.labels + 1, minlength=size) for one in (old, new))
    by_class, own = (
        np.bincount(one.labels + 1, one.right.mean(axis=0), size) / np.maximum(many, 1)
        for one, many in ((old, there), (new, here))
    )
    few = (there < FEWEST_IN_CLASS) & (here > 0)
    few[0] = False
    by_class = np.where(few, own, by_class)  # so that what is not known adds nothing to the rest
    before, measured = float(old.right.mean()), float(new.right.mean())
    facts = (old.right.shape[0], new.right.shape[1])
    population: Population = "new-examples" if facts[0] >= MIN_SEEDS else "this-model"
    if few @ here >= LEAST_SHARE * here.sum():
        unknown = tuple((np.flatnonzero(few) - 1).tolist())
        return ClassShares(split, headline, before, measured, None, unknown, None, population, *facts)
    # each row as it moves the rest: on the headline split by the weight of its class, and as residuals vary (n - 1)
    weight = np.where(few, 0.0, here / here.sum() * there.sum() / np.maximum(there, 1))
    weight *= np.sqrt(there / np.maximum(there - 1, 1))
    apart = [one.right - by_class[one.labels + 1] for one in (old, new)]
    tables = (weight[old.labels + 1] * apart[0], -apart[1])
    units = np.concatenate([old.units, new.units + old.units.max() + 1])
    estimate = estimate_over_runs(join_splits(tables), units)
    spread = [(table.mean(axis=0) ** 2 / table.shape[1] ** 2) for table in tables]
    parts = [
        *zip(np.bincount(old.labels + 1, spread[0], size), there - 1, strict=True),
        (spread[1].sum(), facts[1] - 1),
    ]
    _, df = add_variances(parts, otherwise=estimate.df)  # few rows of a class that weighs much know little of it
    ends = replace(estimate, df=max(min(df, estimate.df), 1.0)).interval(1 - LEVEL)
    expected = float(by_class @ here / here.sum())
    return ClassShares(
        split, headline, before, measured, expected, (), metric_of(metric).clip_difference(ends), population, *facts
    )


@dataclass(frozen=True)
class _Right:
    """`right` float64 (n_runs, n_rows), 1 where a run is right; `labels` and `units` int64 (n_rows,)."""

    right: np.ndarray
    labels: np.ndarray
    units: np.ndarray


def _read_right(here: SplitAnswers, variant: str, name: str) -> _Right | None:
    kept = np.flatnonzero(~here.in_train) if name.endswith(UNSEEN) else np.arange(len(here.labels))
    if variant not in here.runs or len(kept) < 2:
        return None
    found = here.runs[variant].take(kept)
    units = found.rows.units if found.rows.units is not None else np.arange(len(kept))
    return _Right(tabulate(found, "accuracy"), found.rows.labels, units)


def describe_class_shares(found: ClassShares, classes: Sequence[str]) -> str:
    """What was lost, what of it class shares explain, and what that says of the model, in a sentence without its full
    stop; `classes` names codes."""
    unit = unit_of("accuracy")
    lost = f"{unit.amount(found.lost)} lost"
    if found.rest is None or found.explained is None or found.interval is None:
        named = format_list([repr(classes[code]) for code in found.unknown])
        return f"{lost}; what class shares explain is not known, since {found.headline} has too few rows of {named}"
    expected = unit.number(abs(found.explained))
    shares = f"a gain of {expected} is" if unit.number(found.explained).startswith(MINUS) else f"{expected} are"
    sentence = f"{lost}; {shares} expected from class shares alone"
    basis = describe_basis(1 - LEVEL, found.population, found.n_seeds, found.n_rows)
    rest = f"{unit.number(found.rest, True)} {unit.interval(found.interval, True)}"
    if found.interval[1] < LEAST_SHARE:
        worse = "no worse" if found.interval[0] <= 0 else "less than 1 point worse"
        return f"{sentence}, so the model is {worse} on its classes ({rest} beyond; {basis})"
    may = "so the model is worse on its classes" if found.interval[0] >= LEAST_SHARE else "which may be chance"
    return f"{sentence}; {rest} beyond ({basis}), {may}"
