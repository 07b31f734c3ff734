"""The eighth set of cases: reports alone, by an author who knew the documentation and never met the tool's answers."""

from __future__ import annotations

from pathlib import Path

from exam.record import base
from exam.record.case_set import CaseSet
from exam.record.eighth import fields, studies
from exam.record.eighth.reports import REPORTS, build_studies

EIGHTH = CaseSet(
    name="eighth",
    sealed=Path(__file__).with_name("sealed.json"),
    mutations=(),
    shared=(fields, studies),
    build_base=base.build_base,
    studies=studies.STUDIES,
    reports=REPORTS,
    build_studies=build_studies,
    programs=(),
)
