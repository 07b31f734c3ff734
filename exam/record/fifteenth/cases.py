"""The fifteenth set of cases: another author's record and programs, written without a look at the tool; no reports."""

from __future__ import annotations

from pathlib import Path

from exam.record import forging
from exam.record.case_set import CaseSet
from exam.record.fifteenth import (
    base,
    damaged,
    forged_runs,
    forged_words,
    forgery,
    packed,
    retrained,
    rows,
)
from exam.record.fifteenth.mutations import MUTATIONS
from exam.record.fifteenth.programs import PROGRAMS
from exam.record.second import forgery as forgery_of_runs


def build_studies(place: Path) -> dict[str, Path]:
    """A new folder without a study: nothing is reported in this set."""
    place.mkdir(parents=True)
    return {}


FIFTEENTH = CaseSet(
    name="fifteenth",
    sealed=Path(__file__).with_name("sealed.json"),
    mutations=MUTATIONS,
    shared=(base, damaged, forged_runs, forged_words, forgery, forgery_of_runs, forging, packed, retrained, rows),
    build_base=base.build_base,
    studies={},
    reports=(),
    build_studies=build_studies,
    programs=PROGRAMS,
)
