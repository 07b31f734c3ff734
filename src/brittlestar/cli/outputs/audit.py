"""How `audit` and `split` end: is the data sound, what to act on, counts of findings, and where the rest is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Column, Table

from brittlestar.cli.output import PLAIN, OutputSection, TerminalOutput, end_with
from brittlestar.cli.outputs.findings import data_section, findings_section, notes_sections
from brittlestar.cli.paragraphs import WIDTH
from brittlestar.core.documents import begin_document
from brittlestar.core.findings import Finding
from brittlestar.core.trivial_baselines import TrivialBaselines
from brittlestar.pipeline.cleaning import describe_cleaning
from brittlestar.pipeline.data_audit import AuditResult, describe_limits
from brittlestar.reports.figures.baselines import label_baselines
from brittlestar.reports.paragraphs import Paragraph, name_first, name_place
from brittlestar.reports.result_text import answer_line, note_blocks
from brittlestar.study.units import unit_of

if TYPE_CHECKING:
    from brittlestar.verbs.split import SplitResult


def audit_output(result: AuditResult, *, html: Path | None = None, write_clean: Path | None = None) -> TerminalOutput:
    """Whether the data are sound, errors and warnings with their remedies, counts, and what was written.

    Args:
        html (FILE): Write the audit as one offline page.
    """
    if html is not None:
        result.write_html(html)
    notes, limits = result.notes, result.document.get("limits")
    removed = [] if write_clean is None else describe_cleaning(result.document["clean"], write_clean)
    return end_with(
        result,
        [answer_line("Sound?", result.headline.sound)],
        [
            *result.blocks,
            *note_blocks(notes),
            *(Paragraph("" if k else "Clean", line) for k, line in enumerate(removed)),
            *name_place("Page", html),
        ],
        rest=lambda: [
            data_section(result.splits),
            *audit_sections(result.findings, result.record.trivial_baselines, limits, notes),
        ],
        more="-v prints trivial baselines, and every finding by code.",
        after_json=() if html is None else (f"page: {html}",),
        page=html,
    )


def audit_sections(
    findings: Sequence[Finding],
    baselines: TrivialBaselines | None,
    limits: Mapping[str, Any] | None,
    notes: Sequence[str],
) -> list[OutputSection]:
    """All there is of an audit: trivial baselines, findings by code, detection limits and notes."""
    seen = describe_limits(limits)
    return [
        *([] if baselines is None else [OutputSection("Trivial baselines", _make_table(baselines))]),
        findings_section(findings, None),
        *([OutputSection("Detection limits", name_first("", seen))] if seen else []),
        *notes_sections(notes),
    ]


def _make_table(baselines: TrivialBaselines) -> Table:
    """Accuracy of every trivial baseline, and of predictions at hand, on all rows of each split."""
    title = "accuracy in points on all rows (train: out of fold); *: what dev cannot tell from the best"
    names, unit = list(baselines.rows)[: max(1, (WIDTH - 30) // 10)], unit_of("accuracy")
    columns = [Column(name, justify="right", overflow="fold") for name in names]
    table = Table(Column("baseline", overflow="fold"), *columns, title=title, **PLAIN)
    for label, baseline in label_baselines(baselines, "accuracy").items():
        table.add_row(label, *(unit.number(baseline.score(name, "accuracy").value) for name in names))
    return table


def split_output(result: SplitResult) -> TerminalOutput:
    """Sizes and class shares, whether the splits are sound, notes, and the command that goes on."""
    return end_with(
        {**begin_document(result.audit.headline.as_json()), "folder": str(result.folder), **result.document},
        [str(result.folder)],
        result.blocks,
        rest=lambda: [findings_section(result.findings, None), *notes_sections(result.notes)],
        more="-v prints every finding by code, and all notes.",
    )
