"""A comparison as one offline HTML page, and as Markdown: for a pull request, or beside a report."""

from collections.abc import Iterable
from dataclasses import replace

from brittlestar.reports.cards import Cards, make_cards
from brittlestar.reports.comparison import (
    NOTHING_SHARED,
    ComparedSide,
    Comparison,
    ScorePair,
    describe_split,
    show_value,
)
from brittlestar.reports.figures.differences import compare_pairs
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.finding_changes import FindingChange
from brittlestar.reports.html import render_page
from brittlestar.reports.words import write_text
from brittlestar.study.units import unit_of

MOST_TABLE_ROWS = 12
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
        findings=findings,
        most=MOST_TABLE_ROWS,
        command=command,
        again=f"{command} --html comparison.html",
    )


def draw_scores(scores: Iterable[ScorePair]) -> Figure | None:
    """The differences of all pairs that could be compared, with their intervals; None where there is none."""
    judged = {score.label: (score.metric, score.answer) for score in scores if score.answer is not None}
    metric = next((metric for metric, _ in judged.values()), "")
    pairs = {label: one for label, (_, one) in judged.items()}
    return compare_pairs(pairs, metric)


def _make_cards(changes: Iterable[FindingChange], here: ComparedSide, there: ComparedSide) -> Cards:
    notes = [
        replace(change.finding, summary=f"{change.finding.summary} In {there.name}: {change.other}.")
        for change in changes
    ]
    return make_cards(notes, here.main)


def write_markdown(result: Comparison) -> str:
    """Everything of a comparison, what differs first."""
    text = write_text(
        "comparison.md.j2",
        result=result,
        scores=[score.cells for score in result.scores],
        describe_split=describe_split,
        shown=show_value,
        heads=SCORES,
        nothing=NOTHING_SHARED,
    )
    return f"{text.strip()}\n"
