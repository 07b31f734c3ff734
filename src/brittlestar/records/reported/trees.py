"""Settings stated as names in each other: YAML, JSON, TOML and INI."""

from __future__ import annotations

import configparser
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, cast

import yaml

from brittlestar.core.errors import InputError
from brittlestar.records.reported.aliases import find_paths
from brittlestar.records.reported.commands import find_options
from brittlestar.records.reported.flattening import find_pairs, flatten_stated
from brittlestar.records.reported.stated import Stated, Written

WRAPPERS = ("parameters", "params", "hyperparameters", "hparams", "config", "args", "settings")
TWICE, NAMED = "keep one of them", "write names with values: `lr: 1e-4`"
MOST_NODES = 100_000  # budget: names and values of a file
_NULL = "tag:yaml.org,2002:null"


def read_yaml(text: str, where: str) -> Iterator[Stated]:
    """Settings of a YAML file, as `outer.inner`. Raises InputError where it is none, or states a name twice."""
    try:
        document = yaml.compose(text, Loader=yaml.SafeLoader)  # values stay as they are written: 1e-4 is text in YAML
        if document is not None:
            _leave_out_templates(document)
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(f"it is no YAML: {' '.join(str(error).split())}", where, NAMED) from error
    if document is not None and _count_nodes(document, {}) > MOST_NODES:
        raise InputError(f"it unfolds to more than {MOST_NODES:,} names and values", where, NAMED)
    yield from _read_tree(None if document is None else _build(document, "", where), where)


def read_json(text: str, where: str) -> Iterator[Stated]:
    """Settings of a JSON file. Raises InputError where it is none, or states a name twice."""

    def join(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for place, name in enumerate(names) if name in names[:place])
            raise InputError(f"{twice!r} is stated twice", where, TWICE)
        return found

    try:
        lines = [line for line in text.splitlines() if line.strip()]
        several = len(lines) > 1 and all(line.startswith("{") and line.rstrip().endswith("}") for line in lines)
        whole = f"[{','.join(lines)}]" if several else text  # an object a line
        document = json.loads(whole, parse_float=str, parse_int=str, object_pairs_hook=join)
    except (ValueError, RecursionError) as error:
        raise InputError(f"it is no JSON: {error}", where, NAMED) from error
    yield from _read_tree(document, where)


def read_toml(text: str, where: str) -> Iterator[Stated]:
    """Settings of a TOML file. Raises InputError where it is none."""
    try:
        yield from flatten_stated(tomllib.loads(text, parse_float=str))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"it is no TOML: {error}", where, NAMED) from error


class _Spelled(configparser.RawConfigParser):
    """A reader of INI that keeps names as they are written."""

    def optionxform(self, optionstr: str) -> str:
        """The same."""
        return optionstr


def read_ini(text: str, where: str) -> Iterator[Stated]:
    """Settings of an INI file, as `section.name`. Raises InputError where it is none, or states a name twice."""
    reader = _Spelled(inline_comment_prefixes=("#", ";"), default_section="", allow_no_value=True)
    try:
        reader.read_string(text if re.search(r"^\s*\[", text, re.MULTILINE) else f"[settings]\n{text}")
    except configparser.Error as error:
        raise InputError(f"it is no INI: {' '.join(str(error).split())}", where, NAMED) from error
    for section in reader.sections():
        for name, value in reader.items(section):
            yield Stated(f"{section}.{name.removeprefix('export ')}", (value or "none").strip().strip("\"'"))


def _read_tree(document: Any, where: str) -> Iterator[Stated]:
    """Settings of a document that is a mapping, a list of names with values, or a list of options of a command."""
    if isinstance(document, list):
        if options := find_options(document):
            yield from options
            return
        document = find_pairs(document) or _join_runs(cast("list[Any]", document))
    if not isinstance(document, Mapping):
        raise InputError("it holds no names with values", where, NAMED)
    yield from flatten_stated(_unwrap(cast("Mapping[str, Any]", document)))


def _join_runs(runs: list[Any]) -> dict[str, Any] | None:
    """The settings of a list of runs, where these differ in seeds and outcomes alone; None of another list."""
    listed = [cast("dict[str, Any]", one) for one in runs if isinstance(one, Mapping)]
    if not listed or len(listed) < len(runs) or any(one.keys() != listed[0].keys() for one in listed):
        return None
    joined = dict(listed[0])
    for name in listed[0]:
        values = [one[name] for one in listed]
        if any(value != values[0] for value in values):
            if find_paths(name) == ("seeds",):
                joined[name] = values
            elif find_paths(name):
                return None
            else:
                del joined[name]  # an outcome
    return joined


def _unwrap(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """What stands below the one name of a file that only says that settings follow."""
    for name, inner in document.items() if len(document) == 1 else ():
        if isinstance(inner, Mapping) and name.lower() in WRAPPERS:
            return cast("Mapping[str, Any]", inner)
    return document


def _count_nodes(node: yaml.Node, counted: dict[int, int]) -> int:
    """How many nodes there are with every alias unfolded; too many where one holds itself."""
    if id(node) not in counted:
        counted[id(node)] = MOST_NODES + 1
        parts = [one for pair in node.value for one in pair] if isinstance(node, yaml.MappingNode) else node.value
        inner = parts if isinstance(parts, list) else []
        counted[id(node)] = 1 + sum(_count_nodes(one, counted) for one in inner)
    return counted[id(node)]


def _leave_out_templates(document: yaml.Node) -> None:
    """Take out sections that are there only for others to begin from (`<<: *base`)."""
    templates: set[int] = set()
    waiting, seen = [document], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == "<<":
                    templates |= {id(one) for one in _list_merged(value)}
                waiting.append(value)
    if isinstance(document, yaml.MappingNode) and templates:
        document.value = [
            (key, value)
            for key, value in document.value
            if id(value) not in templates
            or not re.match(r"[._]|x-|base|default|common|template|shared", str(key.value))
        ]


def _list_merged(value: yaml.Node) -> list[yaml.Node]:
    """What a merge key (`<<`) takes in: one mapping, or several."""
    return value.value if isinstance(value, yaml.SequenceNode) else [value]


def _build(node: yaml.Node, before: str, where: str) -> Any:
    """Mappings, lists and texts of YAML, each text with its line."""
    line = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_build(one, before, where) for one in node.value]
    if not isinstance(node, yaml.MappingNode):
        return Written("none" if node.tag == _NULL else str(node.value).strip(), line)
    built: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    for key, value in node.value:
        if key.value == "<<":
            for one in _list_merged(value):
                inner = cast("dict[str, Any]", _build(one, before, where)) if isinstance(one, yaml.MappingNode) else {}
                merged = inner | merged  # of several, the first one counts
            continue
        if not isinstance(key, yaml.ScalarNode):
            raise InputError("a name is a list or a mapping", f"{where}:{key.start_mark.line + 1}", NAMED)
        name = f"{before}.{key.value}" if before else str(key.value)
        if str(key.value) in built:
            raise InputError(f"{name!r} is stated twice", f"{where}:{key.start_mark.line + 1}", TWICE)
        built[Written(str(key.value), key.start_mark.line + 1)] = _build(value, name, where)
    return {name: one for name, one in merged.items() if name not in built} | built
