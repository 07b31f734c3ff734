"""Faults planted a fifth way, by another hand than the one that wrote the checks, into rows made of phrases.

They were sealed by hash before any check met them.
"""

from exam.faults.fifth.classes import CLASSES
from exam.faults.fifth.encodings import ENCODINGS
from exam.faults.fifth.leaks import LEAKS
from exam.faults.fifth.noise import NOISE
from exam.faults.fifth.shifts import SHIFTS
from exam.faults.fifth.shortcuts import SHORTCUTS
from exam.faults.fifth.subjects import SUBJECTS
from exam.faults.fifth.symbols import SYMBOLS
from exam.faults.fifth.tables import TABLES
from exam.faults.fifth.tokenisers import TOKENISERS
from exam.planted import Fault

FAULTS: tuple[Fault, ...] = (
    *NOISE,
    *ENCODINGS,
    *TOKENISERS,
    *TABLES,
    *LEAKS,
    *SHIFTS,
    *CLASSES,
    *SHORTCUTS,
    *SYMBOLS,
)

__all__ = ["FAULTS", "SUBJECTS"]
