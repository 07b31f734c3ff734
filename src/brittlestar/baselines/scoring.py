"""Every metric of what a predictor answers, with an interval, and which predictors cannot be told from the best.

Rows are the unit, or what was drawn together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.answers import Answers, Rows
from brittlestar.core.metrics import metric_of
from brittlestar.core.scores import ask_in_units, score_runs, tabulate
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


Tables = Mapping[str, np.ndarray]
"""What each row of each run adds to each metric, float64 (n_runs, n_rows); a baseline is one run."""


def tabulate_all(answers: Answers, metrics: Sequence[str]) -> dict[str, np.ndarray]:
    """Every metric of a predictor, by row; one that cannot be computed is left out."""
    known = [metric for metric in metrics if len(answers.rows.labels) and None not in score_runs(answers, metric)]
    each = {metric: replace(answers, rows=ask_in_units(answers.rows, metric)) for metric in known}
    return {metric: tabulate(asked, metric) for metric, asked in each.items()}


def score_tables(tables: Tables, rows: Rows, metrics: Sequence[str]) -> dict[str, Score]:
    """The scores with their 95 % intervals for new rows; without a value where there is no table."""
    n, found = len(rows.labels), dict[str, Score]()
    for metric in metrics:
        table = tables.get(metric)
        value = None if table is None else float(table.mean())
        units = ask_in_units(rows, metric).units
        interval = None if table is None else estimate_score(table, units, metric_of(metric).range)
        found[metric] = Score(value, interval, n)
    return found


def find_leading(read: Mapping[str, Tables], rows: Rows) -> dict[str, tuple[str, ...]]:
    """The names of the baselines that are `best-trivial` under each metric, in the order of `read`: those whose paired
    difference to the best has an interval that reaches 0 (statistics, rule 25). `read[name]` are the tables of a
    baseline on the `rows` of dev, or out of fold on those of train where dev has none."""
    by_metric: dict[str, dict[str, np.ndarray]] = {}
    for name, tables in read.items():
        for metric, table in tables.items():
            by_metric.setdefault(metric, {})[name] = table[0]
    return {
        metric: list_in_reach(tables, metric, ask_in_units(rows, metric).units) for metric, tables in by_metric.items()
    }


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
