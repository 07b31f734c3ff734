"""Findings in a terminal: counts with codes for an ending, and each code once, with its rule and remedy, for `-v`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from brittlestar.cli.ending import Section
from brittlestar.cli.paragraphs import Block
from brittlestar.core.findings import Finding
from brittlestar.reports.finding_groups import FindingGroup, group_findings, is_about_main, rank_findings
from brittlestar.study.units import count

if TYPE_CHECKING:
    from brittlestar.diagnosis.probes.summary import ProbeSummary

STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
COUNTS, ORDER, GROUP = 1, 8, 5
"""Ranks of the line of counts, of the line about order, and of a single finding in an ending."""


def count_findings(findings: Sequence[Finding], main: str | None) -> str:
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
    return f"{', '.join(parts) or 'none present'}{other}; {', '.join(rest)}."


def counts_block(findings: Sequence[Finding], main: str | None) -> Block:
    """The counts under their name."""
    return Block("Findings", count_findings(findings, main), rank=COUNTS)


def order_blocks(probed: "ProbeSummary | None") -> list[Block]:
    """What of main's accuracy stays without the order of its tokens; no line where nobody knows."""
    return [Block("Order", probed.order, rank=ORDER)] if probed is not None and probed.order else []


def leading_blocks(findings: Sequence[Finding], main: str | None) -> list[Block]:
    """Errors and warnings about the data and main, a code each with its first finding and remedy, worst first."""
    blocks: list[Block] = []
    groups = [one for one in group_findings(findings, main) if one.leads and one.severity in ("error", "warning")]
    for number, group in enumerate(groups):
        first, later = group.findings[0], min(number, 3)
        many = f" ({len(group.findings):,} findings)" if len(group.findings) > 1 else ""
        text = Text.assemble((group.code, "bold"), f"{many}  {first.summary}")
        name = Text(group.severity or "", style=STYLES[group.severity or ""])
        blocks.append(Block(name, text, rank=GROUP + later, most=3, brief=True))
        if first.remedy:
            blocks.append(Block("", Text(f"→ {first.remedy}"), rank=GROUP + later, least=0, most=3, brief=True))
    return blocks


def findings_section(findings: Sequence[Finding], main: str | None, title: str = "Findings") -> Section:
    """Every present finding by code: one rule, one remedy, a line a finding, main first; then what is inconclusive, by
    what would settle it, and what is absent."""
    groups = group_findings(findings, main)
    blocks = [block for group in groups if group.status == "present" for block in _group_blocks(group)]
    blocks += _inconclusive_blocks([one for one in groups if one.status == "inconclusive"])
    if absent := [one.code for one in groups if one.status == "absent"]:
        blocks.append(Block(Text("absent", style="dim"), Text(", ".join(absent), style="dim")))
    return Section(title, blocks or [Block("", "no check ran")])


def _group_blocks(group: FindingGroup) -> list[Block]:
    name = Text(group.severity or "", style=STYLES[group.severity or ""])
    heading = Text.assemble((group.code, "bold"), "" if group.leads else "  (other variants alone)")
    blocks = [Block(name, heading), *(Block("", Text(f"Rule: {_whole(rule)}", style="dim")) for rule in group.rules)]
    blocks += [Block("", f"{_place_words(one)}{one.summary}") for one in group.findings]
    return blocks + [Block("", f"→ {remedy}") for remedy in group.remedies]


def _place_words(finding: Finding) -> str:
    """Variant and split, where the sentence does not begin with one of them."""
    named = [finding.where[key] for key in ("variant", "split") if key in finding.where]
    begins = any(finding.summary.startswith(name) for name in named)
    return f"{', '.join(named)}: " if named and not begins else ""


def _whole(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def _inconclusive_blocks(groups: Sequence[FindingGroup]) -> list[Block]:
    by_reason: dict[str, list[str]] = {}
    for group in groups:
        for one in group.findings:
            codes = by_reason.setdefault(one.remedy or one.summary, [])
            codes += [] if group.code in codes else [group.code]
    return [
        Block(Text("inconclusive", style="dim"), f"{', '.join(codes)}: {reason}") for reason, codes in by_reason.items()
    ]
