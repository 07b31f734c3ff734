"""All there is of a study, for `-v`: settings, data, results, claims, findings and notes."""

import json
from collections.abc import Iterable
from typing import Any

from rich.table import Table
from rich.text import Text

from brittlestar.cli.blocks.answers import claim_paragraph
from brittlestar.cli.blocks.failures import failed_blocks, failures_of
from brittlestar.cli.blocks.findings import findings_section
from brittlestar.cli.blocks.splits import data_blocks, notes_sections
from brittlestar.cli.ending import Section
from brittlestar.cli.paragraphs import WIDTH, Block
from brittlestar.core.results import Setting, StudyRecord
from brittlestar.reports.reading import Reading
from brittlestar.study.in_effect import list_in_effect

SECTIONS = ("data", "model", "training", "streams", "report")
LOOKED_AT = ("name", "data.tokens", "data.factors", "training.selection.split")
WIDE_ARM, WIDE_SPLIT = 28, 16  # columns of a terminal of 80


def study_sections(reading: Reading, place: str, looked: bool) -> list[Section]:
    """All there is of a study. `looked` says that there was no study file, so that tokens, factors and the split that
    selects come from a look at the data; `place` is what its commands name."""
    record = reading.record
    sections = [
        Section("Settings", settings_blocks(record, looked)),
        Section("Data", data_blocks(record.splits)),
        Section("Results", results_table(reading, WIDTH)),
    ]
    if "sources" in reading.document:
        spread = [Block(one["variant"], one["sentence"].partition(": ")[2]) for one in reading.document["sources"]]
        sections.append(Section("Where the spread comes from", spread))
    if reading.judgements:
        sections.append(Section("Claims", [claim_paragraph(one) for one in reading.judgements]))
    sections.append(findings_section(reading.findings, record.main))
    if failures := failures_of(record.cells):
        sections.append(Section("Runs without a result", failed_blocks(failures, place, True, record.in_memory)))
    return sections + notes_sections(record.notes)


def settings_blocks(record: StudyRecord, looked: bool) -> list[Block]:
    """Every setting that main uses, by who said it: somebody, a look at the data, or nobody."""
    settings = list_in_effect(record, record.main)
    ours = [setting for setting in settings if setting.origin == "our default"]
    stated = [setting for setting in settings if setting.origin not in ("our default", "library default")]
    seen = [setting for setting in ours if looked and setting.path in LOOKED_AT]
    rest = [setting for setting in ours if setting not in seen]
    lines = [("stated", _join_settings(stated)), ("looked at", _join_settings(seen))]
    for section in SECTIONS:
        lines.append(
            (f"default {section}", _join_settings((s for s in rest if s.path.startswith(f"{section}.")), section))
        )
    lines.append(("default", _join_settings(s for s in rest if s.path.partition(".")[0] not in SECTIONS)))
    return [Block(Text(title, style="dim"), Text(text, style="dim")) for title, text in lines if text]


def _join_settings(settings: Iterable[Setting], section: str = "") -> str:
    """`path=value, …`, paths without the section that stands before the line."""
    return ", ".join(f"{s.path.removeprefix(section + '.') if section else s.path}={_short(s.value)}" for s in settings)


def _short(value: Any) -> str:
    plain = isinstance(value, (dict, list, tuple, bool, type(None)))
    return json.dumps(value, ensure_ascii=False) if plain else str(value)


def results_table(reading: Reading, width: int) -> Table:
    """Every variant on every split: mean, interval and n of the headline metric, the majority's score beside it.

    Splits are columns where they fit into `width` characters, rows otherwise.
    """
    unit, names = reading.unit, list(reading.record.splits)
    direction = "; lower is better" if unit.lower_is_better else ""
    title = f"{unit.name} in {unit.unit}, best checkpoint: mean over (n) seeds [95 % interval over seeds]{direction}"
    table = Table(title=title, title_justify="left", title_style="", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    arms = list(reading.record.variants)
    if WIDE_ARM + WIDE_SPLIT * len(names) <= width:
        table.add_column("variant", overflow="fold")
        for name in names:
            table.add_column(name, justify="right", no_wrap=True)
        table.add_row("majority class", *(unit.number(reading.majority(name)) for name in names), style="dim")
        for arm in arms:
            table.add_row(reading.label(arm), *(_entry(reading, arm, name, "\n") for name in names))
        return table
    table.add_column("split", no_wrap=True)
    table.add_column("variant", overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    for name in names:
        table.add_row(name, "majority class", unit.number(reading.majority(name)), style="dim")
        for arm in arms:
            table.add_row("", reading.label(arm), _entry(reading, arm, name, " "))
    return table


def _entry(reading: Reading, arm: str, split: str, between: str) -> str:
    entry = reading.entry(arm, split)
    planned = sum(cell.variant == arm for cell in reading.record.cells)
    n = len(entry["seeds"])
    if entry["mean"] is None:
        return "–" if n == planned else f"– ({n} of {planned})"
    seeds = f"({n})" if n == planned else f"({n} of {planned})"
    interval = reading.unit.interval(entry["interval"]) or "[one seed]"
    return f"{reading.unit.number(entry['mean'])} {seeds}{between}{interval}"
