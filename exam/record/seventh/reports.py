"""All reported configurations of the seventh set, and how the studies that they are of are made."""

from __future__ import annotations

from pathlib import Path

from exam.record.report import Report
from exam.record.reports import train_studies
from exam.record.seventh.reported_bracken import BRACKEN_REPORTS
from exam.record.seventh.reported_fennel import RIGHT_FENNEL
from exam.record.seventh.reported_fennel_wrong import WRONG_FENNEL
from exam.record.seventh.reported_fitted import FITTED_REPORTS
from exam.record.seventh.reported_sorrel import RIGHT_SORREL
from exam.record.seventh.reported_sorrel_wrong import WRONG_SORREL
from exam.record.seventh.reported_tansy import TANSY_REPORTS
from exam.record.seventh.studies import CODE, STUDIES, write_leaves

REPORTS: tuple[Report, ...] = (
    *RIGHT_SORREL,
    *WRONG_SORREL,
    *RIGHT_FENNEL,
    *WRONG_FENNEL,
    *TANSY_REPORTS,
    *BRACKEN_REPORTS,
    *FITTED_REPORTS,
)
"""Correct ones, and those with a value, an omission or a field that is not as it should be."""


def build_studies(place: Path) -> dict[str, Path]:
    """The folder of every study, trained in a new folder."""
    place.mkdir(parents=True)
    write_leaves(place / "data")
    for name, text in CODE.items():
        (place / name).write_text(text, encoding="utf-8")
    return train_studies(place, STUDIES)
