"""The twelfth set of cases: reports alone, of five studies."""

from __future__ import annotations

from pathlib import Path

from exam.record.base import build_base
from exam.record.case_set import CaseSet
from exam.record.twelfth import expecting, rows, studies
from exam.record.twelfth.reports import REPORTS, build_studies

TWELFTH = CaseSet(
    name="twelfth",
    sealed=Path(__file__).with_name("sealed.json"),
    mutations=(),
    shared=(expecting, rows, studies),
    build_base=build_base,
    studies=studies.STUDIES,
    reports=REPORTS,
    build_studies=build_studies,
    programs=(),
)
