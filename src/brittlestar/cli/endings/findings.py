"""Findings, data and notes in a terminal: counts with codes for an ending, and for `-v` each code once, with its rule
and remedy, every split and every note."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from brittlestar.cli.ending import EndingSection
from brittlestar.cli.paragraphs import Paragraph, cut_blocks, name_first
from brittlestar.core.findings import Finding
from brittlestar.core.results import SplitRecord
from brittlestar.reports.finding_groups import FindingGroup, group_findings, is_about_main, rank_findings
from brittlestar.study.units import count

if TYPE_CHECKING:
    from brittlestar.diagnosis.probes.summary import ProbeSummary

STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
COUNTS, GROUP, NOTE, ORDER = 1, 5, 6, 8
"""Ranks of the line of counts, of a single finding in an ending, of a note, and of the line about order."""
MOST_NOTES = 2
"""Notes that an ending prints: the others are counted, and `-v` has them (convention)."""


def counts_block(findings: Sequence[Finding], main: str | None) -> Paragraph:
    """`2 errors (leak.exact), 2 infos; 1 about other variants; 12 inconclusive, 40 absent.`"""
    present = [one for one in findings if one.status == "present"]
    mine = [one for one in rank_findings(present, main) if is_about_main(one, main)]
    parts: list[str] = []
    for severity in ("error", "warning"):
        if codes := [one.code for one in mine if one.severity == severity]:
            parts.append(f"{count(len(codes), severity)} ({', '.join(dict.fromkeys(codes))})")
    infos = sum(one.severity == "info" for one in mine)
    parts += [count(infos, "info")] if infos else []
    beside = len(present) - len(mine)
    other = f"; {beside:,} about other variants" if beside else ""
    rest = [f"{sum(one.status == status for one in findings):,} {status}" for status in ("inconclusive", "absent")]
    return Paragraph("Findings", f"{', '.join(parts) or 'none present'}{other}; {', '.join(rest)}.", rank=COUNTS)


def order_block(probed: "ProbeSummary | None") -> Paragraph | None:
    """What of main's accuracy stays without the order of its tokens; None where nobody knows."""
    return Paragraph("Order", probed.order, rank=ORDER) if probed is not None and probed.order else None


def leading_blocks(findings: Sequence[Finding], main: str | None) -> list[Paragraph]:
    """Errors and warnings about the data and main, a code each with its first finding and remedy, worst first."""
    blocks: list[Paragraph] = []
    groups = [one for one in group_findings(findings, main) if one.leads and one.severity in ("error", "warning")]
    for number, group in enumerate(groups):
        first, rank = group.findings[0], GROUP + min(number, 3)
        many = f" ({len(group.findings):,} findings)" if len(group.findings) > 1 else ""
        text = Text.assemble((group.code, "bold"), f"{many}  {first.summary}{_effect_words(first)}")
        blocks.append(Paragraph(name_severity(group.severity), text, rank=rank, most=3, brief=True))
        if first.remedy:
            blocks.append(Paragraph("", f"→ {first.remedy}", rank=rank, least=0, most=3, brief=True))
    return blocks


def name_severity(severity: str | None) -> Text:
    """A severity, or a status, in its colour."""
    return Text(severity or "", style=STYLES.get(severity or "", "yellow"))


def findings_section(findings: Sequence[Finding], main: str | None) -> EndingSection:
    """Every present finding by code: one rule, one remedy, a line a finding, main first; then what is inconclusive, by
    what would settle it, and what is absent."""
    groups = group_findings(findings, main)
    blocks = [block for group in groups if group.status == "present" for block in _group_blocks(group)]
    by_reason: dict[str, dict[str, None]] = {}
    for one in (one for group in groups if group.status == "inconclusive" for one in group.findings):
        by_reason.setdefault(str(one.remedy or one.summary), {})[one.code] = None
    blocks += [_dim_block("inconclusive", f"{', '.join(codes)}: {reason}", "") for reason, codes in by_reason.items()]
    if absent := [one.code for one in groups if one.status == "absent"]:
        blocks.append(_dim_block("absent", ", ".join(absent), "dim"))
    return EndingSection("Findings", blocks or [Paragraph("", "no check ran")])


def _dim_block(name: str, text: str, style: str) -> Paragraph:
    return Paragraph(Text(name, style="dim"), Text(text, style=style))


def _group_blocks(group: FindingGroup) -> list[Paragraph]:
    heading = Text.assemble((group.code, "bold"), "" if group.leads else "  (other variants alone)")
    rules = (rule if rule.endswith((".", "!", "?")) else f"{rule}." for rule in group.rules)
    return [
        Paragraph(name_severity(group.severity), heading),
        *(Paragraph("", Text(f"Rule: {rule}", style="dim")) for rule in rules),
        *(Paragraph("", f"{_place_words(one)}{one.summary}{_effect_words(one)}") for one in group.findings),
        *(Paragraph("", f"→ {remedy}") for remedy in group.remedies),
    ]


def _effect_words(finding: Finding) -> str:
    return "" if finding.effect is None else f" Effect: {finding.effect.words}."


def _place_words(finding: Finding) -> str:
    """Variant and split, where the sentence does not begin with one of them."""
    named = [finding.where[key] for key in ("variant", "split") if key in finding.where]
    begins = any(finding.summary.startswith(name) for name in named)
    return f"{', '.join(named)}: " if named and not begins else ""


def data_section(splits: Mapping[str, SplitRecord]) -> EndingSection:
    """Sizes of every split, and all that is odd about it and was kept."""
    blocks: list[Paragraph] = []
    for name, split in splits.items():
        size = f"{count(split.rows, 'row')}, {count(len(split.classes), 'class', 'classes')}"
        blocks.append(
            Paragraph(name, f"{size}, {split.mean_length:.1f} tokens on average, {split.max_length:,} at most")
        )
        blocks += [Paragraph("", Text(odd, style="yellow")) for odd in _find_odd(split)]
    return EndingSection("Data", blocks)


def _find_odd(split: SplitRecord) -> list[str]:
    found: list[str] = []
    if split.empty_rows:
        found.append(f"{count(split.empty_rows, 'empty row')}, kept and scored")
    if split.unknown_label_rows:
        found.append(f"{count(split.unknown_label_rows, 'row')} with a label that train lacks, counted as wrong")
    if split.unseen_token_rate:
        found.append(f"{split.unseen_token_rate * 100:.2g} % of its tokens do not occur in train")
    if split.name != "train" and len(split.classes) == 1:
        found.append("only one class: accuracy here says little")
    return found


def note_blocks(notes: Sequence[str]) -> list[Paragraph]:
    """The first notes on how data were read, and how many there are beside."""
    blocks = name_first("Note", notes, rank=NOTE, most=2, brief=True)
    return cut_blocks(blocks, MOST_NOTES, "note", rank=NOTE, brief=True)


def notes_sections(notes: Sequence[str]) -> list[EndingSection]:
    """Every note, where there is one."""
    return [EndingSection("Notes", name_first("", notes))] if notes else []
