"""Settings as somebody stated them: read from YAML, CSV, or the tables of a Markdown page, as text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from brittlestar.core.errors import InputError
from brittlestar.records.reported.aliases import find_paths

LARGEST = 1 << 22  # budget: bytes; a table of settings has some thousand
HINT = "write a table of settings: YAML (`lr: 1e-4`), CSV (`name,value`), or a Markdown table"
HEADINGS = ("name", "setting", "settings", "hyperparameter", "hyper-parameter", "parameter", "field", "key", "option")
"""What stands above the names in a table of settings, and above no column of outcomes."""
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")


@dataclass(frozen=True)
class Stated:
    """One setting: its name and value as written, and the line of the file (0 where that is not known)."""

    name: str
    text: str
    line: int = 0


def read_stated(path: Path) -> tuple[Stated, ...]:
    """The settings that a file states. Raises InputError where it cannot be read, or states none."""
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"it has more than {LARGEST:,} bytes", str(path), HINT)
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", str(path), HINT) from error
    except UnicodeDecodeError as error:
        raise InputError("it is no text in UTF-8", str(path), HINT) from error
    readers = {".csv": _read_csv, ".tsv": _read_csv, ".md": _read_markdown, ".markdown": _read_markdown}
    found = tuple(readers.get(path.suffix.lower(), _read_yaml)(text, path))
    if not found:
        raise InputError("it states no setting", str(path), HINT)
    return found


def flatten_stated(values: Mapping[str, Any], before: str = "") -> Iterator[Stated]:
    """Settings of nested mappings, as `outer.inner`."""
    for name, value in values.items():
        path = f"{before}.{name}" if before else str(name)
        if isinstance(value, Mapping):
            yield from flatten_stated(cast(Mapping[str, Any], value), path)
        else:
            yield Stated(path, _write(value))


def _write(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(_write(one) for one in cast("list[Any]", value))
    return str(value)


def _read_yaml(text: str, path: Path) -> Iterator[Stated]:
    try:
        document = yaml.compose(text, Loader=yaml.SafeLoader)  # values stay as they are written: 1e-4 is text in YAML
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(f"it is no YAML: {' '.join(str(error).split())}", str(path), HINT) from error
    if not isinstance(document, yaml.MappingNode):
        raise InputError("it holds no names with values", str(path), HINT)
    yield from _walk(document, "", path)


def _walk(node: yaml.MappingNode, before: str, path: Path) -> Iterator[Stated]:
    seen: set[str] = set()
    for key, value in node.value:
        name = f"{before}.{key.value}" if before else str(key.value)
        if name in seen:
            raise InputError(f"{name!r} is stated twice", f"{path}:{key.start_mark.line + 1}", "keep one of them")
        seen.add(name)
        if isinstance(value, yaml.MappingNode):
            yield from _walk(value, name, path)
        elif isinstance(value, yaml.SequenceNode):
            parts = [str(one.value) for one in value.value if isinstance(one, yaml.ScalarNode)]
            yield Stated(name, ", ".join(parts), key.start_mark.line + 1)
        else:
            yield Stated(name, str(value.value).strip() or "none", key.start_mark.line + 1)


def _read_csv(text: str, path: Path) -> Iterator[Stated]:
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    try:
        rows = [
            (number, row)
            for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1)
            if row
        ]
    except csv.Error as error:
        raise InputError(f"it is no CSV: {error}", str(path), HINT) from error
    yield from _read_rows(rows)


def _read_markdown(text: str, path: Path) -> Iterator[Stated]:
    table: list[tuple[int, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if "|" in line and not _RULE.fullmatch(line):
            cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
            table.append((number, [one.replace("\\|", "|").strip() for one in cells]))
        elif not _RULE.fullmatch(line):
            yield from _read_rows(table)
            table = []
    yield from _read_rows(table)


def _read_rows(rows: list[tuple[int, list[str]]]) -> Iterator[Stated]:
    """A table of two columns or more: names in the first, values in the second. Its first row is a heading where it
    says so; of two rows the first may hold the names and the second the values."""
    plain = [(number, [_take_emphasis(one) for one in row]) for number, row in rows]
    if _is_wide(plain):
        (_, names), (number, values) = plain
        yield from (Stated(name, value or "none", number) for name, value in zip(names, values, strict=False) if name)
        return
    for position, (number, cells) in enumerate(plain):
        if len(cells) < 2 or not cells[0] or (position == 0 and _is_heading(cells)):
            continue
        if not any(cells[1:]) and (cells[0] != rows[position][1][0].strip() or not find_paths(cells[0])):
            continue  # the title of a part of the table
        yield Stated(cells[0], cells[1] or "none", number)


def _take_emphasis(text: str) -> str:
    """`**lr**` is lr; a name may have underscores in it."""
    return re.sub(r"^([*`_]{1,3})(.+?)\1$", r"\2", text.strip()).strip()


def _is_heading(cells: list[str]) -> bool:
    return cells[0].lower() in HEADINGS or cells[1].lower() in ("value", "values", "setting", "used", "ours", "stated")


def _is_wide(rows: list[tuple[int, list[str]]]) -> bool:
    if len(rows) != 2 or len(rows[0][1]) < 3 or _is_heading(rows[0][1]):
        return False
    names, values = rows[0][1], rows[1][1]
    return sum(bool(find_paths(one)) for one in names) >= 2 > sum(bool(find_paths(one)) for one in values)
