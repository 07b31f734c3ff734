"""All reported configurations of the twelfth set, and how the studies that they are of are made."""

from __future__ import annotations

from pathlib import Path

from exam.record.report import Report
from exam.record.reports import train_studies
from exam.record.twelfth.reported_abacus import ABACUS_RIGHT
from exam.record.twelfth.reported_abacus_wrong import ABACUS_WRONG
from exam.record.twelfth.reported_ferry import FERRY_RIGHT
from exam.record.twelfth.reported_ferry_wrong import FERRY_WRONG
from exam.record.twelfth.reported_harbour import HARBOUR_RIGHT
from exam.record.twelfth.reported_harbour_wrong import HARBOUR_WRONG
from exam.record.twelfth.reported_ledger import LEDGER_REPORTS
from exam.record.twelfth.reported_loom import LOOM_RIGHT
from exam.record.twelfth.reported_loom_wrong import LOOM_WRONG
from exam.record.twelfth.rows import write_joined, write_words
from exam.record.twelfth.studies import CODE, STUDIES

REPORTS: tuple[Report, ...] = (
    *HARBOUR_RIGHT,
    *HARBOUR_WRONG,
    *FERRY_RIGHT,
    *FERRY_WRONG,
    *ABACUS_RIGHT,
    *ABACUS_WRONG,
    *LEDGER_REPORTS,
    *LOOM_RIGHT,
    *LOOM_WRONG,
)
"""By study: correct ones, then those with a value, an omission or a field that is not as it should be."""


def build_studies(place: Path) -> dict[str, Path]:
    """The folder of every study, trained in a new folder."""
    place.mkdir(parents=True)
    write_words(place / "words")
    write_joined(place / "joined")
    for name, text in CODE.items():
        (place / name).write_text(text, encoding="utf-8")
    return train_studies(place, STUDIES)
