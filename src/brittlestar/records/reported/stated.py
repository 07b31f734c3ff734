"""Settings as somebody stated them: read from YAML, CSV, or the tables of a Markdown page, as text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from brittlestar.core.errors import InputError
from brittlestar.records.reported.layouts import find_cells

LARGEST = 1 << 22  # budget: bytes; a table of settings has some thousand
HINT = "write a table of settings: YAML (`lr: 1e-4`), CSV (`name,value`), or a Markdown table"
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
        inner = cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else None
        if inner is not None and is_exported(inner):
            yield Stated(path, _write(inner["value"]))
        elif inner is not None:
            yield from flatten_stated(inner, path)
        else:
            yield Stated(path, _write(value))


def is_exported(names: Collection[str]) -> bool:
    """Whether a mapping is one value with its description, as trackers of experiments export them."""
    return "value" in names and {*names} <= {"value", "desc"}


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
        inner = {one.value: two for one, two in value.value} if isinstance(value, yaml.MappingNode) else {}
        if is_exported(inner):
            value = inner["value"]
        if isinstance(value, yaml.MappingNode):
            yield from _walk(value, name, path)
        elif isinstance(value, yaml.SequenceNode) and (pairs := _list_pairs(value)):
            yield from (Stated(named, text or "none", line) for named, text, line in pairs)
        elif isinstance(value, yaml.SequenceNode):
            parts = [str(one.value) for one in value.value if isinstance(one, yaml.ScalarNode)]
            yield Stated(name, ", ".join(parts), key.start_mark.line + 1)
        else:
            yield Stated(name, str(value.value).strip() or "none", key.start_mark.line + 1)


def _list_pairs(node: yaml.SequenceNode) -> list[tuple[str, str, int]]:
    """(name, value, line) of a list of mappings that each have both; nothing of another list."""
    found: list[tuple[str, str, int]] = []
    for one in node.value:
        inner = {key.value: value for key, value in one.value} if isinstance(one, yaml.MappingNode) else {}
        if not {"name", "value"} <= inner.keys() or isinstance(inner["value"], yaml.MappingNode):
            return []
        values = inner["value"].value
        text = values if isinstance(values, str) else ", ".join(str(part.value) for part in values)
        found.append((str(inner["name"].value), text.strip(), one.start_mark.line + 1))
    return found


def find_delimiter(head: str, path: Path) -> str:
    """What stands between the cells of a table, by its first line: semicolons where a comma is a decimal point."""
    return "\t" if path.suffix.lower() == ".tsv" else ";" if head.count(";") > head.count(",") else ","


def _read_csv(text: str, path: Path) -> Iterator[Stated]:
    delimiter = find_delimiter(text.partition("\n")[0], path)
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
    yield from (Stated(name, value or "none", line) for line, name, value in find_cells(rows))
