"""The eleventh set of cases: reported configurations alone."""

from __future__ import annotations

from pathlib import Path

from exam.record import base
from exam.record.case_set import CaseSet
from exam.record.eleventh import fields, rows, studies
from exam.record.eleventh.reports import REPORTS, build_studies

ELEVENTH = CaseSet(
    name="eleventh",
    sealed=Path(__file__).with_name("sealed.json"),
    mutations=(),
    shared=(fields, rows, studies),
    build_base=base.build_base,
    studies=studies.STUDIES,
    reports=REPORTS,
    build_studies=build_studies,
    programs=(),
)
