"""Every metric of what a predictor answers, with an interval, and which predictors cannot be told from the best.

Rows are the unit, or what was drawn together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.answers import Rows
from brittlestar.core.metrics import metric_of
from brittlestar.core.scores import Table
from brittlestar.core.trivial_baselines import Score
from brittlestar.statistics.row_bounds import SplitRows, estimate_over_rows
from brittlestar.statistics.scores import estimate_score

ALPHA = 0.05  # convention: 95 % intervals


@dataclass(frozen=True)
class Split:
    """Rows as they are scored: `tokens` are what predictors read, `rows` whose answers count; `unseen` int64, the
    positions of rows whose sequence is not a row of train, None for train itself; `folds` int64 (n_rows,) in
    [0, FOLDS)."""

    tokens: BaselineRows
    rows: Rows
    unseen: np.ndarray | None
    folds: np.ndarray

    @property
    def labels(self) -> np.ndarray:
        """int32 (n_rows,), -1 where train lacks the label."""
        return self.rows.labels

    @property
    def units(self) -> np.ndarray | None:
        """int64 (n_rows,): what was drawn together; None where every row was drawn alone."""
        return self.rows.units


Tables = Mapping[str, Table]
"""What each row adds to each metric; a baseline is one run."""


def score_tables(tables: Tables, rows: Rows, metrics: Sequence[str]) -> dict[str, Score]:
    """The scores with their 95 % intervals for new rows; without a value where there is no table."""
    n, found = len(rows.labels), dict[str, Score]()
    for metric in metrics:
        table = tables.get(metric)
        value = None if table is None else float(table.values.mean())
        interval = None if table is None else estimate_score(table.values, table.units, table.reach)
        found[metric] = Score(value, interval, n)
    return found


def find_leading(read: Mapping[str, Tables]) -> dict[str, tuple[str, ...]]:
    """The names of the baselines that are `best-trivial` under each metric, in the order of `read`: those whose paired
    difference to the best has an interval that reaches 0 (statistics, rule 25). `read[name]` are the tables of a
    baseline on dev, or out of fold on train where dev has no rows."""
    by_metric: dict[str, dict[str, np.ndarray]] = {}
    units: dict[str, np.ndarray | None] = {}
    for name, tables in read.items():
        for metric, table in tables.items():
            by_metric.setdefault(metric, {})[name] = table.values[0]
            units[metric] = table.units
    return {metric: list_in_reach(tables, metric, units[metric]) for metric, tables in by_metric.items()}


def list_in_reach(tables: Mapping[str, np.ndarray], metric: str, units: np.ndarray | None) -> tuple[str, ...]:
    """The names of those that cannot be told from the best; `tables[name]` float64 (n_rows,) have the metric as their
    mean."""
    known = metric_of(metric)
    sign = known.sign
    best = max(tables, key=lambda name: sign * float(tables[name].mean()))
    reach = (-1.0, 1.0) if known.additive and known.is_share else None
    found: list[str] = []
    for name, table in tables.items():
        split = SplitRows((), sign * (table - tables[best]), units, reach, (table, tables[best]))
        estimate = estimate_over_rows([split])
        if name == best or estimate.df <= 0 or estimate.interval(ALPHA)[1] >= 0:
            found.append(name)
    return tuple(found)
