"""All programs of the second set."""

from __future__ import annotations

from exam.record.program import Program
from exam.record.second.healthy import HEALTHY
from exam.record.second.inert import INERTS
from exam.record.second.influences import INFLUENCES

PROGRAMS: tuple[Program, ...] = (*INERTS, *INFLUENCES, *HEALTHY)
"""Those with a setting that does nothing, those with an influence that nobody states, and healthy ones."""
