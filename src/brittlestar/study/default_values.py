"""Values of settings: what one is where nobody says anything, and another that shows wherever it is read."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from brittlestar.study.paths import find_setting, with_value
from brittlestar.study.schema import list_choices, node_at
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
    node = node_at((section, *rest))
    if section not in SECTIONS or not rest or rest[0] == "params" or node is None:
        return UNKNOWN
    return node.get("default", {} if node.get("type") == "object" else UNKNOWN)


def change_setting(settings: Mapping[str, Any], path: str) -> tuple[Any, dict[str, Any]] | None:
    """Another value for the setting at `path`, and the sections of a cell with it; None where there is none that is
    valid. A text that is not one of a list has one where own code declares it, and what names a file has none."""
    parts, value = path.split("."), find_setting(settings, path)
    for other in (*_list_others(path, value), *list_choices(parts)):
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
