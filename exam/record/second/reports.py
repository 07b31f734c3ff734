"""All reported configurations of the second set, and how the studies that they are of are made."""

from __future__ import annotations

from pathlib import Path

from exam.record.report import Report
from exam.record.reports import train_studies
from exam.record.second.reported_courier import COURIER_RIGHT
from exam.record.second.reported_idle import AMBIGUOUS, IDLE
from exam.record.second.reported_kite import KITE_RIGHT
from exam.record.second.reported_missing import DEFAULT, OMITTED
from exam.record.second.reported_pigeon import PIGEON_RIGHT
from exam.record.second.reported_wrong import WRONG
from exam.record.second.studies import CODE, STUDIES, write_letters

RIGHT = (*COURIER_RIGHT, *PIGEON_RIGHT, *KITE_RIGHT)
REPORTS: tuple[Report, ...] = (*RIGHT, *WRONG, *OMITTED, *DEFAULT, *IDLE, *AMBIGUOUS)
"""Correct ones, and those with a value, an omission or a field that is not as it should be."""


def build_studies(place: Path) -> dict[str, Path]:
    """The folder of every study, trained in a new folder."""
    place.mkdir(parents=True)
    write_letters(place / "data")
    (place / "kite.py").write_text(CODE, encoding="utf-8")
    return train_studies(place, STUDIES)
