"""Values of settings: what one is where nobody says anything, and another that shows wherever it is read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from brittlestar.study.paths import find_setting, with_value
from brittlestar.study.settings import DataSettings, ModelSettings, TrainingSettings

SECTIONS: Mapping[str, type[BaseModel]] = {"data": DataSettings, "model": ModelSettings, "training": TrainingSettings}
OWN = ("model", "params")
UNSET: Mapping[str, Any] = {"training.clip": 1e-3}
"""What is put where nothing is set: of the settings that may be null."""


class _Unknown:
    pass


UNKNOWN = _Unknown()
"""A value that nobody knows; None is a value."""


def find_default(path: str) -> Any:
    """What a setting of a cell is by default, as JSON has it; UNKNOWN for what must be given, for seeds, and for what
    own code declares."""
    section, *rest = path.split(".")
    if section not in SECTIONS or not rest or rest[0] == "params":
        return UNKNOWN
    holder = find_inner(SECTIONS[section], rest[:-1])
    if holder is None or rest[-1] not in holder.model_fields:
        return UNKNOWN
    found = holder.model_fields[rest[-1]]
    if found.is_required():
        return UNKNOWN
    value = found.get_default(call_default_factory=True)
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def find_inner(section: type[BaseModel], names: Sequence[str]) -> type[BaseModel] | None:
    """The section that a section has under these names, one in the other; None where there is none."""
    for name in names:
        if name not in section.model_fields:
            return None
        kinds = [*get_args(section.model_fields[name].annotation), section.model_fields[name].annotation]
        inner = next((one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel)), None)
        if inner is None:
            return None
        section = inner
    return section


def change_setting(settings: Mapping[str, Any], path: str) -> tuple[Any, dict[str, Any]] | None:
    """Another value for the setting at `path`, and the sections of a cell with it; None where there is none that is
    valid. A text that is not one of a list has one where own code declares it, and what names a file has none."""
    parts, value = path.split("."), find_setting(settings, path)
    for other in (*_list_others(path, value), *_list_choices(path)):
        if other == value:
            continue
        changed = with_value(settings, tuple(parts), other)
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
