"""Slices of the rows of a suite: classes, lengths, how many values of a factor a row has, and groups."""

from collections.abc import Iterator, Mapping

import numpy as np

from brittlestar.core.probing import ProbeRecord

FEWEST_ROWS = 30
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
    return {name: own for name, own in large(found).items() if own.sum() <= known.sum() - FEWEST_ROWS}


def of_any_size(probes: ProbeRecord, labels: np.ndarray) -> Mapping[str, np.ndarray]:
    """The same slices, however few rows they have."""
    return {**by_class(labels, probes.classes), **dict(_of_columns(probes.columns))}


def large(found: Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
    """Those with 30 rows at least."""
    return {name: own for name, own in found.items() if own.sum() >= FEWEST_ROWS}


def by_class(labels: np.ndarray, classes: tuple[str, ...]) -> Mapping[str, np.ndarray]:
    """bool (n,) by the name of each class: the rows that have this label."""
    return {f"class {name}": np.equal(labels, number) for number, name in enumerate(classes)}


def _of_columns(columns: Mapping[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
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
