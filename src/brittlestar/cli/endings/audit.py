"""How `audit` and `split` end: is the data sound, what to act on, counts of findings, and where the rest is."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Column, Table

from brittlestar.cli.ending import PLAIN, Ending, EndingSection, end_with, next_block, place_block
from brittlestar.cli.endings.answers import answer_line, style_answer
from brittlestar.cli.endings.findings import (
    counts_block,
    data_section,
    findings_section,
    leading_blocks,
    note_blocks,
    notes_sections,
)
from brittlestar.cli.paragraphs import WIDTH, Paragraph, name_first
from brittlestar.core.findings import Finding, worst_first
from brittlestar.core.headline import BestTrivial, Decision
from brittlestar.core.splits import headline_split
from brittlestar.core.trivial_baselines import TrivialBaselines
from brittlestar.pipeline.cleaning import describe_cleaning
from brittlestar.reports.figures.baselines import label_baselines
from brittlestar.study.units import unit_of
from brittlestar.verbs.audit import AuditResult

if TYPE_CHECKING:
    from brittlestar.verbs.split import SplitResult

SOUND, LIMITS = 2, 6
"""Ranks of the answer and of detection limits."""
LARGEST_IS_SAID = 0.01
"""The share of rows from which on the largest component of a split is said (convention)."""
MOST_SHARES_SAID = 6
"""Classes of which a split's line gives the share: the others are counted (convention)."""


def audit_ending(result: AuditResult, *, html: Path | None = None, write_clean: Path | None = None) -> Ending:
    """Whether the data are sound, errors and warnings with their remedies, counts, and what was written.

    Args:
        html (FILE): Write the audit as one offline page.
    """
    if html is not None:
        result.write_html(html)
    headline, findings, document = result.headline, result.findings, result.document
    notes, limits = tuple(document["notes"]), document.get("limits")
    seen = _describe_limits(limits)
    removed = [] if write_clean is None else describe_cleaning(document["clean"], write_clean)
    blocks = [
        *_sound_blocks(headline.sound),
        _baseline_block(headline.best_trivial, result.record.trivial_baselines),
        *leading_blocks(findings, None),
        counts_block(findings, None),
        Paragraph("Limits", f"{'; '.join(seen)}.", rank=LIMITS, least=2) if seen else None,
        *note_blocks(notes),
        *(Paragraph("" if k else "Clean", line, rank=4 if k else 0) for k, line in enumerate(removed)),
        place_block("Page", html),
    ]
    return end_with(
        result,
        [answer_line("Sound?", headline.sound)],
        blocks,
        rest=lambda: [
            data_section(result.splits),
            *audit_sections(findings, result.record.trivial_baselines, limits, notes),
        ],
        more="-v prints trivial baselines, and every finding by code.",
        after_json=() if html is None else (f"page: {html}",),
        page=html,
    )


def _sound_blocks(sound: Decision) -> list[Paragraph]:
    """The answer, without the finding that it quotes: the list below begins with it."""
    quoted = next((f" {one.ref}: {one.text}" for one in sound.grounds if one.kind == "finding"), "")
    text = style_answer(sound)
    if quoted and text.plain.endswith(quoted):
        text.truncate(len(text.plain) - len(quoted))
    blocks = [Paragraph("Sound?", text, rank=SOUND, least=2)]
    return blocks + ([Paragraph("", str(sound.next), command=True)] if sound.next is not None else [])


def _baseline_block(best: BestTrivial | None, baselines: TrivialBaselines | None) -> Paragraph | None:
    if best is None or best.score is None or baselines is None:
        return None
    unit = unit_of("accuracy")
    score = f"{unit.number(best.score)} {unit.unit} of accuracy on {headline_split(baselines.rows)}"
    return Paragraph("To exceed", f"{best.name}, {score}: the best trivial baseline.", rank=4)


def audit_sections(
    findings: Sequence[Finding],
    baselines: TrivialBaselines | None,
    limits: Mapping[str, Any] | None,
    notes: Sequence[str],
) -> list[EndingSection]:
    """All there is of an audit: trivial baselines, findings by code, detection limits and notes."""
    seen = _describe_limits(limits)
    return [
        *([] if baselines is None else [EndingSection("Trivial baselines", _make_table(baselines))]),
        findings_section(worst_first(findings), None),
        *([EndingSection("Detection limits", name_first("", seen))] if seen else []),
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


def _describe_limits(found: Mapping[str, Any] | None) -> list[str]:
    """What would have been caught in these data, a line a check."""
    if found is None:
        return []
    lines: list[str] = []
    for one in found["limits"]:
        if one["dose"] is not None:
            hits = one["caught"][f"{one['dose']:g}"]
            lines.append(f"{one['code']}: from {100 * one['dose']:g} % {one['unit']}, caught {hits} of {one['of']}")
        elif one["there_already"]:
            lines.append(f"{one['code']}: not measurable, clean splits of these rows have it too")
        else:
            lines.append(f"{one['code']}: not even {100 * one['largest']:g} % {one['unit']}")
    false = found["false_alarms"]
    counted = f"{false['splits']} of {false['of']}, so below {100 * false['below']:.0f} % (95 %)"
    return [*lines, f"false alarms of these checks on clean splits of the same rows: {counted}"]


def split_ending(result: SplitResult) -> Ending:
    """Sizes and class shares, whether the splits are sound, notes, and the command that goes on."""
    document, findings = result.document, result.audit.findings
    notes = tuple(document["notes"])
    blocks = [
        *(Paragraph(name, _describe_shares(entry), rank=2, most=2) for name, entry in document["splits"].items()),
        *name_first("Warning", document["warnings"], rank=1, stays=True),
        _describe_largest(document),
        *_sound_blocks(result.audit.headline.sound),
        *leading_blocks(findings, None),
        counts_block(findings, None),
        *note_blocks(notes),
        place_block("Written", result.folder),
        next_block("Next", f"brittlestar run {shlex.quote(str(result.folder))}"),
    ]
    return end_with(
        {"folder": str(result.folder), **document},
        [str(result.folder)],
        blocks,
        rest=lambda: [findings_section(findings, None), *notes_sections(notes)],
        more="-v prints every finding by code, and all notes.",
    )


def _describe_largest(document: Mapping[str, Any]) -> Paragraph | None:
    """The largest component and why it is one, where it is a hundredth of the rows or more."""
    found, rows = document["components"], sum(entry["rows"] for entry in document["splits"].values())
    if not found["largest_is"] or found["largest"] < LARGEST_IS_SAID * rows:
        return None
    text = f"component: {found['largest']:,} of {rows:,} rows, all in {found['largest_in']}: {found['largest_is']}"
    return Paragraph("Largest", text, rank=2, most=3)


def _describe_shares(entry: Mapping[str, Any]) -> str:
    """`800 rows (80.0 %): a 50.0%, b 50.0%`."""
    shares = [f"{label} {of['share']:.1%}" for label, of in entry["classes"].items()]
    more = f" and {len(shares) - MOST_SHARES_SAID:,} more" if len(shares) > MOST_SHARES_SAID else ""
    return f"{entry['rows']:,} rows ({entry['share']:.1%}): {', '.join(shares[:MOST_SHARES_SAID])}{more}"
