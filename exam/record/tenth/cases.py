"""The tenth set of cases: melodies, their record and programs, written from the specification alone."""

from __future__ import annotations

from pathlib import Path

from exam.record import forging
from exam.record.case_set import CaseSet
from exam.record.report import Report
from exam.record.tenth import (
    base,
    damaged,
    forged_runs,
    forged_words,
    packed,
    retrained,
    rows,
    workplace,
)
from exam.record.tenth.mutations import MUTATIONS
from exam.record.tenth.programs import PROGRAMS

REPORTS: tuple[Report, ...] = ()


def build_studies(place: Path) -> dict[str, Path]:
    """No study: this set has no reports."""
    return {}


TENTH = CaseSet(
    name="tenth",
    sealed=Path(__file__).with_name("sealed.json"),
    mutations=MUTATIONS,
    shared=(base, damaged, forged_runs, forged_words, forging, packed, retrained, rows, workplace),
    build_base=base.build_base,
    studies={},
    reports=REPORTS,
    build_studies=build_studies,
    programs=PROGRAMS,
)
