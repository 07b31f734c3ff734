"""Kinds of faults out of four earlier sets, which checks were tuned on: at least one of each code that they planted.

They are chosen by code and by how each comes about, not by what any check says of it. All are planted into generated
folders; commit fdcc0daa has the four sets whole, with their own subjects.
"""

from exam.faults.known.labels import LABELS
from exam.faults.known.leaks import LEAKS
from exam.faults.known.rows import ROWS
from exam.faults.known.shifts import SHIFTS
from exam.faults.known.tables import SHORTCUTS, TABLES
from exam.planted import Fault

FAULTS: tuple[Fault, ...] = (*LEAKS, *SHIFTS, *LABELS, *ROWS, *TABLES, *SHORTCUTS)
