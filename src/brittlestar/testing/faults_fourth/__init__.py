"""Faults planted a fourth way, written by somebody who had not read the audits.

They were sealed by hash, and scored once before any check was tuned on them (90.6 % right, measured at f587182). Since
then checks were tuned on them, so that a new score says nothing about faults that nobody has seen.

What each fault does to its data, and from which dose on it changes a conclusion, was checked with scikit-learn.
"""

from brittlestar.testing.faults_fourth.classes import CLASSES
from brittlestar.testing.faults_fourth.data import DATA
from brittlestar.testing.faults_fourth.labels import LABELS
from brittlestar.testing.faults_fourth.leaks import LEAKS
from brittlestar.testing.faults_fourth.shifts import SHIFTS
from brittlestar.testing.faults_fourth.shortcuts import SHORTCUTS
from brittlestar.testing.faults_fourth.subjects import SUBJECTS
from brittlestar.testing.faults_fourth.tables import TABLES
from brittlestar.testing.faults_fourth.tokens import TOKENS
from brittlestar.testing.planted import Fault

FAULTS: tuple[Fault, ...] = (*LEAKS, *SHIFTS, *LABELS, *CLASSES, *DATA, *SHORTCUTS, *TOKENS, *TABLES)

__all__ = ["FAULTS", "SUBJECTS"]
