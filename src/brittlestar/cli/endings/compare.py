"""How `compare` ends: what differs between two studies; or what is wrong in a report of one, and whether it matters."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from rich.text import Text

from brittlestar.cli.ending import Ending, EndingSection, end_with, place_block
from brittlestar.cli.paragraphs import Paragraph, cut_blocks, name_first
from brittlestar.core.headline import Answer
from brittlestar.records.reported.reading import Field, Kind
from brittlestar.records.reported.scores import ReportedScore
from brittlestar.records.reported_result import KIND_WORDS
from brittlestar.reports.comparison import MOST_SCORES, NOTHING_SHARED, ScorePair, describe_change, describe_split
from brittlestar.reports.comparison_page import write_markdown
from brittlestar.study.units import count
from brittlestar.verbs.compare import CompareResult
from brittlestar.verbs.export_files import write_file
from brittlestar.verbs.reported import ReportedResult
from brittlestar.verbs.reported_run import ReportedRun

STYLES = {"better": "bold green", "worse": "bold red", "equivalent": "bold green", "open": "bold yellow"}
MATTER_STYLES: dict[Answer, str] = {"yes": "bold red", "no": "bold green", "cannot-say": "bold yellow"}
FIELD_STYLES: dict[Kind, str] = {
    "misstated": "bold red",
    "without-effect": "bold yellow",
    "omitted": "bold yellow",
    "ambiguous": "yellow",
    "cannot-tell": "yellow",
    "omitted-default": "dim",
    "match": "bold green",
}
SCORE = 2
RANKS = {"Compared": 0, "Note": 0, "Settings": 4, "Data": 4, "Answers": 3, "Findings": 3, "Claims": 4}
"""Ranks of the parts: what is shortened first has the highest."""
MOST_FIELDS = 12
"""Fields that an ending names: -v has all (convention)."""


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
    scores = name_first("Scores", map(_style_score, result.scores), rank=SCORE, least=2)
    parts = [Paragraph(name, text, rank=RANKS[name], most=3) for name, text in result.lines if name in RANKS]
    return end_with(
        result,
        [f"{one.label}: {one.words}" for one in result.scores],
        [
            *cut_blocks(scores, MOST_SCORES, rank=1),
            None if scores else Paragraph("Scores", NOTHING_SHARED, rank=SCORE),
            *parts,
            place_block("Written", markdown),
            place_block("Page", html),
        ],
        rest=lambda: _list_sections(result),
        more="-v prints every difference, score and finding.",
        after_json=() if html is None else (f"page: {html}",),
        page=html,
    )


def _style_score(pair: ScorePair) -> Text:
    relation = "" if pair.answer is None else pair.answer.relation
    head, found, rest = pair.words.partition(f": {relation}") if relation else (pair.words, "", "")
    style = (relation, STYLES[relation]) if found else ""
    return Text.assemble(f"{pair.label}: {head}{': ' if found else ''}", style, rest)


def _list_sections(result: CompareResult) -> list[EndingSection]:
    data = _list_section("Data", map(describe_split, result.data), result.data_words)
    scores = EndingSection("Scores", [Paragraph(one.label, one.full_words) for one in result.scores])
    if result.unknown:
        return [data, scores]
    found = result.findings
    told = [*map(describe_change, result.settings), *filter(None, [result.untold])]
    sections = [_list_section("Settings", told, "the same"), data, scores]
    for title, changes in (("Findings gained", found.gained), ("Findings lost", found.lost)):
        told = [Paragraph(one.finding.code, f"{one.finding.summary} (the other: {one.other})") for one in changes]
        sections.append(EndingSection(title, told or [Paragraph("", "none")]))
    moved = [Paragraph(one.code, f"{one.places} ({one.severities}): {one.second[0].summary}") for one in found.moved]
    others = [
        EndingSection("Findings moved", moved),
        _list_section("Findings of another severity", [one.words for one in found.severity]),
        _list_section("Answers that changed", map(describe_change, result.answers)),
        _list_section("Verdicts that changed", map(describe_change, result.verdicts)),
    ]
    return [*sections, *(one for one in others if one.content)]


def _list_section(title: str, lines: Iterable[str], otherwise: str = "") -> EndingSection:
    blocks = [Paragraph("", line) for line in lines]
    return EndingSection(title, blocks or ([Paragraph("", otherwise)] if otherwise else []))


def reported_ending(result: ReportedResult) -> Ending:
    """The answer, then each field that is not as stated."""
    scores = [_score_block(one) for one in result.told_scores]
    right = ", ".join(dict.fromkeys(one.name for one in result.scores if one.kind == "match" and not one.why))
    default = result.counts["omitted-default"]
    return end_with(
        result,
        [result.answer],
        [
            Paragraph("As run?", f"{result.answer}."),
            *cut_blocks([*_group_fields(result.wrong)], MOST_FIELDS, "field"),
            _fact_block("Default", default and f"{count(default, 'field')} as by default, and not stated (-v)"),
            *scores[:MOST_FIELDS],
            _fact_block("Scores", right and f"{right}: as stored"),
        ],
        rest=lambda: [
            EndingSection("Every field", [*map(_field_block, result.fields), *map(_score_block, result.scores)])
        ],
        more="-v prints every field.",
    )


def reported_run_ending(result: ReportedRun) -> Ending:
    """What is not as stated in a line, whether it matters, and the fields."""
    ending = reported_ending(result.reported)
    answer, _, words = result.answer.partition(":")
    first, *others = ending.blocks
    blocks = [
        first,
        Paragraph("Matters?", Text.assemble((answer, MATTER_STYLES[result.matters]), f":{words}")),
        *(Paragraph("", one.words, rank=3, most=3) for one in result.verdicts),
    ]
    if result.score is not None:
        blocks.append(Paragraph("Score", f"{result.score.label}, as run → as reported: {result.score.words}", rank=2))
    if kept := ", ".join(result.configuration.kept):
        blocks.append(Paragraph("Kept", f"{kept}: run as in the study; nobody can say what else to run", rank=3))
    whole = end_with(result, (result.answer, *ending.answer), [*blocks, place_block("Study", result.study), *others])
    return replace(ending, document=whole.document, answer=whole.answer, blocks=whole.blocks)


def _group_fields(fields: Iterable[Field]) -> Iterator[Paragraph]:
    """A block a field, and one for all that nobody can tell for one reason."""
    for (kind, why), same in groupby(fields, lambda one: (one.kind, one.why)):
        listed = [*same]
        if kind == "cannot-tell" and len(listed) > 1:
            text = Text.assemble((", ".join(dict.fromkeys(one.said for one in listed)), "bold"), f": {why}")
            yield Paragraph(Text(KIND_WORDS[kind], style=FIELD_STYLES[kind]), text, rank=1, most=2)
        else:
            yield from map(_field_block, listed)


def _field_block(one: Field) -> Paragraph:
    return _state_block(one, KIND_WORDS[one.kind], FIELD_STYLES[one.kind])


def _score_block(one: ReportedScore) -> Paragraph:
    style = {"outside": "bold red", "differs": "bold red", "inside": "yellow"}.get(one.kind, "dim")
    return _state_block(one, f"score {one.kind.replace('-', ' ')}", style)


def _state_block(one: Field | ReportedScore, name: str, style: str) -> Paragraph:
    text = Text.assemble((one.name, "bold"), one.words.removeprefix(one.name))
    return Paragraph(Text(name, style=style), text, rank=1, most=2)


def _fact_block(name: str, text: str | int) -> Paragraph | None:
    return Paragraph(name, str(text), rank=2) if text else None
