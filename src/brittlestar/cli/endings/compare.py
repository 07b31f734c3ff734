"""How `compare` ends: what differs between two studies; or what is wrong in a report of one, and whether it matters."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from brittlestar.cli.ending import Ending, EndingSection, end_with
from brittlestar.records.reported_result import ReportedResult, field_block, score_block
from brittlestar.reports.comparison import describe_change, describe_split
from brittlestar.reports.comparison_page import write_markdown
from brittlestar.reports.paragraphs import Paragraph, name_place
from brittlestar.reports.showing import Shown
from brittlestar.verbs.compare import CompareResult
from brittlestar.verbs.export_files import write_file
from brittlestar.verbs.reported_run import ReportedRun


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
    return end_with(
        result,
        [f"{one.label}: {one.words}" for one in result.scores],
        [*result.blocks, *name_place("Written", markdown), *name_place("Page", html)],
        rest=lambda: _list_sections(result),
        more="-v prints every difference, score and finding.",
        after_json=() if html is None else (f"page: {html}",),
        page=html,
    )


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
    return _field_ending(result, result, [result.answer])


def reported_run_ending(result: ReportedRun) -> Ending:
    """What is not as stated in a line, whether it matters, and the fields."""
    return _field_ending(result, result.reported, [result.answer, result.reported.answer])


def _field_ending(result: Shown, reported: ReportedResult, answer: Sequence[str]) -> Ending:
    fields = [*map(field_block, reported.fields), *map(score_block, reported.scores)]
    return end_with(
        result,
        answer,
        result.blocks,
        rest=lambda: [EndingSection("Every field", fields)],
        more="-v prints every field.",
    )
