"""A comparison as Markdown: for a pull request, or beside a report."""

from collections.abc import Iterable

from brittlestar.reports.comparison import NOTHING_SHARED, Comparison, describe_split, show_value
from brittlestar.reports.figures.frame import capitalise_text
from brittlestar.reports.study_differences import Changed
from brittlestar.reports.tables import markdown_row, markdown_text

SCORES = ("variant", "split", "metric", "first", "second", "second − first", "interval", "rests on", "relation")


def write_markdown(result: Comparison) -> str:
    """Everything of a comparison, what differs first."""
    first, second = map(markdown_text, result.names)
    parts = [f"# {first} and {second}", f"{first} is the first, {second} the second. Differences are second − first."]
    if result.unknown:
        parts.append(f"{capitalise_text(result.unknown)}.")
    else:
        parts += ["## Settings", _list_changes(result.settings, result.names) or "The same."]
    parts += ["## Data", _list(map(describe_split, result.data)) or f"{capitalise_text(result.data_words)}."]
    parts += ["## Scores", _tabulate(SCORES, [one.cells for one in result.scores]) if result.scores else NOTHING_SHARED]
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
    return _tabulate(("what", "variants", *names), rows) if rows else ""


def _tabulate(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [markdown_row(map(markdown_text, head)), markdown_row("---" for _ in head)]
    return "\n".join([*lines, *(markdown_row(map(markdown_text, row)) for row in rows)])
