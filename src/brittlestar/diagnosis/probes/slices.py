"""Slices of the rows of a suite, and which rows are no independent draws and count as one unit."""

from collections.abc import Iterator, Mapping

import numpy as np

from brittlestar.core.probing import Condition, ProbeRecord
from brittlestar.data.joining import join

FEWEST_IN_SLICE = 30
"""A slice of fewer rows is not looked at, nor one that lacks fewer."""
MOST_GROUPS = 10
"""Groups beyond the largest are not looked at one by one."""


def slices(probes: ProbeRecord, labels: np.ndarray) -> Mapping[str, np.ndarray]:
    """bool (n,) by the name of each slice of the sample with a known label in 30 rows at
    least, and in 30 others: one for each
    class by `labels` int (n,), one for the shortest and the longest third, one for each number of distinct values of a
    factor, and one for each of the ten largest groups."""
    known = labels >= 0
    found = {name: own & known for name, own in of_any_size(probes, labels).items()}
    return {name: own for name, own in large(found).items() if own.sum() <= known.sum() - FEWEST_IN_SLICE}


def of_any_size(probes: ProbeRecord, labels: np.ndarray) -> Mapping[str, np.ndarray]:
    """The same slices, however few rows they have."""
    return {**by_class(labels, probes.classes), **dict(of_columns(probes.columns))}


OF_CLASS = "class "
"""How the name of a slice begins that is a class."""


def large(found: Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
    """Those with 30 rows at least."""
    return {name: own for name, own in found.items() if own.sum() >= FEWEST_IN_SLICE}


def by_class(labels: np.ndarray, classes: tuple[str, ...]) -> Mapping[str, np.ndarray]:
    """bool (n,) by the name of each class: the rows that have this label."""
    return {f"{OF_CLASS}{name}": np.equal(labels, number) for number, name in enumerate(classes)}


def of_columns(columns: Mapping[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """bool (n,) by the name of each slice that columns make: the shortest and the longest third, one for each value of
    a factor, and one for each of the ten largest groups."""
    for name, values in columns.items():
        kinds, counts = np.unique(values, return_counts=True)
        if len(kinds) < 2:
            continue
        if name == "length":
            low, high = np.quantile(values, [1 / 3, 2 / 3], method="lower").tolist()
            yield f"length up to {low:g}", values <= low
            yield f"length above {high:g}", values > high
        elif name == "group":
            named = np.flatnonzero(kinds != "")
            for kind in kinds[named[np.argsort(-counts[named], kind="stable")[:MOST_GROUPS]]].tolist():
                yield f"group {kind}", np.equal(values, kind)
        else:
            for kind in kinds.tolist():
                yield f"{name}: {kind}", np.equal(values, kind)


def units_of(probes: ProbeRecord, condition: Condition) -> np.ndarray | None:
    """int64 (n,): the unit of each row of a condition, None where every row is one by itself. Groups are known of the
    sample alone; rows that were drawn or given are told apart by what they are."""
    rows = np.where(condition.before >= 0, condition.before, condition.after)
    groups = probes.columns.get("group")
    if groups is None or not condition.same_rows(probes.conditions[0]):
        distinct, found = np.unique(rows, return_inverse=True)
        return None if len(distinct) == len(rows) else found.reshape(-1)
    _, codes = np.unique(groups, return_inverse=True)
    named = groups != ""
    alone = len(groups) + np.arange(len(groups))
    component = join(rows.astype(np.uint64), np.where(named, codes.reshape(-1), alone)).component
    return None if len(np.unique(component)) == len(rows) else component


def part(units: np.ndarray | None, rows: np.ndarray) -> np.ndarray | None:
    """The units of some rows, None where every row is one by itself."""
    return None if units is None else units[rows]
