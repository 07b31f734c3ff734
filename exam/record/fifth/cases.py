"""The fifth set of cases: reports of five studies as people hand them in, and nothing else."""

from __future__ import annotations

from pathlib import Path

from exam.record.base import build_base
from exam.record.case_set import CaseSet
from exam.record.fifth import studies
from exam.record.fifth.reports import REPORTS, build_studies

FIFTH = CaseSet(
    name="fifth",
    sealed=Path(__file__).with_name("sealed.json"),
    mutations=(),
    shared=(studies,),
    build_base=build_base,
    studies=studies.STUDIES,
    reports=REPORTS,
    build_studies=build_studies,
    programs=(),
)
