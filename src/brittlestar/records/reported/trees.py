"""Settings stated as names in each other: YAML, JSON and TOML."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import yaml

from brittlestar.core.errors import InputError
from brittlestar.records.reported.stated import NAMING, Stated, find_pairs, flatten_stated, is_exported, join_list

WRAPPERS = ("parameters", "params", "hyperparameters", "hparams", "config", "args", "settings")
TWICE, NAMED = "keep one of them", "write names with values: `lr: 1e-4`"


def read_yaml(text: str, where: str) -> Iterator[Stated]:
    """Settings of a YAML file, as `outer.inner`. Raises InputError where it is none, or states a name twice."""
    try:
        document = yaml.compose(text, Loader=yaml.SafeLoader)  # values stay as they are written: 1e-4 is text in YAML
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(f"it is no YAML: {' '.join(str(error).split())}", where, NAMED) from error
    if not isinstance(document, yaml.MappingNode):
        raise InputError("it holds no names with values", where, NAMED)
    yield from _walk(_unwrap(document), "", where)


def read_json(text: str, where: str) -> Iterator[Stated]:
    """Settings of a JSON file. Raises InputError where it is none, or states a name twice."""

    def join(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise InputError(f"{twice!r} is stated twice", where, TWICE)
        return dict(pairs)

    try:
        document = json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=join)
    except (ValueError, RecursionError) as error:
        raise InputError(f"it is no JSON: {error}", where, NAMED) from error
    document = find_pairs(document) or document
    if not isinstance(document, dict):
        raise InputError("it holds no names with values", where, NAMED)
    yield from flatten_stated(document)


def read_toml(text: str, where: str) -> Iterator[Stated]:
    """Settings of a TOML file. Raises InputError where it is none."""
    try:
        yield from flatten_stated(tomllib.loads(text, parse_float=str))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"it is no TOML: {error}", where, NAMED) from error


def _unwrap(document: yaml.MappingNode) -> yaml.MappingNode:
    """What stands below the one name of a file that only says that settings follow."""
    for key, inner in document.value[:1] if len(document.value) == 1 else ():
        if isinstance(inner, yaml.MappingNode) and str(key.value).lower() in WRAPPERS:
            return inner
    return document


def _walk(node: yaml.MappingNode, before: str, where: str) -> Iterator[Stated]:
    seen: set[str] = set()
    for key, value in node.value:
        name = f"{before}.{key.value}" if before else str(key.value)
        if name in seen:
            raise InputError(f"{name!r} is stated twice", f"{where}:{key.start_mark.line + 1}", TWICE)
        seen.add(name)
        inner = {one.value: two for one, two in value.value} if isinstance(value, yaml.MappingNode) else {}
        if is_exported(inner):
            value = inner["value"]
        if isinstance(value, yaml.MappingNode):
            yield from _walk(value, name, where)
        elif isinstance(value, yaml.SequenceNode) and (pairs := _list_pairs(value)):
            yield from (Stated(named, text or "none", line) for named, text, line in pairs)
        elif isinstance(value, yaml.SequenceNode) and (inside := _list_classes(value)):
            for named, section in inside:
                yield from _walk(section, f"{name}.{named}", where)
        elif isinstance(value, yaml.SequenceNode):
            parts = [str(one.value) for one in value.value if isinstance(one, yaml.ScalarNode)]
            yield Stated(name, join_list(parts), key.start_mark.line + 1)
        else:
            yield Stated(name, str(value.value).strip() or "none", key.start_mark.line + 1)


def _list_pairs(node: yaml.SequenceNode) -> list[tuple[str, str, int]]:
    """(name, value, line) of a list of mappings that each have both; nothing of another list."""
    found: list[tuple[str, str, int]] = []
    for one in node.value:
        inner = {key.value: value for key, value in one.value} if isinstance(one, yaml.MappingNode) else {}
        key = next((key for key in NAMING if key in inner), None)
        if key is None or "value" not in inner or isinstance(inner["value"], yaml.MappingNode):
            return []
        values = inner["value"].value
        text = values if isinstance(values, str) else ", ".join(str(part.value) for part in values)
        found.append((str(inner[key].value), text.strip(), one.start_mark.line + 1))
    return found


def _list_classes(node: yaml.SequenceNode) -> list[tuple[str, yaml.MappingNode]]:
    """The last name of each class of a list, with what it is called with: `EarlyStopping` of callbacks."""
    found: list[tuple[str, yaml.MappingNode]] = []
    for one in node.value:
        inner = {key.value: value for key, value in one.value} if isinstance(one, yaml.MappingNode) else {}
        if isinstance(path := inner.get("class_path"), yaml.ScalarNode):
            given = inner.get("init_args", one)
            if isinstance(given, yaml.MappingNode):
                found.append((str(path.value).rpartition(".")[2], given))
    return found
