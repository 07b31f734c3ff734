"""All there is of a study, for `-v`: settings, data, results, claims, findings and notes."""

import json
from typing import Any

from rich.table import Column, Table

from brittlestar.cli.output import PLAIN, OutputSection, number_column
from brittlestar.cli.outputs.findings import data_section, findings_section, notes_sections
from brittlestar.cli.paragraphs import WIDTH
from brittlestar.core.results import DEFAULTS, StudyRecord
from brittlestar.reports.paragraphs import Paragraph
from brittlestar.reports.result_text import claim_paragraph, failed_blocks, failures_of
from brittlestar.reports.study_view import StudyView
from brittlestar.study.in_effect import list_in_effect
from brittlestar.study.row_filters import title_slice
from brittlestar.study.units import unit_of

SECTIONS = ("data", "model", "training", "streams", "report")
ORIGINS = ("stated", "looked at", *(f"default {section}" for section in SECTIONS), "default")
LOOKED_AT = ("name", "data.tokens", "data.factors", "training.selection.split")
WIDE_VARIANT, WIDE_SPLIT = 28, 16  # columns of a terminal of 80


def study_sections(reading: StudyView, place: str, looked: bool) -> list[OutputSection]:
    """All there is of a study. `looked` says that there was no study file, so that tokens, factors and the split that
    selects come from a look at the data; `place` is what its commands name."""
    record = reading.record
    spread = [
        Paragraph(one["variant"], one["sentence"].partition(": ")[2]) for one in reading.document.get("sources", ())
    ]
    claims = [claim_paragraph(judgement) for judgement in reading.judgements]
    failures = failed_blocks(failures_of(record.cells), place, True, record.in_memory)
    return [
        OutputSection("Settings", _settings_blocks(record, looked)),
        data_section(record.splits),
        OutputSection("Results", _results_table(reading)),
        *_slice_sections(reading),
        *([OutputSection("Where the spread comes from", spread)] if spread else []),
        *([OutputSection("Claims", claims)] if claims else []),
        findings_section(reading.findings, record.main),
        *([OutputSection("Runs without a result", failures)] if failures else []),
        *notes_sections(record.notes),
    ]


def _settings_blocks(record: StudyRecord, looked: bool) -> list[Paragraph]:
    """Every setting that main uses, by who said it: somebody, a look at the data, or nobody."""
    found: dict[str, list[str]] = {name: [] for name in ORIGINS}
    for setting in list_in_effect(record, record.main):
        section, _, inner = setting.path.partition(".")
        name, path = "default", setting.path
        if setting.origin not in DEFAULTS:
            name = "stated"
        elif looked and setting.path in LOOKED_AT:
            name = "looked at"
        elif section in SECTIONS:
            name, path = f"default {section}", inner
        if setting.origin != "library default":
            found[name].append(f"{path}={_short(setting.value)}")
    told = {name: ", ".join(settings) for name, settings in found.items() if settings}
    return [Paragraph(((name, "dim"),), ((text, "dim"),)) for name, text in told.items()]


def _short(value: Any) -> str:
    plain = isinstance(value, (dict, list, tuple, bool, type(None)))
    return json.dumps(value, ensure_ascii=False) if plain else str(value)


def _results_table(reading: StudyView) -> Table:
    """Every variant on every split: mean, interval and n of the headline metric, the majority's score beside it.

    Splits are columns where they fit into the width of an output, rows otherwise.
    """
    unit, splits, variants = reading.unit, list(reading.record.splits), list(reading.record.variants)
    wide = WIDE_VARIANT + WIDE_SPLIT * len(splits) <= WIDTH
    rows = [("majority class", [unit.number(reading.majority(split)) for split in splits])]
    for name in variants:
        rows.append((reading.label(name), [_score_words(reading, name, one, "\n" if wide else " ") for one in splits]))
    direction = "; lower is better" if unit.lower_is_better else ""
    title = f"{unit.name} in {unit.unit}, best checkpoint: mean over (n) seeds [95 % interval over seeds]{direction}"
    if wide:
        table = Table(Column("variant", overflow="fold"), *map(number_column, splits), title=title, **PLAIN)
        for k, (label, scores) in enumerate(rows):
            table.add_row(label, *scores, style=None if k else "dim")
        return table
    left = Column("split", no_wrap=True), Column("variant", overflow="fold")
    table = Table(*left, number_column("score"), title=title, **PLAIN)
    for place, split in enumerate(splits):
        for k, (label, scores) in enumerate(rows):
            table.add_row("" if k else split, label, scores[place], style=None if k else "dim")
    return table


def _slice_sections(reading: StudyView) -> list[OutputSection]:
    """Main by class, by length and by columns named with --slices, where its answers are known row by row."""
    numbers, unit = reading.numbers, unit_of("accuracy")
    if numbers is None or not numbers.slices:
        return []
    title = f"main on all rows of {numbers.all.split}, in points [95 % interval; of the last column all hold together]"
    heads = "rows", "right", "best trivial", "below others"
    table = Table(Column("slice", overflow="fold"), *map(number_column, heads), title=title, **PLAIN)
    for one in (score for scores in numbers.slices.values() for score in scores):
        right = unit.estimate(one.score.mean, one.score.interval)
        below = "–" if one.below is None else unit.estimate(one.below, one.interval_below)
        table.add_row(title_slice(one.where), f"{one.score.n_rows:,}", right, unit.number(one.trivial), below)
    return [OutputSection("By class and slice", table)]


def _score_words(reading: StudyView, variant: str, split: str, between: str) -> str:
    entry = reading.entry(variant, split)
    planned, n = sum(cell.variant == variant for cell in reading.record.cells), len(entry["seeds"])
    counted = f"({n})" if n == planned else f"({n} of {planned})"
    if entry["mean"] is None:
        return "–" if n == planned else f"– {counted}"
    interval = reading.unit.interval(entry["interval"]) or "[one seed]"
    return f"{reading.unit.number(entry['mean'])} {counted}{between}{interval}"
