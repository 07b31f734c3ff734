"""Rows that are no independent draws: copies of one sequence, and rows of one group, count as one unit."""

import numpy as np

from brittlestar.core.probing import Condition, ProbeRecord
from brittlestar.data.joining import join


def units_of(probes: ProbeRecord, one: Condition) -> np.ndarray | None:
    """int64 (n,): the unit of each row of a condition, None where every row is one by itself. Groups are known of the
    sample alone; rows that were drawn or given are told apart by what they are."""
    rows = np.where(one.before >= 0, one.before, one.after)
    groups = probes.columns.get("group")
    if groups is None or not one.same_rows(probes.conditions[0]):
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
