"""The ninth set of cases: reports alone, written by another hand without a look at how the tool reads them."""

from __future__ import annotations

from pathlib import Path

from exam.record import base
from exam.record.case_set import CaseSet
from exam.record.ninth import complete, sources, studies
from exam.record.ninth.reports import REPORTS

NINTH = CaseSet(
    name="ninth",
    sealed=Path(__file__).with_name("sealed.json"),
    mutations=(),
    shared=(complete, sources, studies),
    build_base=base.build_base,
    studies=studies.STUDIES,
    reports=REPORTS,
    build_studies=studies.build_studies,
    programs=(),
)
