"""All programs of the tenth set."""

from __future__ import annotations

from exam.record.program import Program
from exam.record.tenth.healthy import HEALTHY
from exam.record.tenth.inert import INERTS
from exam.record.tenth.influences import INFLUENCES

PROGRAMS: tuple[Program, ...] = (*INERTS, *INFLUENCES, *HEALTHY)
"""Those with a setting that does nothing, those with an influence that nobody states, and healthy ones."""
