"""How `compare` ends: the difference, then what differs in settings and data, answers, findings and verdicts."""

from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.reports.comparison import (
    MOST_SCORES,
    NOTHING_SHARED,
    Comparison,
    ScorePair,
    describe_change,
    describe_split,
)
from brittlestar.reports.comparison_page import write_markdown
from brittlestar.verbs.compare import CompareResult
from brittlestar.verbs.export_files import write_file

STYLES = {"better": "bold green", "worse": "bold red", "equivalent": "bold green", "open": "bold yellow"}
SETTINGS, SCORE, ANSWERS, FINDINGS, CLAIMS = 4, 2, 3, 3, 4
"""Ranks of the parts: what is shortened first has the highest."""


def compare_ending(result: CompareResult, *, markdown: Path | None = None, html: Path | None = None) -> Ending:
    """The parts of a comparison in their order, and the files that were written.

    Args:
        markdown (FILE): Also write all of it as Markdown.
        html (FILE): Also write all of it as one offline page.
    """
    if markdown is not None:
        write_file(markdown, write_markdown(result).encode())
    if html is not None:
        write_file(html, result.html.encode())
    named = {"Settings": SETTINGS, "Data": SETTINGS, "Answers": ANSWERS, "Findings": FINDINGS, "Claims": CLAIMS}
    lines = [(name, text) for name, text in result.lines if name in ("Compared", "Note", *named)]
    more = len(result.scores) - MOST_SCORES
    counted = [Block("", f"and {more:,} more (-v)", rank=1)] if more > 0 else []
    counted += [] if result.scores else [Block("Scores", NOTHING_SHARED, rank=SCORE)]
    blocks = [
        *(_score_block(one, k == 0) for k, one in enumerate(result.scores[:MOST_SCORES])),
        *counted,
        *(Block(name, text, rank=named.get(name, 0), most=3) for name, text in lines),
        *([Block("Written", str(markdown), path=True)] if markdown is not None else []),
        *([Block("Page", str(html), path=True)] if html is not None else []),
    ]
    return Ending(
        document=result.document,
        answer=tuple(f"{one.label}: {one.words}" for one in result.scores),
        blocks=tuple(blocks),
        rest=lambda: _sections(result),
        more="-v prints every difference, score and finding.",
        after_json=() if html is None else (f"page: {html}",),
        page=html,
    )


def _score_block(pair: ScorePair, first: bool) -> Block:
    words = pair.words
    relation = "" if pair.answer is None else pair.answer.relation
    head, found, rest = words.partition(f": {relation}") if relation else (words, "", "")
    style = (f"{relation}", STYLES[relation]) if found else ""
    text = Text.assemble(f"{pair.label}: {head}{': ' if found else ''}", style, rest)
    return Block("Scores" if first else "", text, rank=SCORE, least=2)


def _sections(result: Comparison) -> Sequence[Section]:
    sections = [
        Section("Data", [Block("", describe_split(one)) for one in result.data] or [Block("", result.data_words)]),
        Section("Scores", [Block(one.label, one.full_words) for one in result.scores]),
    ]
    if result.unknown:
        return sections
    settings = [Block("", describe_change(one)) for one in result.settings]
    sections.insert(0, Section("Settings", settings or [Block("", "the same")]))
    found = result.findings
    for title, changes in (("Findings gained", found.gained), ("Findings lost", found.lost)):
        told = [Block(one.finding.code, f"{one.finding.summary} (the other: {one.other})") for one in changes]
        sections.append(Section(title, told or [Block("", "none")]))
    if found.moved:
        told = [Block(one.code, f"{one.places} ({one.severities}): {one.second[0].summary}") for one in found.moved]
        sections.append(Section("Findings moved", told))
    if found.severity:
        sections.append(Section("Findings of another severity", [Block("", one.words) for one in found.severity]))
    for title, changed in (("Answers that changed", result.answers), ("Verdicts that changed", result.verdicts)):
        if changed:
            sections.append(Section(title, [Block("", describe_change(one)) for one in changed]))
    return sections
