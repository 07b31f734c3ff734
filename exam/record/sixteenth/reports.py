"""All reported configurations of the sixteenth set, and how the studies that they are of are made."""

from __future__ import annotations

from pathlib import Path

from exam.record.report import Report
from exam.record.reports import train_studies
from exam.record.sixteenth.reported_gravel import GRAVEL_RIGHT
from exam.record.sixteenth.reported_idle import AMBIGUOUS, IDLE
from exam.record.sixteenth.reported_lantern import LANTERN_RIGHT
from exam.record.sixteenth.reported_missing import DEFAULT, OMITTED
from exam.record.sixteenth.reported_own import OWN_RIGHT
from exam.record.sixteenth.reported_tides import TIDES_RIGHT
from exam.record.sixteenth.reported_wrong import WRONG_NETWORKS
from exam.record.sixteenth.reported_wrong_own import WRONG_OTHERS
from exam.record.sixteenth.studies import CODE, STUDIES, write_rows

RIGHT = (*TIDES_RIGHT, *LANTERN_RIGHT, *GRAVEL_RIGHT, *OWN_RIGHT)
WRONG = (*WRONG_NETWORKS, *WRONG_OTHERS)
REPORTS: tuple[Report, ...] = (*RIGHT, *WRONG, *OMITTED, *DEFAULT, *IDLE, *AMBIGUOUS)
"""Correct ones, and those with a value, an omission or a field that is not as it should be."""


def build_studies(place: Path) -> dict[str, Path]:
    """The folder of every study, trained in a new folder."""
    place.mkdir(parents=True)
    write_rows(place / "data")
    for name, text in CODE.items():
        (place / name).write_text(text, encoding="utf-8")
    return train_studies(place, STUDIES)
