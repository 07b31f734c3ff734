"""All reported configurations of the eighth set, and how the studies that they are of are made."""

from __future__ import annotations

from pathlib import Path

from exam.record.eighth.reported_fits import FITS
from exam.record.eighth.reported_heron_right import HERON_RIGHT
from exam.record.eighth.reported_heron_wrong import HERON_WRONG
from exam.record.eighth.reported_osprey_right import OSPREY_RIGHT
from exam.record.eighth.reported_osprey_wrong import OSPREY_WRONG
from exam.record.eighth.reported_tern import TERN_REPORTS
from exam.record.eighth.reported_wren_right import WREN_RIGHT
from exam.record.eighth.reported_wren_wrong import WREN_WRONG
from exam.record.eighth.studies import CODE, STUDIES, write_notes
from exam.record.report import Report
from exam.record.reports import train_studies

REPORTS: tuple[Report, ...] = (
    *HERON_RIGHT,
    *HERON_WRONG,
    *OSPREY_RIGHT,
    *OSPREY_WRONG,
    *WREN_RIGHT,
    *WREN_WRONG,
    *FITS,
    *TERN_REPORTS,
)
"""Of each study the correct ones first."""


def build_studies(place: Path) -> dict[str, Path]:
    """The folder of every study, trained in a new folder."""
    place.mkdir(parents=True)
    write_notes(place / "data")
    for name, text in CODE.items():
        (place / name).write_text(text, encoding="utf-8")
    return train_studies(place, STUDIES)
