"""All programs of the sixth set."""

from __future__ import annotations

from exam.record.program import Program
from exam.record.sixth.healthy import HEALTHY
from exam.record.sixth.inert import INERTS
from exam.record.sixth.influences import INFLUENCES

PROGRAMS: tuple[Program, ...] = (*INERTS, *INFLUENCES, *HEALTHY)
"""Those with a setting that does nothing, those with an influence that nobody states, and healthy ones."""
