"""The sixth set of cases: another author's record and programs, and no reports."""

from __future__ import annotations

from pathlib import Path

from exam.record import forging
from exam.record.case_set import CaseSet
from exam.record.sixth import (
    base,
    damaged,
    descents,
    forged_data,
    forged_runs,
    forged_words,
    forgery,
    packed,
    polished,
    signals,
    stolen_runs,
)
from exam.record.sixth.mutations import MUTATIONS
from exam.record.sixth.programs import PROGRAMS

SIXTH = CaseSet(
    name="sixth",
    sealed=Path(__file__).with_name("sealed.json"),
    mutations=MUTATIONS,
    shared=(
        *(base, damaged, descents, forged_data, forged_runs, forged_words),
        *(forgery, forging, packed, polished, signals, stolen_runs),
    ),
    build_base=base.build_base,
    studies={},
    reports=(),
    build_studies=lambda place: {},
    programs=PROGRAMS,
)
