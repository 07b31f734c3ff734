"""Slices of the rows of a suite: classes, lengths, and how many values of a factor a row has."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from brittlestar.core.probing import Condition, ProbeRecord

FEWEST_ROWS = 30
"""A slice of fewer rows is not looked at."""


def slices(probes: ProbeRecord, plain: Condition, classes: tuple[str, ...]) -> Mapping[str, np.ndarray]:
    """bool (n,) by the name of each slice with 30 rows at least that is not all of them: one for each class, and one
    for each third of the lengths."""
    found: dict[str, np.ndarray] = {}
    for number, name in enumerate(classes):
        found[f"class {name}"] = plain.labels_before == number
    lengths = probes.lengths
    if len(np.unique(lengths)) > 1:
        low, high = np.quantile(lengths, [1 / 3, 2 / 3], method="lower").tolist()
        found[f"length up to {low:g}"] = lengths <= low
        found[f"length above {high:g}"] = lengths > high
    return {
        name: members for name, members in found.items() if FEWEST_ROWS <= members.sum() <= len(members) - FEWEST_ROWS
    }
