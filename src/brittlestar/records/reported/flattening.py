"""Settings of names in each other, and of the lists that files have of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, cast

from brittlestar.records.reported.commands import find_options, read_command
from brittlestar.records.reported.stated import Stated, Written, join_list

NAMING = ("name", "key", "param", "parameter")
"""What names are called in lists of names with values."""
DESCRIBED = {
    "value",
    "name",
    "desc",
    "description",
    "type",
    "unit",
    "units",
    "comment",
    "notes",
    "default",
    "group",
    "section",
}
"""What may stand beside the value of a setting that is described."""
_CLASSES = ("class_path", "_target_", "class_name", "callback", "class", "type", "name")
"""What classes are called in lists of objects."""
_CALLED = ("init_args", "config", "kwargs", "params", "args")
"""What an object of such a list is made with, where that has a section of its own."""


def flatten_stated(values: Mapping[str, Any], before: str = "") -> Iterator[Stated]:
    """Settings of nested mappings, as `outer.inner`."""
    for name, value in values.items():
        path = f"{before}.{name}" if before else str(name)
        inner = _as_mapping(value)
        if (weights := _find_weights(value)) is not None:
            yield from flatten_stated(weights, path)
        elif inner is not None and is_exported(inner):
            yield from flatten_stated({Written(path, _find_line(name)): inner["value"]})
        elif (pairs := find_pairs(value)) is not None:
            yield from flatten_stated(pairs, before)
        elif options := find_options(value):
            yield from options
        elif (objects := _find_objects(value)) is not None:
            yield from flatten_stated(objects, path)
        elif inner is not None:
            yield from flatten_stated(inner, path)
        elif isinstance(value, str) and (typed := [*read_command(value, _find_line(name))]):
            yield from typed
        else:
            yield Stated(path, _write(value) or "none", _find_line(name))


def find_pairs(value: Any) -> dict[str, Any] | None:
    """Values by name of a list of names with values, each a mapping of its own; None of another list."""
    found: dict[str, Any] = {}
    for one in _as_list(value):
        inner = _as_mapping(one) or {}
        key = next((key for key in NAMING if key in inner), None)
        if {*inner} & {*found}:
            return None  # several configurations
        if len(inner) == 1:
            found |= inner
        elif key is None or "value" not in inner or _as_mapping(inner["value"]) is not None:
            return None
        else:
            name = inner[key] if isinstance(inner[key], str) else str(inner[key])
            if name in found:
                return None
            found[name] = inner["value"]
    return found or None


def _find_weights(value: Any) -> dict[str, Any] | None:
    """Weights by class of a list of classes with their weights; None of another list."""
    found: dict[str, Any] = {}
    for one in _as_list(value):
        inner = _as_mapping(one) or {}
        label = inner.get("class", inner.get("label"))
        if not isinstance(label, str) or "weight" not in inner:
            return None
        found[label] = inner["weight"]
    return found or None


def _find_objects(value: Any) -> dict[str, Any] | None:
    """What each object of a list is made with, by the last name of its class: `EarlyStopping` of callbacks."""
    found: dict[str, Any] = {}
    for one in _as_list(value):
        inner = _as_mapping(one) or {}
        key = next((key for key in _CLASSES if isinstance(inner.get(key), str)), None)
        if key is None:
            continue
        given = next((section for name in _CALLED if (section := _as_mapping(inner.get(name))) is not None), None)
        rest = {name: part for name, part in inner.items() if name != key} if given is None else given
        last = str(inner[key]).rpartition(".")[2]
        if last in found:
            return None  # nobody can say which of two is meant
        found[last] = rest
    return found or None


def is_exported(names: Collection[str]) -> bool:
    """Whether a mapping is one value with its description, as trackers of experiments export them."""
    return "value" in names and {*names} <= DESCRIBED


def _as_mapping(value: Any) -> Mapping[str, Any] | None:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else None


def _as_list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _find_line(name: str) -> int:
    return name.line if isinstance(name, Written) else 0


def _write(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        listed = cast("Sequence[Any]", value)
        return join_list([_write(one) for one in listed if _as_mapping(one) is None])
    return str(value).strip()
