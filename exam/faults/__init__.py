"""Faults that an audit can report, planted into clean folders at stated doses, in five sets."""

from exam.faults.first import FAULTS as FIRST
from exam.faults.second import FAULTS as SECOND
from exam.faults.third import FAULTS as THIRD
from exam.planted import Fault

FAULTS: tuple[Fault, ...] = (*FIRST, *SECOND, *THIRD)
"""Every fault of the first, second and third set, which checks are tuned on."""
