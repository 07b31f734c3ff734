"""The third set of cases: another author's reports, and nothing else."""

from __future__ import annotations

from pathlib import Path

from exam.record.base import build_base
from exam.record.case_set import CaseSet
from exam.record.third import layouts, studies
from exam.record.third.reports import REPORTS, build_studies

THIRD = CaseSet(
    name="third",
    sealed=Path(__file__).with_name("sealed.json"),
    mutations=(),
    shared=(layouts, studies),
    build_base=build_base,
    studies=studies.STUDIES,
    reports=REPORTS,
    build_studies=build_studies,
    programs=(),
)
