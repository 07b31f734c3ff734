"""Faults planted a third way, written by somebody who had not read the audits.

They were scored once before checks were tuned on them (85.5 % right, measured at 9361685); since then they are.
What each fault does to its data, and from which dose on it changes a conclusion, was checked with scikit-learn.
"""

from exam.faults.third.classes import CLASSES
from exam.faults.third.combinations import COMBINATIONS
from exam.faults.third.data import DATA
from exam.faults.third.labels import LABELS
from exam.faults.third.leaks import LEAKS
from exam.faults.third.shifts import SHIFTS
from exam.faults.third.shortcuts import SHORTCUTS
from exam.faults.third.subjects import SUBJECTS
from exam.faults.third.tables import TABLES
from exam.faults.third.tokens import TOKENS
from exam.planted import Fault

FAULTS: tuple[Fault, ...] = (*LEAKS, *SHIFTS, *COMBINATIONS, *LABELS, *CLASSES, *DATA, *SHORTCUTS, *TOKENS, *TABLES)

__all__ = ["FAULTS", "SUBJECTS"]
