"""Reporting: the document, the page and the tables of a study that was assessed."""

import json
import shlex
from typing import Any

from brittlestar.reports.headline_text import fill_headline, headline_blocks
from brittlestar.reports.paragraphs import Paragraph
from brittlestar.reports.showing import Document
from brittlestar.reports.study_view import StudyView
from brittlestar.store.layout import PAGE, REPORT, Store, telling_failures


def build_report(store: Store, reading: StudyView, figures: bool = False) -> Document:
    """Write the report of a study that was assessed, and return the document of the contract."""
    from brittlestar.reports.write import write_report

    with telling_failures(store.name_key(REPORT)):
        folder = store.backend.folder(REPORT)
        faults = write_report(reading, folder, figures)
    written = [Paragraph("Report", store.name_key(PAGE)), *(Paragraph("Failed", fault) for fault in faults)]
    return Document(make_document(reading), [*_headline_blocks(store, reading), *written], faults)


def show_document(store: Store, reading: StudyView) -> Document:
    """The same document, where no report is written."""
    return Document(make_document(reading), _headline_blocks(store, reading))


def make_document(reading: StudyView) -> dict[str, Any]:
    """The document of the contract as JSON gives it."""
    return json.loads(json.dumps(reading.document))


def _headline_blocks(store: Store, reading: StudyView) -> list[Paragraph]:
    return headline_blocks(fill_headline(reading.headline, shlex.quote(str(store.root))))
