"""Faults planted a third way, written by somebody who had not read the audits.

They were scored once before checks were tuned on them (85.5 % right, measured at 9361685); since then they are.
What each fault does to its data, and from which dose on it changes a conclusion, was checked with scikit-learn.
"""

from brittlestar.testing.faults_third.classes import CLASSES
from brittlestar.testing.faults_third.combinations import COMBINATIONS
from brittlestar.testing.faults_third.data import DATA
from brittlestar.testing.faults_third.labels import LABELS
from brittlestar.testing.faults_third.leaks import LEAKS
from brittlestar.testing.faults_third.shifts import SHIFTS
from brittlestar.testing.faults_third.shortcuts import SHORTCUTS
from brittlestar.testing.faults_third.subjects import SUBJECTS
from brittlestar.testing.faults_third.tables import TABLES
from brittlestar.testing.faults_third.tokens import TOKENS
from brittlestar.testing.planted import Fault

FAULTS: tuple[Fault, ...] = (*LEAKS, *SHIFTS, *COMBINATIONS, *LABELS, *CLASSES, *DATA, *SHORTCUTS, *TOKENS, *TABLES)

__all__ = ["FAULTS", "SUBJECTS"]
