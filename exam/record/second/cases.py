"""The second set of cases: another author's record, reports and programs, written without a look at the tool."""

from __future__ import annotations

from pathlib import Path

from exam.record import forging
from exam.record.case_set import CaseSet
from exam.record.second import (
    base,
    damaged,
    forged_runs,
    forged_words,
    forgery,
    packed,
    retrained,
    rows,
    studies,
)
from exam.record.second.mutations import MUTATIONS
from exam.record.second.programs import PROGRAMS
from exam.record.second.reports import REPORTS, build_studies

SECOND = CaseSet(
    name="second",
    sealed=Path(__file__).with_name("sealed.json"),
    mutations=MUTATIONS,
    shared=(base, damaged, forged_runs, forged_words, forgery, forging, packed, retrained, rows, studies),
    build_base=base.build_base,
    studies=studies.STUDIES,
    reports=REPORTS,
    build_studies=build_studies,
    programs=PROGRAMS,
)
