"""All reported configurations of the eleventh set, and how the studies that they are of are made."""

from __future__ import annotations

from pathlib import Path

from exam.record.eleventh.gears_right import GEARS_RIGHT
from exam.record.eleventh.gears_wrong import GEARS_WRONG
from exam.record.eleventh.looms_right import LOOMS_RIGHT
from exam.record.eleventh.looms_wrong import LOOMS_WRONG
from exam.record.eleventh.petals_right import PETALS_RIGHT
from exam.record.eleventh.petals_wrong import PETALS_WRONG
from exam.record.eleventh.rows import write_all
from exam.record.eleventh.studies import CODE, STUDIES
from exam.record.eleventh.tides_files import TIDES_FILES
from exam.record.eleventh.tides_pages import TIDES_PAGES
from exam.record.eleventh.tides_wrong import TIDES_WRONG
from exam.record.report import Report
from exam.record.reports import train_studies

REPORTS: tuple[Report, ...] = (
    *TIDES_PAGES,
    *TIDES_FILES,
    *TIDES_WRONG,
    *LOOMS_RIGHT,
    *LOOMS_WRONG,
    *PETALS_RIGHT,
    *PETALS_WRONG,
    *GEARS_RIGHT,
    *GEARS_WRONG,
)
"""Correct ones, and those with a value, an omission or a field that is not as it should be."""


def build_studies(place: Path) -> dict[str, Path]:
    """The folder of every study, trained in a new folder."""
    place.mkdir(parents=True)
    write_all(place)
    (place / "gears.py").write_text(CODE, encoding="utf-8")
    return train_studies(place, STUDIES)
