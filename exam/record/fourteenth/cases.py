"""The fourteenth set of cases: reports alone, written without a look at how the tool decides."""

from __future__ import annotations

from pathlib import Path

from exam.record import base
from exam.record.case_set import CaseSet
from exam.record.fourteenth import forms, stating, studies
from exam.record.fourteenth.reports import REPORTS, build_studies

FOURTEENTH = CaseSet(
    name="fourteenth",
    sealed=Path(__file__).with_name("sealed.json"),
    mutations=(),
    shared=(forms, stating, studies),
    build_base=base.build_base,
    studies=studies.STUDIES,
    reports=REPORTS,
    build_studies=build_studies,
    programs=(),
)
