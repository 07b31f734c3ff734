"""The seventh set of cases: reports as people hand them in, and nothing else."""

from __future__ import annotations

from pathlib import Path

from exam.record.base import build_base
from exam.record.case_set import CaseSet
from exam.record.seventh import answers, studies
from exam.record.seventh.reports import REPORTS, build_studies

SEVENTH = CaseSet(
    name="seventh",
    sealed=Path(__file__).with_name("sealed.json"),
    mutations=(),
    shared=(answers, studies),
    build_base=build_base,
    studies=studies.STUDIES,
    reports=REPORTS,
    build_studies=build_studies,
    programs=(),
)
