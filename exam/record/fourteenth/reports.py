"""All reported configurations of the fourteenth set, and how the studies that they are of are made."""

from __future__ import annotations

from pathlib import Path

from exam.record.fourteenth.reported_idle import AMBIGUOUS, IDLE
from exam.record.fourteenth.reported_lichen import LICHEN_RIGHT
from exam.record.fourteenth.reported_missing import DEFAULT, OMITTED
from exam.record.fourteenth.reported_osprey import OSPREY_RIGHT
from exam.record.fourteenth.reported_small import SMALL_RIGHT
from exam.record.fourteenth.reported_tern import TERN_RIGHT
from exam.record.fourteenth.reported_wrong import WRONG
from exam.record.fourteenth.studies import STUDIES, write_code, write_syllables
from exam.record.report import Report
from exam.record.reports import train_studies

RIGHT = (*OSPREY_RIGHT, *LICHEN_RIGHT, *TERN_RIGHT, *SMALL_RIGHT)
REPORTS: tuple[Report, ...] = (*RIGHT, *WRONG, *OMITTED, *DEFAULT, *IDLE, *AMBIGUOUS)
"""Correct ones, and those with a value, an omission or a field that is not as it should be."""


def build_studies(place: Path) -> dict[str, Path]:
    """The folder of every study, trained in a new folder."""
    place.mkdir(parents=True)
    write_syllables(place / "data")
    write_code(place)
    return train_studies(place, STUDIES)
