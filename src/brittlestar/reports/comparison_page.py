"""A comparison as one offline HTML page, and as Markdown: for a pull request, or beside a report."""

from collections.abc import Iterable
from dataclasses import replace

from brittlestar.reports.cards import Cards, make_cards
from brittlestar.reports.comparison import NOTHING_SHARED, Comparison, ScorePair, Side, describe_split, show_value
from brittlestar.reports.figures.differences import compare_pairs
from brittlestar.reports.figures.frame import Figure, capitalise_text
from brittlestar.reports.finding_changes import FindingChange
from brittlestar.reports.html import render_page
from brittlestar.reports.page import Entry
from brittlestar.reports.study_differences import Changed
from brittlestar.reports.tables import markdown_table, markdown_text
from brittlestar.study.units import unit_of

MOST_ROWS = 12
"""Rows of a table that stand in the open: the others are folded (convention)."""
SCORES = ("variant", "split", "metric", "first", "second", "second − first", "interval", "rests on", "relation")


def write_comparison_page(result: Comparison) -> str:
    """The page as HTML text, as `render_page` has it."""
    first, second = result.sides
    command = f"brittlestar compare {first.place} {second.place}"
    figure = draw_scores(result.scores)
    findings = [
        ("Gained: present in the second alone", _make_cards(result.findings.gained, second, first)),
        ("Lost: present in the first alone", _make_cards(result.findings.lost, first, second)),
    ]
    return render_page(
        "comparison.html.j2",
        {} if figure is None else {figure.name: figure},
        result=result,
        shown=show_value,
        first=first.name,
        second=second.name,
        unit=unit_of(result.scores[0].metric) if result.scores else None,
        nothing=NOTHING_SHARED,
        nav=_list_entries(result),
        findings=findings,
        most=MOST_ROWS,
        command=command,
        again=f"{command} --html comparison.html",
    )


def _list_entries(result: Comparison) -> list[Entry]:
    of_studies = [
        Entry("answers", "Answers", str(len(result.answers) + len(result.verdicts)), "changes"),
        Entry("findings", "Findings", str(result.findings.count), "findings that changed"),
    ]
    return [
        Entry("differs", "What differs", str(len(result.settings) + len(result.data)), "differences"),
        Entry("scores", "Scores", str(len(result.scores)), "comparisons"),
        *([] if result.unknown else of_studies),
        Entry("appendix", "How to read this"),
    ]


def draw_scores(scores: Iterable[ScorePair]) -> Figure | None:
    """The differences of all pairs that could be compared, with their intervals; None where there is none."""
    judged = {one.label: (one.metric, one.answer) for one in scores if one.answer is not None}
    metric = next((metric for metric, _ in judged.values()), "")
    pairs = {label: one for label, (_, one) in judged.items()}
    return compare_pairs(pairs, metric)


def _make_cards(changes: Iterable[FindingChange], here: Side, there: Side) -> Cards:
    told = [replace(one.finding, summary=f"{one.finding.summary} In {there.name}: {one.other}.") for one in changes]
    return make_cards(told, here.main)


def write_markdown(result: Comparison) -> str:
    """Everything of a comparison, what differs first."""
    first, second = map(markdown_text, result.names)
    parts = [f"# {first} and {second}", f"{first} is the first, {second} the second. Differences are second − first."]
    if result.unknown:
        parts.append(f"{capitalise_text(result.unknown)}.")
    else:
        parts += ["## Settings", _list_changes(result.settings, result.names) or "The same."]
    parts += ["## Data", _list(map(describe_split, result.data)) or f"{capitalise_text(result.data_words)}."]
    parts += [
        "## Scores",
        markdown_table(SCORES, (one.cells for one in result.scores)) if result.scores else NOTHING_SHARED,
    ]
    if result.answers:
        parts += ["## Answers that changed", _list_changes(result.answers, result.names)]
    found = result.findings
    for title, side in () if result.unknown else (("gained", found.gained), ("lost", found.lost)):
        told = (f"{one.finding.code}: {one.finding.summary} (the other: {one.other})" for one in side)
        parts += [f"## Findings {title}", _list(told) or "None."]
    if found.moved:
        parts += ["## Findings moved", _list(f"{one.code}: {one.places} ({one.severities})" for one in found.moved)]
    if found.severity:
        parts += ["## Findings of another severity", _list(one.words for one in found.severity)]
    if result.verdicts:
        parts += ["## Verdicts that changed", _list_changes(result.verdicts, result.names)]
    return "\n\n".join(parts) + "\n"


def _list(sentences: Iterable[str]) -> str:
    return "\n".join(f"- {markdown_text(one)}" for one in sentences)


def _list_changes(changes: Iterable[Changed], names: tuple[str, str]) -> str:
    rows = [(one.what, ", ".join(one.variants), show_value(one.first), show_value(one.second)) for one in changes]
    return markdown_table(("what", "variants", *names), rows) if rows else ""
