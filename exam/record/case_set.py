"""What a set of cases of the exam is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from exam.record.base import Base
from exam.record.mutation import Mutation
from exam.record.program import Program
from exam.record.report import Report


@dataclass(frozen=True)
class CaseSet:
    """Cases of every part, with what they are made from; a part may have none.

    `sealed` is the file of their digests; `shared` are modules that mutations share parts of. `build_base` makes the
    record that mutations start from, and `build_studies` the `studies` that reports are of, in a new folder.
    """

    name: str
    sealed: Path
    mutations: tuple[Mutation, ...]
    shared: tuple[ModuleType, ...]
    build_base: Callable[[Path], Base]
    studies: Mapping[str, str]
    reports: tuple[Report, ...]
    build_studies: Callable[[Path], dict[str, Path]]
    programs: tuple[Program, ...]
