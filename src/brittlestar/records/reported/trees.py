"""Settings stated as names in each other: YAML, JSON, TOML and mappings."""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import yaml

from brittlestar.core.errors import InputError
from brittlestar.records.reported.stated import Stated, WrittenSetting

TWICE, NAMED = "keep one of them", "write names with values: `lr: 1e-4`"
_CLASSES = ("class_path", "_target_", "class_name")
"""What classes are called in lists of objects."""
_CALLED = ("init_args", "config")
"""What an object of such a list is made with, where that has a section of its own."""


class _Texts(yaml.SafeLoader):
    """YAML with its values as they are written, with their lines: `1e-4` is text in YAML, and `1e-3` is 0.001."""


def _make(loader: _Texts, _: str, node: yaml.Node) -> Any:
    """The value of a node. Raises InputError where a name stands twice, or names are taken from elsewhere (`<<`)."""
    if isinstance(node, yaml.SequenceNode):
        return [loader.construct_object(one, deep=True) for one in node.value]
    if not isinstance(node, yaml.MappingNode):
        text = "none" if node.tag == "tag:yaml.org,2002:null" else str(node.value).strip()
        return WrittenSetting(text, node.start_mark.line + 1)
    found: dict[WrittenSetting, Any] = {}
    for key, value in node.value:
        place = f"{loader.name}:{key.start_mark.line + 1}"
        if not isinstance(key, yaml.ScalarNode) or key.value == "<<":
            raise InputError("a name is a list, a mapping or `<<`", place, NAMED)
        if key.value in found:
            raise InputError(f"{key.value!r} is stated twice", place, TWICE)
        found[WrittenSetting(key.value, key.start_mark.line + 1)] = loader.construct_object(value, deep=True)
    return found


_Texts.yaml_constructors = {}
_Texts.add_multi_constructor("", _make)


def read_yaml(text: str, where: str) -> Any:
    """The mapping of a YAML file. Raises InputError where it is none, states a name twice, or refers to other parts of
    itself, which may unfold without end."""
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise InputError("names are taken from elsewhere (`*`)", where, "write each value where it belongs")
        loader = _Texts(text)
        loader.name = where
        return loader.get_single_data()
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(f"it is no YAML: {' '.join(str(error).split())}", where, NAMED) from error


def read_json(text: str, where: str) -> Any:
    """The mapping of a JSON file. Raises InputError where it is none, or states a name twice."""

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise InputError(f"{twice!r} is stated twice", where, TWICE)
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=keep, parse_float=str, parse_int=str)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"it is no JSON: {error}", where, NAMED) from error


def read_toml(text: str, where: str) -> Any:
    """The mapping of a TOML file. Raises InputError where it is none."""
    try:
        return tomllib.loads(text, parse_float=str)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"it is no TOML: {error}", where, NAMED) from error


def flatten_stated(values: Mapping[Any, Any], before: str = "") -> Iterator[Stated]:
    """Settings of nested mappings, as `outer.inner`; lists of objects are read as mappings by the names of their
    classes, and a mapping with a `value` as that value."""
    for name, value in values.items():
        path, line = f"{before}.{name}" if before else str(name), name.line if isinstance(name, WrittenSetting) else 0
        if isinstance(value, Mapping):
            inner = cast("Mapping[str, Any]", value)
            yield from flatten_stated({WrittenSetting(path, line): inner["value"]} if "value" in inner else inner,
                                      "" if "value" in inner else path)  # fmt: skip
        elif objects := _find_objects(value):
            yield from flatten_stated(objects, path)
        else:
            yield Stated(path, _write(value) or "none", line)


def _find_objects(value: Any) -> dict[str, Any]:
    """What each object of a list is made with, by the last name of its class: `EarlyStopping` of callbacks."""
    listed = cast("list[Any]", value) if isinstance(value, list) else []
    found: dict[str, Any] = {}
    for inner in (cast("dict[str, Any]", one) for one in listed if isinstance(one, Mapping)):
        key = next((key for key in _CLASSES if isinstance(inner.get(key), str)), None)
        if key is not None:
            last = str(inner[key]).rpartition(".")[2]
            if last in found:
                return {}  # nobody can say which of two is meant
            given = (inner[name] for name in _CALLED if isinstance(inner.get(name), Mapping))
            found[last] = next(given, {name: part for name, part in inner.items() if name != key})
    return found


def _write(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "none", True: "true", False: "false"}[value]
    if isinstance(value, list | tuple):
        parts = [_write(one) for one in cast("Sequence[Any]", value) if not isinstance(one, Mapping)]
        # A list of one keeps its brackets: `seeds: [42]` is a seed, and `seeds: 42` how many.
        return f"[{parts[0]}]" if len(parts) == 1 else ", ".join(parts)
    return str(value).strip()
