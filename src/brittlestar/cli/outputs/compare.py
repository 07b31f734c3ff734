"""How `compare` ends: what differs between two studies; or what is wrong in a report of one, and whether it matters."""

from collections.abc import Iterable, Sequence

from brittlestar.cli.output import OutputSection, TerminalOutput, end_with
from brittlestar.records.reported_result import ReportedResult, field_block, score_block
from brittlestar.reports.comparison import describe_change, describe_split
from brittlestar.reports.paragraphs import Paragraph
from brittlestar.reports.showing import Shown
from brittlestar.verbs.compare import CompareResult
from brittlestar.verbs.reported_run import ReportedRun


def compare_output(result: CompareResult) -> TerminalOutput:
    """The parts of a comparison in their order."""
    return end_with(
        result,
        [f"{score.label}: {score.words}" for score in result.scores],
        result.blocks,
        rest=lambda: _list_sections(result),
        more="-v prints every difference, score and finding.",
    )


def _list_sections(result: CompareResult) -> list[OutputSection]:
    data = _list_section("Data", map(describe_split, result.data), result.data_words)
    scores = OutputSection("Scores", [Paragraph(score.label, score.full_words) for score in result.scores])
    if result.unknown:
        return [data, scores]
    found = result.findings
    notes = [*map(describe_change, result.settings), *filter(None, [result.untold])]
    sections = [_list_section("Settings", notes, "the same"), data, scores]
    for title, changes in (("Findings gained", found.gained), ("Findings lost", found.lost)):
        notes = [
            Paragraph(change.finding.code, f"{change.finding.summary} (the other: {change.other})")
            for change in changes
        ]
        sections.append(OutputSection(title, notes or [Paragraph("", "none")]))
    moved = [Paragraph(one.code, f"{one.places} ({one.severities}): {one.second[0].summary}") for one in found.moved]
    others = [
        OutputSection("Findings moved", moved),
        _list_section("Findings of another severity", [one.words for one in found.severity]),
        _list_section("Answers that changed", map(describe_change, result.answers)),
        _list_section("Verdicts that changed", map(describe_change, result.verdicts)),
    ]
    return [*sections, *(one for one in others if one.content)]


def _list_section(title: str, lines: Iterable[str], otherwise: str = "") -> OutputSection:
    blocks = [Paragraph("", line) for line in lines]
    return OutputSection(title, blocks or ([Paragraph("", otherwise)] if otherwise else []))


def reported_output(result: ReportedResult) -> TerminalOutput:
    """The answer, then each field that is not as stated."""
    return _field_output(result, result, [result.answer])


def reported_run_output(result: ReportedRun) -> TerminalOutput:
    """What is not as stated in a line, whether it matters, and the fields."""
    return _field_output(result, result.reported, [result.answer, result.reported.answer])


def _field_output(result: Shown, reported: ReportedResult, answer: Sequence[str]) -> TerminalOutput:
    fields = [*map(field_block, reported.fields), *map(score_block, reported.scores)]
    return end_with(
        result,
        answer,
        result.blocks,
        rest=lambda: [OutputSection("Every field", fields)],
        more="-v prints every field.",
    )
