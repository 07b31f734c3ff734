"""All reported configurations of the ninth set."""

from __future__ import annotations

from exam.record.ninth.chant import CHANT_REPORTS
from exam.record.ninth.delta_right import DELTA_RIGHT
from exam.record.ninth.delta_wrong import DELTA_WRONG
from exam.record.ninth.finch_right import FINCH_RIGHT
from exam.record.ninth.finch_wrong import FINCH_WRONG
from exam.record.ninth.quarry import QUARRY_REPORTS
from exam.record.ninth.sorter import SORTER_REPORTS
from exam.record.report import Report

REPORTS: tuple[Report, ...] = (
    *FINCH_RIGHT,
    *FINCH_WRONG,
    *DELTA_RIGHT,
    *DELTA_WRONG,
    *CHANT_REPORTS,
    *QUARRY_REPORTS,
    *SORTER_REPORTS,
)
"""Correct ones, and those with a value, an omission or a field that is not as it should be."""
