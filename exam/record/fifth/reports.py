"""All reported configurations of the fifth set, and how the studies that they are of are made."""

from __future__ import annotations

from pathlib import Path

from exam.record.fifth.reported_brook import BROOK_RIGHT
from exam.record.fifth.reported_canal import CANAL_RIGHT
from exam.record.fifth.reported_delta import DELTA_RIGHT
from exam.record.fifth.reported_ford import FORD_RIGHT
from exam.record.fifth.reported_idle import AMBIGUOUS, IDLE
from exam.record.fifth.reported_marsh import MARSH_RIGHT
from exam.record.fifth.reported_missing import DEFAULT, OMITTED
from exam.record.fifth.reported_wrong import WRONG
from exam.record.fifth.studies import DELTA_CODE, FORD_CODE, STUDIES, write_weather
from exam.record.report import Report
from exam.record.reports import train_studies

RIGHT = (*BROOK_RIGHT, *CANAL_RIGHT, *DELTA_RIGHT, *FORD_RIGHT, *MARSH_RIGHT)
REPORTS: tuple[Report, ...] = (*RIGHT, *WRONG, *OMITTED, *DEFAULT, *IDLE, *AMBIGUOUS)
"""Correct ones, and those with a value, an omission or a field that is not as it should be."""


def build_studies(place: Path) -> dict[str, Path]:
    """The folder of every study, trained in a new folder."""
    place.mkdir(parents=True)
    write_weather(place / "data")
    (place / "delta.py").write_text(DELTA_CODE, encoding="utf-8")
    (place / "ford.py").write_text(FORD_CODE, encoding="utf-8")
    return train_studies(place, STUDIES)
