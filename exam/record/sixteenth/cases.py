"""The sixteenth set of cases: another author's reports, written without a look at the tool."""

from __future__ import annotations

from pathlib import Path

from exam.record import base
from exam.record.case_set import CaseSet
from exam.record.sixteenth import fields, studies
from exam.record.sixteenth.reports import REPORTS, build_studies

SIXTEENTH = CaseSet(
    name="sixteenth",
    sealed=Path(__file__).with_name("sealed.json"),
    mutations=(),
    shared=(fields, studies),
    build_base=base.build_base,
    studies=studies.STUDIES,
    reports=REPORTS,
    build_studies=build_studies,
    programs=(),
)
