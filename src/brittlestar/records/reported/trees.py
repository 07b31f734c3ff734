"""Settings stated as names in each other: YAML, JSON, TOML and mappings, with the lists that files have of them."""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import yaml

from brittlestar.core.errors import InputError
from brittlestar.records.reported.stated import Stated, Written

TWICE, NAMED = "keep one of them", "write names with values: `lr: 1e-4`"
MOST_NODES = 100_000  # budget: names and values of a file
NAMING = ("name", "key", "param", "parameter")
"""What names are called in lists of names with values."""
DESCRIBED = {"value", "name", "desc", "description", "type", "unit", "units", "comment", "notes", "default", "group",
             "section"}  # fmt: skip
"""What may stand beside the value of a setting that is described."""
_CLASSES = ("class_path", "_target_", "class_name", "callback", "class", "type", "name")
"""What classes are called in lists of objects."""
_CALLED = ("init_args", "config", "kwargs", "params", "args")
"""What an object of such a list is made with, where that has a section of its own."""


class _Texts(yaml.SafeLoader):
    """YAML with its values as they are written, with their lines: `1e-4` is text in YAML, and `1e-3` is 0.001."""

    where = ""

    def make_mapping(self, node: yaml.MappingNode) -> dict[Written, Any]:
        """A mapping. Raises InputError where a name stands twice, or names are taken from elsewhere (`<<`)."""
        names: list[str] = []
        for key, _ in node.value:
            place = f"{self.where}:{key.start_mark.line + 1}"
            if not isinstance(key, yaml.ScalarNode):
                raise InputError("a name is a list or a mapping", place, NAMED)
            if key.value == "<<":
                raise InputError("names are taken from elsewhere (`<<`)", place, "write each name where it belongs")
            if str(key.value) in names:
                raise InputError(f"{str(key.value)!r} is stated twice", place, TWICE)
            names.append(str(key.value))
        return {Written(str(key.value), key.start_mark.line + 1): self.construct_object(value, deep=True)
                for key, value in node.value}  # fmt: skip


def _make(loader: _Texts, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.make_mapping(node)
    if isinstance(node, yaml.SequenceNode):
        return [loader.construct_object(one, deep=True) for one in node.value]
    text = "none" if node.tag == "tag:yaml.org,2002:null" else str(node.value).strip()
    return Written(text, node.start_mark.line + 1)


_Texts.yaml_constructors = {}
_Texts.add_multi_constructor("", _make)


def read_yaml(text: str, where: str) -> Any:
    """The mapping of a YAML file. Raises InputError where it is none, or states a name twice."""
    try:
        loader = _Texts(text)
        loader.where = where
        node = loader.get_single_node()
        if node is None:
            return None
        if _count_nodes(node, {}) > MOST_NODES:
            raise InputError(f"it unfolds to more than {MOST_NODES:,} names and values", where, NAMED)
        return loader.construct_document(node)
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(f"it is no YAML: {' '.join(str(error).split())}", where, NAMED) from error


def _count_nodes(node: yaml.Node, counted: dict[int, int]) -> int:
    """How many nodes there are with every alias unfolded; too many where one holds itself."""
    if id(node) not in counted:
        counted[id(node)] = MOST_NODES + 1
        parts = [one for pair in node.value for one in pair] if isinstance(node, yaml.MappingNode) else node.value
        counted[id(node)] = 1 + sum(_count_nodes(one, counted) for one in parts if isinstance(parts, list))
    return counted[id(node)]


def read_json(text: str, where: str) -> Any:
    """The document of a JSON file. Raises InputError where it is none, or states a name twice."""

    def join(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if twice := next((name for place, name in enumerate(names) if name in names[:place]), None):
            raise InputError(f"{twice!r} is stated twice", where, TWICE)
        return dict(pairs)

    try:
        return json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=join)
    except (ValueError, RecursionError) as error:
        raise InputError(f"it is no JSON: {error}", where, NAMED) from error


def read_toml(text: str, where: str) -> Any:
    """The mapping of a TOML file. Raises InputError where it is none."""
    try:
        return tomllib.loads(text, parse_float=str)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"it is no TOML: {error}", where, NAMED) from error


def unwrap_tree(document: Any, where: str) -> dict[str, Any]:
    """The names and values of a document that is a mapping, or a list of names with values."""
    found = _find_pairs(document) if isinstance(document, list) else document
    if not isinstance(found, Mapping):
        raise InputError("it holds no names with values", where, NAMED)
    return cast("dict[str, Any]", found)


def flatten_stated(values: Mapping[Any, Any], before: str = "") -> Iterator[Stated]:
    """Settings of nested mappings, as `outer.inner`; lists of mappings are read as what they are lists of."""
    for name, value in values.items():
        path, line = f"{before}.{name}" if before else str(name), name.line if isinstance(name, Written) else 0
        lists = ((_find_weights, path), (_find_pairs, before), (_find_objects, path))
        if isinstance(value, Mapping):
            inner = cast("Mapping[str, Any]", value)
            if "value" in inner and {*inner} <= DESCRIBED:  # as trackers of experiments export them
                yield from flatten_stated({Written(path, line): inner["value"]})
            else:
                yield from flatten_stated(inner, path)
        elif (found := next(((one, at) for read, at in lists if (one := read(value)) is not None), None)) is not None:
            yield from flatten_stated(*found)
        else:
            yield Stated(path, _write(value) or "none", line)


def _find_pairs(value: Any) -> dict[str, Any] | None:
    """Values by name of a list of names with values, each a mapping of its own; None of another list."""
    found: dict[str, Any] = {}
    for inner in _list_mappings(value):
        key = next((key for key in NAMING if key in inner), None)
        pair = inner if len(inner) == 1 else {str(inner[key]): inner["value"]} if key and "value" in inner else {}
        if not pair or {*pair} & {*found} or (len(inner) > 1 and isinstance(inner.get("value"), Mapping)):
            return None
        found |= pair
    return found or None


def _find_weights(value: Any) -> dict[str, Any] | None:
    """Weights by class of a list of classes with their weights; None of another list."""
    listed = _list_mappings(value)
    found = {str(one.get("class", one.get("label"))): one["weight"] for one in listed if "weight" in one}
    return found if found and len(found) == len(listed) and "None" not in found else None


def _find_objects(value: Any) -> dict[str, Any] | None:
    """What each object of a list is made with, by the last name of its class: `EarlyStopping` of callbacks."""
    found: dict[str, Any] = {}
    for inner in _list_mappings(value):
        key = next((key for key in _CLASSES if isinstance(inner.get(key), str)), None)
        if key is None:
            continue
        last = str(inner[key]).rpartition(".")[2]
        if last in found:
            return None  # nobody can say which of two is meant
        given = next((inner[name] for name in _CALLED if isinstance(inner.get(name), Mapping)), None)
        found[last] = {name: part for name, part in inner.items() if name != key} if given is None else given
    return found or None


def _list_mappings(value: Any) -> list[dict[str, Any]]:
    listed = cast("list[Any]", value) if isinstance(value, list) else []
    found = [cast("dict[str, Any]", one) for one in listed if isinstance(one, Mapping)]
    return found if len(found) == len(listed) else []


def _write(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "none", True: "true", False: "false"}[value]
    if isinstance(value, list | tuple):
        parts = [_write(one) for one in cast("Sequence[Any]", value) if not isinstance(one, Mapping)]
        # A list of one keeps its brackets: `seeds: [42]` is a seed, and `seeds: 42` how many.
        return f"[{parts[0]}]" if len(parts) == 1 else ", ".join(parts)
    return str(value).strip()
