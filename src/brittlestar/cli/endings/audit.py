"""How `audit` and `split` end: is the data sound, what to act on, counts of findings, and where the rest is."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from brittlestar.cli.blocks.answers import answer_line, style_answer
from brittlestar.cli.blocks.findings import counts_block, findings_section, leading_blocks
from brittlestar.cli.blocks.splits import data_blocks, note_blocks, notes_sections
from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import WIDTH, Block
from brittlestar.core.findings import Finding, worst_first
from brittlestar.core.headline import BestTrivial, Decision
from brittlestar.core.ladder import Ladder
from brittlestar.pipeline.cleaning import describe_cleaning
from brittlestar.reports.figures.ladder import label_rungs
from brittlestar.study.default_claims import headline_split
from brittlestar.study.units import unit_of
from brittlestar.verbs.audit import AuditResult

if TYPE_CHECKING:
    from brittlestar.verbs.split import SplitResult

SOUND, LIMITS = 2, 6
"""Ranks of the answer and of detection limits."""
MOST_CLASSES = 6
"""Classes of which a split's line gives the share: the others are counted (convention)."""


def audit_ending(result: AuditResult, *, html: Path | None = None, write_clean: Path | None = None) -> Ending:
    """Whether the data are sound, errors and warnings with their remedies, counts, and what was written.

    Args:
        html (FILE): Write the audit as one offline page.
    """
    if html is not None:
        result.write_html(html)
    headline, findings = result.headline, result.findings
    notes, limits = tuple(result.document["notes"]), result.document.get("limits")
    seen = limits_told(limits)
    removed = [] if write_clean is None else describe_cleaning(result.document["clean"], write_clean)
    blocks = [
        *sound_blocks(headline.sound),
        *_to_beat(headline.best_trivial, result),
        *leading_blocks(findings, None),
        counts_block(findings, None),
        *([Block("Limits", f"{'; '.join(seen)}.", rank=LIMITS, least=2)] if seen else []),
        *note_blocks(notes),
        *(Block("" if k else "Clean", line, rank=4 if k else 0) for k, line in enumerate(removed)),
        *([Block("Page", str(html), path=True)] if html is not None else []),
    ]
    return Ending(
        document=result.document,
        answer=(answer_line("Sound?", headline.sound),),
        blocks=tuple(blocks),
        rest=lambda: [
            Section("Data", data_blocks(result.splits)),
            *audit_sections(findings, result.record.ladder, limits, notes),
        ],
        more="-v prints trivial baselines, and every finding by code.",
        after_json=() if html is None else (f"page: {html}",),
        page=html,
    )


def sound_blocks(sound: Decision) -> list[Block]:
    """The answer, without the finding that it quotes: the list below begins with it."""
    quoted = next((f" {one.ref}: {one.text}" for one in sound.grounds if one.kind == "finding"), "")
    text = style_answer(sound)
    if quoted and text.plain.endswith(quoted):
        text.truncate(len(text.plain) - len(quoted))
    blocks = [Block("Sound?", text, rank=SOUND, least=2)]
    return blocks + ([Block("", sound.next, command=True)] if sound.next is not None else [])


def audit_sections(
    findings: Sequence[Finding],
    ladder: Ladder | None,
    limits: Mapping[str, Any] | None,
    notes: Sequence[str],
) -> list[Section]:
    """All there is of an audit: trivial baselines, findings by code, detection limits and notes."""
    sections = [] if ladder is None else [Section("Trivial baselines", trivial_table(ladder))]
    sections.append(findings_section(worst_first(findings), None))
    if told_limits := limits_told(limits):
        sections.append(Section("Detection limits", [Block("", line) for line in told_limits]))
    return sections + notes_sections(notes)


def trivial_table(ladder: Ladder) -> Table:
    """Accuracy of every trivial baseline, and of predictions at hand, on all rows of each split."""
    title = "accuracy in points on all rows (train: out of fold); *: what dev cannot tell from the best"
    table = Table(title=title, title_justify="left", title_style="", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("baseline", overflow="fold")
    most = max(1, (WIDTH - 30) // 10)
    names = list(ladder.rows)[:most]
    for name in names:
        table.add_column(name, justify="right", overflow="fold")
    unit = unit_of("accuracy")
    for label, rung in label_rungs(ladder, "accuracy").items():
        table.add_row(label, *(unit.number(rung.score(name, "accuracy").value) for name in names))
    return table


def limits_told(found: Mapping[str, Any] | None) -> list[str]:
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
    lines.append(
        f"false alarms of these checks on clean splits of the same rows: {false['splits']} of {false['of']}, so below "
        f"{100 * false['below']:.0f} % (95 %)"
    )
    return lines


def _to_beat(best: BestTrivial | None, result: AuditResult) -> list[Block]:
    ladder = result.record.ladder
    if best is None or best.score is None or ladder is None:
        return []
    unit = unit_of("accuracy")
    score = f"{unit.number(best.score)} {unit.unit} of accuracy on {headline_split(ladder.rows)}"
    text = f"{best.name}, {score}: the best trivial baseline."
    return [Block("To exceed", text, rank=4)]


def split_ending(result: SplitResult) -> Ending:
    """Sizes and class shares, whether the splits are sound, notes, and the command that goes on."""
    document, place = result.document, shlex.quote(str(result.folder))
    findings = result.audit.findings
    notes = tuple(document["notes"])
    blocks = [
        *(Block(name, _share_words(entry), rank=2, most=2) for name, entry in document["splits"].items()),
        *sound_blocks(result.audit.headline.sound),
        *leading_blocks(findings, None),
        counts_block(findings, None),
        *note_blocks(notes),
        Block("Written", str(result.folder), path=True),
        Block("Next", f"brittlestar run {place}", command=True),
    ]
    return Ending(
        document={"folder": str(result.folder), **document},
        answer=(str(result.folder),),
        blocks=tuple(blocks),
        rest=lambda: [findings_section(findings, None), *notes_sections(notes)],
        more="-v prints every finding by code, and all notes.",
    )


def _share_words(entry: Mapping[str, Any]) -> str:
    """`800 rows (80.0 %): a 50.0%, b 50.0%`."""
    shares = [f"{label} {of['share']:.1%}" for label, of in entry["classes"].items()]
    more = f" and {len(shares) - MOST_CLASSES:,} more" if len(shares) > MOST_CLASSES else ""
    return f"{entry['rows']:,} rows ({entry['share']:.1%}): {', '.join(shares[:MOST_CLASSES])}{more}"
