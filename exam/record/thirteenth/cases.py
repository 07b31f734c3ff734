"""The thirteenth set of cases: another author's reported configurations, written without a look at the tool."""

from __future__ import annotations

from pathlib import Path

from exam.record import base
from exam.record.case_set import CaseSet
from exam.record.thirteenth import studies
from exam.record.thirteenth.reports import REPORTS, build_studies

THIRTEENTH = CaseSet(
    name="thirteenth",
    sealed=Path(__file__).with_name("sealed.json"),
    mutations=(),
    shared=(),
    build_base=base.build_base,
    studies=studies.STUDIES,
    reports=REPORTS,
    build_studies=build_studies,
    programs=(),
)
"""Reports alone: it has no mutations and no programs."""
