"""Another value of a setting: valid, and far enough away that it must show wherever the setting is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError

from brittlestar.study.default_values import SECTIONS, find_inner

OWN = ("model", "params")
UNSET: Mapping[str, Any] = {"training.clip": 1e-3}
"""What is put where nothing is set: of the settings that may be null."""


def change_setting(settings: Mapping[str, Any], path: str) -> tuple[Any, dict[str, Any]] | None:
    """Another value for the setting at `path`, and the sections of a cell with it; None where there is none that is
    valid. A text that is not one of a list has one where own code declares it, and what names a file has none."""
    parts, value = path.split("."), find_setting(settings, path)
    for other in (*_list_others(path, value), *_list_choices(path)):
        if other == value:
            continue
        changed = _put(settings, parts, other)
        try:
            SECTIONS[parts[0]].model_validate(changed[parts[0]])
        except ValidationError:
            continue
        return other, changed
    return None


def _list_others(path: str, value: Any) -> Iterator[Any]:
    if value is None and path in UNSET:
        yield UNSET[path]
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (2 * value, value + 1, value // 2)
    elif isinstance(value, str) and tuple(path.split(".")[:2]) == OWN:
        yield f"{value}-other"
    elif isinstance(value, float):
        yield from (2 * value or 0.25, value / 2, value + 0.25)


def _list_choices(path: str) -> Iterator[Any]:
    """The other words that a setting may have."""
    first, *rest = path.split(".")
    if tuple(path.split(".")[:2]) == OWN:
        return
    section = find_inner(SECTIONS[first], rest[:-1])
    found = None if section is None else section.model_fields.get(rest[-1])
    for kind in () if found is None else (found.annotation, *get_args(found.annotation)):
        if get_origin(kind) is Literal:
            yield from get_args(kind)


def find_setting(settings: Any, path: str) -> Any:
    """The value at `path`; None where there is none."""
    for name in path.split("."):
        settings = settings.get(name) if isinstance(settings, Mapping) else None
    return settings


def _put(settings: Mapping[str, Any], parts: list[str], value: Any) -> dict[str, Any]:
    first, *rest = parts
    inner = settings.get(first)
    return {**settings, first: _put(inner if isinstance(inner, Mapping) else {}, rest, value) if rest else value}
