"""Faults planted a fourth way, by somebody who had not read the audits: no check was tuned on them.

What each fault does to its data, and from which dose on it changes a conclusion, was checked with scikit-learn.
"""

from brittlestar.testing.faults_held_out.classes import CLASSES
from brittlestar.testing.faults_held_out.data import DATA
from brittlestar.testing.faults_held_out.labels import LABELS
from brittlestar.testing.faults_held_out.leaks import LEAKS
from brittlestar.testing.faults_held_out.shifts import SHIFTS
from brittlestar.testing.faults_held_out.shortcuts import SHORTCUTS
from brittlestar.testing.faults_held_out.subjects import SUBJECTS
from brittlestar.testing.faults_held_out.tables import TABLES
from brittlestar.testing.faults_held_out.tokens import TOKENS
from brittlestar.testing.planted import Fault

FAULTS: tuple[Fault, ...] = (*LEAKS, *SHIFTS, *LABELS, *CLASSES, *DATA, *SHORTCUTS, *TOKENS, *TABLES)

__all__ = ["FAULTS", "SUBJECTS"]
