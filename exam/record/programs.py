"""All programs, and the data that they are trained on."""

from __future__ import annotations

from pathlib import Path

from brittlestar import generate
from exam.record.healthy import HEALTHY
from exam.record.inert import INERTS
from exam.record.influences import INFLUENCES
from exam.record.program import Program

PROGRAMS: tuple[Program, ...] = (*INERTS, *INFLUENCES, *HEALTHY)
"""Those with a setting that does nothing, those with an influence that nobody states, and healthy ones."""


def write_program(program: Program, folder: Path) -> Path:
    """Data, module and study file in a new folder; the study file's place."""
    folder.mkdir(parents=True)
    generate(folder / "data", sizes="200/60/60", seed=5)
    return program.write(folder)
