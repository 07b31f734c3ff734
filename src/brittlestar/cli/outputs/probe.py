"""How `probe` ends: does the score hold, and what was found about main; or the rows behind a condition."""

from collections.abc import Sequence
from dataclasses import replace

from rich.table import Table
from rich.text import Text

from brittlestar.cli.output import PLAIN, OutputSection, TerminalOutput, end_with, number_column
from brittlestar.cli.outputs.findings import findings_section, notes_sections
from brittlestar.core.documents import begin_document
from brittlestar.diagnosis.probes.phrasing import format_interval, format_points
from brittlestar.diagnosis.probes.readings import ProbedVariant, labels_known
from brittlestar.pipeline.probe_result import ProbeResult
from brittlestar.reports.paragraphs import Paragraph, cut_blocks, name_first
from brittlestar.reports.result_text import answer_line
from brittlestar.statistics.effects import Effect
from brittlestar.study.units import count
from brittlestar.verbs.replaying import Replayed

MOST_ROWS_PRINTED, MOST_OF_ROW = 5, 160
"""Rows that an output prints, and characters of each: `-v` has all (convention)."""


def probe_output(result: ProbeResult) -> TerminalOutput:
    """Whether the score holds, added splits, what was found about main, counts, and where the rest is."""
    return end_with(
        result,
        [answer_line("Holds?", result.headline.holds)],
        result.blocks,
        rest=lambda: _list_sections(result),
        more="-v prints every condition, and findings by code with their rules.",
        after_json=result.problems,
    )


def _list_sections(result: ProbeResult) -> list[OutputSection]:
    found = result.summary
    if found is None:
        return []
    heads = [found.rule]
    if any(labels_known(variant) for variant in found.study.variants):
        heads.append(
            "Accuracy in points before and after the change, with 95 % intervals over seeds and rows; the majority "
            "class of the changed rows; the worst seed; % of predictions that changed."
        )
    return [
        OutputSection("Conditions", name_first("", heads)),
        *(OutputSection(variant.name, _make_table(variant)) for variant in found.variants),
        *([OutputSection("In words", name_first("", found.sentences))] if found.sentences else []),
        findings_section(result.findings, result.record.main),
        *notes_sections([*found.not_tested_sentences, *found.notes]),
    ]


def _make_table(variant: ProbedVariant) -> Table:
    """Accuracy in points where labels are known, else the reliance on what is taken away; and what share changed."""
    known = labels_known(variant)
    scores = ("before", "after", "majority", "worst") if known else ("accuracy after", "reliance")
    table = Table("condition", *map(number_column, (*scores, "changed")), **PLAIN)
    for reading in variant.readings[1:]:
        worst = (
            ""
            if reading.after is None or reading.after.seeds < 2
            else format_points(min(reading.after.by_seed.values()))
        )
        cells = (_format_mean(reading.after), _format_effect(reading.reliance))
        if known:
            majority = format_points(reading.majority_after)
            cells = (_format_mean(reading.before), _format_effect(reading.after), majority, worst)
        words = Text.assemble(reading.condition.title, (f"\n{reading.condition.name}", "dim"))
        table.add_row(words, *cells, _format_mean(reading.flips))
    return table


def _format_effect(effect: Effect | None) -> str:
    interval = "" if effect is None or effect.seeds < 2 else f" {format_interval(effect.interval())}"
    return f"{_format_mean(effect)}{interval}"


def _format_mean(effect: Effect | None) -> str:
    return format_points(None if effect is None else effect.estimate)


def replay_output(found: Sequence[Replayed], condition: str) -> TerminalOutput:
    """The rows, each before and after, with the answer of each seed."""
    document = {**begin_document(), "condition": condition, "rows": [row.as_json() for row in found]}
    heading, rows = _rows_heading(found, condition), [_row_block(row) for row in found]
    short = [replace(_row_block(_shorten_row(row)), brief=True) for row in found]
    blocks = [Paragraph("Rows", heading), *cut_blocks(short, MOST_ROWS_PRINTED, "row")]
    return end_with(document, [heading], blocks, rest=lambda: [OutputSection("Rows", rows)])


def _rows_heading(found: Sequence[Replayed], condition: str) -> str:
    if not found:
        return f"{condition}: no answer changed, and none is wrong."
    if any(row.changed for row in found):
        return f"{condition}: {count(len(found), 'row')} whose answer changed in the most seeds."
    sentence = "no answer changed; these are wrong" if "@" in condition else "these are answered wrongly"
    return f"{condition}: {sentence} ({count(len(found), 'row')})."


def _shorten_row(row: Replayed) -> Replayed:
    """A long row around the first place where it was changed."""
    pairs = enumerate(zip(row.before or "", row.after, strict=False))
    start = max(next((place for place, (old, new) in pairs if old != new), 0) - MOST_OF_ROW // 2, 0)

    def shorten(text: str) -> str:
        if len(text) <= MOST_OF_ROW:
            return text
        part = text[start : start + MOST_OF_ROW]
        return f"{'…' if start else ''}{part}{'…' if start + MOST_OF_ROW < len(text) else ''} (-v)"

    return replace(row, before=None if row.before is None else shorten(row.before), after=shorten(row.after))


def _row_block(row: Replayed) -> Paragraph:
    unchanged = (row.before, row.label_before) == (row.after, row.label_after)
    rows = [("row  " if unchanged else "after", row.after, row.label_after)]
    if row.before is not None and not unchanged:
        rows.insert(0, ("before", row.before, row.label_before))
    lines = [f"{word:8}{text}{'' if label is None else f' (truly {label})'}".rstrip() for word, text, label in rows]
    changed = (f"{seed}: {new if old in (None, new) else f'{old} → {new}'}" for seed, (old, new) in row.answers.items())
    return Paragraph(row.id or "own row", "\n".join([*lines, f"seeds   {', '.join(changed)}"]))
