"""All reported configurations of the thirteenth set, and how the studies that they are of are made."""

from __future__ import annotations

from pathlib import Path

from exam.record.report import Report
from exam.record.reports import train_studies
from exam.record.thirteenth.reported_crab import CRAB_REPORTS
from exam.record.thirteenth.reported_lark import LARK_RIGHT
from exam.record.thirteenth.reported_lark_wrong import LARK_WRONG
from exam.record.thirteenth.reported_ledger import LEDGER_REPORTS
from exam.record.thirteenth.reported_quarry import QUARRY_RIGHT
from exam.record.thirteenth.reported_quarry_wrong import QUARRY_WRONG
from exam.record.thirteenth.reported_tern import TERN_REPORTS
from exam.record.thirteenth.studies import CODE, STUDIES, write_calls, write_logs, write_notes

REPORTS: tuple[Report, ...] = (
    *LARK_RIGHT,
    *LARK_WRONG,
    *QUARRY_RIGHT,
    *QUARRY_WRONG,
    *LEDGER_REPORTS,
    *TERN_REPORTS,
    *CRAB_REPORTS,
)


def build_studies(place: Path) -> dict[str, Path]:
    """The folder of every study, trained in a new folder."""
    place.mkdir(parents=True)
    write_calls(place / "calls")
    write_logs(place / "logs")
    write_notes(place / "notes")
    for name, text in CODE.items():
        (place / name).write_text(text, encoding="utf-8")
    return train_studies(place, STUDIES)
