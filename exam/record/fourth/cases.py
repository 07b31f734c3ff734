"""The fourth set of cases: reports as several fields print them, and nothing else."""

from __future__ import annotations

from pathlib import Path

from exam.record.base import build_base
from exam.record.case_set import CaseSet
from exam.record.fourth import layouts, studies
from exam.record.fourth.reports import REPORTS, build_studies

FOURTH = CaseSet(
    name="fourth",
    sealed=Path(__file__).with_name("sealed.json"),
    mutations=(),
    shared=(layouts, studies),
    build_base=build_base,
    studies=studies.STUDIES,
    reports=REPORTS,
    build_studies=build_studies,
    programs=(),
)
