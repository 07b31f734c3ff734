"""All reported configurations of the fourth set, and how the studies that they are of are made."""

from __future__ import annotations

from pathlib import Path

from exam.record.fourth.reported_curlew import CURLEW_RIGHT
from exam.record.fourth.reported_faulty import FAULTY
from exam.record.fourth.reported_godwit import GODWIT_RIGHT
from exam.record.fourth.studies import STUDIES, write_data
from exam.record.report import Report
from exam.record.reports import train_studies

REPORTS: tuple[Report, ...] = (*CURLEW_RIGHT, *GODWIT_RIGHT, *FAULTY)
"""Correct ones, and those with a value, an omission or a field that is not as it should be."""


def build_studies(place: Path) -> dict[str, Path]:
    """The folder of every study, trained in a new folder."""
    place.mkdir(parents=True)
    write_data(place)
    return train_studies(place, STUDIES)
