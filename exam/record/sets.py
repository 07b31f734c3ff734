"""The sets of cases of the exam, by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from exam.record import archives, base, forged_rows, forged_runs, forged_words, forging, hashes, retrained
from exam.record.case_set import CaseSet
from exam.record.eighth.cases import EIGHTH
from exam.record.eleventh.cases import ELEVENTH
from exam.record.fifteenth.cases import FIFTEENTH
from exam.record.fifth.cases import FIFTH
from exam.record.fourteenth.cases import FOURTEENTH
from exam.record.fourth.cases import FOURTH
from exam.record.mutations import MUTATIONS
from exam.record.ninth.cases import NINTH
from exam.record.programs import PROGRAMS
from exam.record.reports import REPORTS, STUDIES, build_studies
from exam.record.second.cases import SECOND
from exam.record.seventh.cases import SEVENTH
from exam.record.sixteenth.cases import SIXTEENTH
from exam.record.sixth.cases import SIXTH
from exam.record.tenth.cases import TENTH
from exam.record.third.cases import THIRD
from exam.record.thirteenth.cases import THIRTEENTH
from exam.record.twelfth.cases import TWELFTH

FIRST = CaseSet(
    name="first",
    sealed=Path(__file__).with_name("sealed.json"),
    mutations=MUTATIONS,
    shared=(archives, base, forged_rows, forged_runs, forged_words, forging, hashes, retrained),
    build_base=base.build_base,
    studies=STUDIES,
    reports=REPORTS,
    build_studies=build_studies,
    programs=PROGRAMS,
)
SETS: Mapping[str, CaseSet] = {
    one.name: one
    for one in (
        FIRST,
        SECOND,
        THIRD,
        FOURTH,
        FIFTH,
        SIXTH,
        SEVENTH,
        EIGHTH,
        NINTH,
        TENTH,
        ELEVENTH,
        TWELFTH,
        THIRTEENTH,
        FOURTEENTH,
        FIFTEENTH,
        SIXTEENTH,
    )
}
"""In the order in which they were written."""
