"""What a setting is where nobody says anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel

from brittlestar.study.settings import DataSettings, ModelSettings, TrainingSettings

SECTIONS: Mapping[str, type[BaseModel]] = {"data": DataSettings, "model": ModelSettings, "training": TrainingSettings}


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
