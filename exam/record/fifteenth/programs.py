"""All programs of the fifteenth set."""

from __future__ import annotations

from exam.record.fifteenth.healthy import HEALTHY
from exam.record.fifteenth.inert import INERTS
from exam.record.fifteenth.influences import INFLUENCES
from exam.record.program import Program

PROGRAMS: tuple[Program, ...] = (*INERTS, *INFLUENCES, *HEALTHY)
"""Those with a setting that does nothing, those with an influence that nobody states, and healthy ones."""
