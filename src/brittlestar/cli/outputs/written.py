"""How commands end that write and say little: what was written, and the commands that go on."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brittlestar.cli.output import TerminalOutput, end_with
from brittlestar.cli.outputs.findings import notes_sections
from brittlestar.core.documents import begin_document
from brittlestar.reports.paragraphs import Paragraph, name_failed, name_first, name_place
from brittlestar.reports.result_files import shorten_document
from brittlestar.reports.showing import Document
from brittlestar.store.layout import PAGE, PAPER, REPORT, Store
from brittlestar.study.units import count

if TYPE_CHECKING:
    from brittlestar.verbs.export import ExportResult


def new_output(path: Path) -> TerminalOutput:
    """The study file that was written, and the two commands that use it."""
    place = shlex.quote(str(path))
    blocks = [
        *name_place("Written", path),
        Paragraph("", "It has every setting with its meaning. Read it, change what is not right, then:"),
        *name_first("Next", [f"brittlestar run {place} --dry-run", f"brittlestar run {place}"], command=True),
    ]
    return end_with({**begin_document(), "study": path.as_posix()}, [str(path)], blocks)


def generated_output(summary: Mapping[str, Any], folder: Path) -> TerminalOutput:
    """The splits that were written, the rule behind them, and the command that goes on."""
    sizes = {name: one["rows"] for name, one in summary["splits"].items()}
    listed = ", ".join(f"{name} {rows:,}" for name, rows in sizes.items())
    place = shlex.quote(str(folder))
    blocks = [
        *name_place("Written", folder),
        Paragraph("Splits", f"{count(sum(sizes.values()), 'row')}: {listed}"),
        Paragraph("Rule", f"label 1 if {summary['rule']['text']}"),
        *name_first("Next", [f"brittlestar check {place}", f"brittlestar run {place}"], command=True),
    ]
    return end_with(summary, [str(folder)], blocks)


def report_output(document: Document, study: Path, figures: bool = False, paper: bool = False) -> TerminalOutput:
    """The page, and what lies beside it."""
    store, faults = Store(study), document.faults
    page = store.name_key(PAGE)
    blocks = [
        *name_place("Report", page),
        Paragraph("Beside", "results.json, and tables and verdicts as Markdown and LaTeX"),
        *(name_place("Figures", store.name_key(f"{REPORT}/figures")) if figures else ()),
        *(name_place("Paper", store.name_key(PAPER)) if paper else ()),
        *name_failed(faults),
    ]
    after = (f"report: {page}", *faults)
    code = 1 if faults else 0
    return end_with(shorten_document(document), [page], blocks, after_json=after, exit_code=code, page=store)


def export_output(result: ExportResult) -> TerminalOutput:
    """Every file with its rows, notes, and the command that goes on."""
    return end_with(
        result, [one.place for one in result.written], result.blocks, rest=lambda: notes_sections(result.notes)
    )
