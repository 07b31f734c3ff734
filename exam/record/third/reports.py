"""All reported configurations of the third set, and how the studies that they are of are made."""

from __future__ import annotations

from pathlib import Path

from exam.record.report import Report
from exam.record.reports import train_studies
from exam.record.third.reported_heron import HERON_RIGHT
from exam.record.third.reported_idle import AMBIGUOUS, IDLE
from exam.record.third.reported_missing import DEFAULT, OMITTED
from exam.record.third.reported_plover import PLOVER_RIGHT
from exam.record.third.reported_tern import TERN_RIGHT
from exam.record.third.reported_wrong import WRONG
from exam.record.third.studies import CODE, STUDIES, write_calls

RIGHT = (*HERON_RIGHT, *TERN_RIGHT, *PLOVER_RIGHT)
REPORTS: tuple[Report, ...] = (*RIGHT, *WRONG, *OMITTED, *DEFAULT, *IDLE, *AMBIGUOUS)
"""Correct ones, and those with a value, an omission or a field that is not as it should be."""


def build_studies(place: Path) -> dict[str, Path]:
    """The folder of every study, trained in a new folder."""
    place.mkdir(parents=True)
    write_calls(place / "data")
    (place / "plover.py").write_text(CODE, encoding="utf-8")
    return train_studies(place, STUDIES)
