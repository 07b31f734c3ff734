"""Faults planted the first way: what each check was written for."""

from exam.faults.first import data, labels, leaks, shifts, shortcuts, tables
from exam.planted import Fault

FAULTS: tuple[Fault, ...] = (
    *leaks.FAULTS,
    *shifts.FAULTS,
    *labels.FAULTS,
    *data.FAULTS,
    *shortcuts.FAULTS,
    *tables.FAULTS,
)
"""Every fault of the first set."""
