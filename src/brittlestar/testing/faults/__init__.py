"""Faults that an audit can report, planted into clean folders at stated doses."""

from __future__ import annotations

from brittlestar.testing.faults import data, labels, leaks, shifts, shortcuts, tables
from brittlestar.testing.faults_second import FAULTS as SECOND
from brittlestar.testing.faults_third import FAULTS as THIRD
from brittlestar.testing.planted import Fault

FAULTS: tuple[Fault, ...] = (
    *leaks.FAULTS,
    *shifts.FAULTS,
    *labels.FAULTS,
    *data.FAULTS,
    *shortcuts.FAULTS,
    *tables.FAULTS,
    *SECOND,
    *THIRD,
)
"""Every fault of the first, second and third set, which checks are tuned on."""
