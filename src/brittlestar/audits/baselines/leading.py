"""Which trivial baselines are `best-trivial`: those that dev cannot tell from the best (statistics, rule 25)."""

from collections.abc import Mapping, Sequence

import numpy as np

from brittlestar.audits.baselines.scoring import Answers, Split, linearise_scores
from brittlestar.core.ladder import Rung
from brittlestar.core.metric_names import LOWER_IS_BETTER, metric_names
from brittlestar.statistics.metric_rows import is_additive
from brittlestar.statistics.row_bounds import SplitRows, estimate_over_rows

LEVEL = 0.05  # convention: 95 % intervals


def find_leading(
    rungs: Sequence[Rung], answers: Mapping[str, Mapping[str, Answers]], splits: Mapping[str, Split], n_classes: int
) -> dict[str, tuple[str, ...]]:
    """The names of the leading baselines under each metric, in the order of `rungs`: those whose paired difference to
    the best on dev has an interval that reaches 0. Without rows of dev it is train, whose answers are out of fold."""
    name = "dev" if "dev" in splits and len(splits["dev"].labels) else "train"
    split = splits[name]
    if not len(split.labels):
        return {}
    read = {
        rung.name: linearise_scores(answers[rung.name][name], split.labels, n_classes, split.weights) for rung in rungs
    }
    found: dict[str, tuple[str, ...]] = {}
    for metric in metric_names(tuple(split.weights)):
        scores = {one: each[metric] for one, each in read.items()}
        tables = {one: value + pull for one, (value, pull) in scores.items() if value is not None and pull is not None}
        if tables:
            found[metric] = list_in_reach(tables, metric, split.units)
    return found


def list_in_reach(tables: Mapping[str, np.ndarray], metric: str, units: np.ndarray | None) -> tuple[str, ...]:
    """The names of those that cannot be told from the best; `tables[name]` float64 (n_rows,) have the metric as their
    mean."""
    sign = -1.0 if metric in LOWER_IS_BETTER else 1.0
    best = max(tables, key=lambda name: sign * float(tables[name].mean()))
    reach = (-1.0, 1.0) if is_additive(metric) and metric != "log_loss" else None
    found: list[str] = []
    for name, table in tables.items():
        split = SplitRows((), sign * (table - tables[best]), units, reach, (table, tables[best]))
        estimate = estimate_over_rows([split])
        if name == best or estimate.df <= 0 or estimate.interval(LEVEL)[1] >= 0:
            found.append(name)
    return tuple(found)
