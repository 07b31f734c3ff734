"""Rows of the page's tables: settings with their differences first, data, environment, cells and logs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from brittlestar.core.commands import Advice, command, fill_commands, follow_kind
from brittlestar.core.plain import differs, plain, round_floats
from brittlestar.core.results import CellRecord, Setting, StudyRecord, VariantRecord
from brittlestar.reports.study_view import StudyView
from brittlestar.study.in_effect import list_in_effect

LOG_LINES = 20
LISTS_OF_IDS = ("row_ids",)
SHOWN_ELSEWHERE = ("pairs",)
READ_DIGITS = 4
"""Significant digits of evidence on a page: a person reads no more; the JSON has all of them."""
MOST_LEAVES = 60
LONGEST_LEAF = 400
"""Of evidence on a page: lines of one table, and characters of one of them."""
LOG_WIDTH = 400
"""Characters of a log line that the page shows; the whole line is in the cell's log.txt."""


@dataclass(frozen=True)
class SettingRow:
    """One setting as text; `main` is main's value where that differs; `wrong` marks a mismatch."""

    path: str
    value: str
    origin: str
    read_back: str
    wrong: bool
    main: str = ""


@dataclass(frozen=True)
class Log:
    """A run that failed, was lost or diverged: its last lines, and the command that repeats it alone, empty for one
    that is done, which nothing repeats."""

    cell: CellRecord
    lines: tuple[str, ...]
    again: str


def text(value: Any) -> str:
    """A JSON value for people: strings bare, everything else as JSON."""
    value = plain(value)
    if value is None:
        return "none"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def setting_rows(settings: Sequence[Setting], main: Mapping[str, Setting] | None = None) -> list[SettingRow]:
    """All settings; with `main` those that differ from it in value, origin or read-back, then those that it alone
    has."""
    own = {setting.path: setting for setting in sorted(settings, key=lambda one: one.path)}
    before = {} if main is None else {path: text(one.value) for path, one in sorted(main.items())}
    rows = [
        SettingRow(
            path,
            text(one.value),
            one.origin,
            "" if one.read_back is None else text(one.read_back),
            differs(one.value, one.read_back),
            "" if main is None else before.get(path, "not set"),
        )
        for path, one in own.items()
        if main is None or main.get(path) != one
    ]
    return rows + [SettingRow(path, "not set", "", "", False, one) for path, one in before.items() if path not in own]


def list_variant_settings(record: StudyRecord) -> list[tuple[VariantRecord, list[tuple[str, str]], list[SettingRow]]]:
    """Every variant but main, in the study's order, with what it changes, and every setting that is not main's."""
    main = {setting.path: setting for setting in list_in_effect(record, record.main)}
    return [
        (
            variant,
            [(path, text(value)) for path, value in sorted(variant.changes.items())],
            setting_rows(list_in_effect(record, name), main),
        )
        for name, variant in record.variants.items()
        if name != record.main
    ]


def logs(reading: StudyView, place: str) -> tuple[Log, ...]:
    """Cells that failed or were lost, then diverged cells, in the record's order, with the last lines of their logs."""
    without = [cell for cell in reading.record.cells if cell.state in ("failed", "lost")]
    diverged = [cell for cell in reading.record.cells if cell.state == "done" and cell.outcome == "diverged"]
    found: list[Log] = []
    for cell in (*without, *diverged):
        lines = list(cell.log_tail[-LOG_LINES:])
        if cell.error and cell.error not in "\n".join(lines):
            lines.append(cell.error)
        again = Advice(("Run it again alone: ", command("run", cell=cell.hash[:12])))
        again = fill_commands(follow_kind(again, in_memory=reading.record.in_memory), place)
        shown = tuple(_shorten_line(line) for line in lines)
        found.append(Log(cell, shown, "" if cell.state == "done" else again))
    return tuple(found)


def _shorten_line(line: str) -> str:
    over = len(line) - LOG_WIDTH
    return line if over <= 0 else f"{line[:LOG_WIDTH]} … ({over:,} more characters in log.txt)"


def flatten_values(value: Any, path: str = "") -> list[tuple[str, str]]:
    """Leaves of nested mappings as (dotted path, text), sorted by path."""
    if isinstance(value, Mapping) and value:
        items = sorted((str(key), item) for key, item in value.items())
        return [leaf for key, item in items for leaf in flatten_values(item, f"{path}.{key}" if path else key)]
    return [(path, text(value))]


def evidence_rows(evidence: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Evidence as (dotted path, text) for a page: lists of ids are counted, long texts and long tables are cut; all of
    it is in the JSON."""
    short: dict[str, Any] = {}
    for name, value in evidence.items():
        if name in LISTS_OF_IDS and isinstance(value, list | tuple):
            short[name] = f"{len(value):,}, all in the JSON"
        elif name not in SHOWN_ELSEWHERE:
            short[name] = value
    leaves = [
        (path, value if len(value) <= LONGEST_LEAF else f"{value[:LONGEST_LEAF]} …")
        for path, value in flatten_values(round_floats(plain(short), READ_DIGITS))
    ]
    over = len(leaves) - MOST_LEAVES
    return leaves if over <= 0 else [*leaves[:MOST_LEAVES], ("…", f"{over:,} more, in the JSON")]
