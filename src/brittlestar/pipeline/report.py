"""Reporting: the document, the page and the tables of a study that was assessed."""

import json
import shlex
from typing import Any

from brittlestar.pipeline.assess import Assessment
from brittlestar.reports.headline_text import fill_headline, headline_lines
from brittlestar.reports.showing import Document
from brittlestar.store.layout import PAGE, REPORT, Store, telling_failures


def build_report(store: Store, assessment: Assessment, figures: bool = False) -> Document:
    """Write the report of a study that was assessed, and return the document of the contract."""
    from brittlestar.reports.write import write_report

    with telling_failures(store.name_key(REPORT)):
        folder = store.backend.folder(REPORT)
        faults = write_report(assessment.reading, folder, figures)
    written = [("Report", store.name_key(PAGE)), *(("Failed", one) for one in faults)]
    return Document(make_document(assessment), [*_headline_lines(store, assessment), *written], faults)


def show_document(store: Store, assessment: Assessment) -> Document:
    """The same document, where no report is written."""
    return Document(make_document(assessment), _headline_lines(store, assessment))


def make_document(assessment: Assessment) -> dict[str, Any]:
    """The document of the contract as JSON gives it."""
    return json.loads(json.dumps(assessment.reading.document))


def _headline_lines(store: Store, assessment: Assessment) -> list[tuple[str, str]]:
    return headline_lines(fill_headline(assessment.headline, shlex.quote(str(store.root))))
