"""Faults planted a fourth way, written by somebody who had not read the audits.

They were sealed by hash, and scored once before any check was tuned on them (90.6 % right, measured at f587182). Since
then checks were tuned on them, so that a new score says nothing about faults that nobody has seen.

What each fault does to its data, and from which dose on it changes a conclusion, was checked with scikit-learn.
"""

from exam.faults.fourth.classes import CLASSES
from exam.faults.fourth.data import DATA
from exam.faults.fourth.labels import LABELS
from exam.faults.fourth.leaks import LEAKS
from exam.faults.fourth.shifts import SHIFTS
from exam.faults.fourth.shortcuts import SHORTCUTS
from exam.faults.fourth.subjects import SUBJECTS
from exam.faults.fourth.tables import TABLES
from exam.faults.fourth.tokens import TOKENS
from exam.planted import Fault

FAULTS: tuple[Fault, ...] = (*LEAKS, *SHIFTS, *LABELS, *CLASSES, *DATA, *SHORTCUTS, *TOKENS, *TABLES)

__all__ = ["FAULTS", "SUBJECTS"]
