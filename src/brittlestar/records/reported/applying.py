"""The configuration that a report describes, as settings; and that of a study as a report would state it, in YAML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from brittlestar.records.reported.classifying import COMPUTED, list_omitted
from brittlestar.records.reported.comparing import understand
from brittlestar.records.reported.effect import InEffect
from brittlestar.records.reported.stated import UNTOLD, Field, Stated
from brittlestar.study.default_values import UNKNOWN, find_default

STOPPING = "training.early_stopping"
FEW = 6
"""Lines that an error shows."""


@dataclass(frozen=True)
class AsReported:
    """Settings by path that differ from those in effect, and the paths that stay as they ran, because nobody can say
    what the report means by them."""

    settings: Mapping[str, Any]
    kept: tuple[str, ...]


def apply_reported(effect: InEffect, fields: Sequence[Field]) -> AsReported:
    """What a reader would run who has the report alone: each misstated setting as stated, and each that was chosen and
    left out as it is by default."""
    found: dict[str, Any] = {}
    kept: list[str] = []
    for one in fields:
        if one.kind in UNTOLD or (one.kind == "misstated" and effect.is_elsewhere(one.name)):
            value = UNKNOWN
        elif one.kind == "misstated":
            _, value = understand(effect, one.name, Stated(one.said, one.stated or ""), one.actual)
        elif one.kind == "omitted":
            value = find_default(one.name)
        else:
            continue
        if value is UNKNOWN:
            kept.append(one.name)
        else:
            found[one.name] = value
    inner = [path for path in found if path.startswith(f"{STOPPING}.")]
    if inner and effect.values.get(STOPPING, UNKNOWN) is None:
        found[STOPPING] = {path.rpartition(".")[2]: found.pop(path) for path in inner}
    return AsReported(found, tuple(kept))


def list_settings(effect: InEffect) -> Mapping[str, Any]:
    """What a report of main has to state, by path: the settings that its model and training read, and its seeds."""
    last = ("report.metric", "seeds")
    kept = [path for path in list_omitted(effect, set()) if path not in last and not path.startswith(COMPUTED)]
    own = ["model.own"] if effect.values.get("model.own") else []
    seen = {path: value for path, found in effect.seen.items() if path.startswith("training.") and path in effect.values
            for place, value in found.items() if place not in effect.held}  # fmt: skip
    read = {path: effect.values.get(path) for path in (*own, *kept, last[0])}
    return {**read, **seen, **effect.held, "seeds": [*effect.seeds]}


def write_settings(effect: InEffect) -> str:
    """All of them as YAML, which `compare` reads back."""
    return "".join(f"{_write_line(path, value)}\n" for path, value in list_settings(effect).items())


def write_example(effect: InEffect) -> str:
    """Some lines of it, those that somebody chose first."""
    listed = list_settings(effect)
    paths = sorted((path for path in listed if path != "seeds"), key=lambda path: path in effect.default)
    return "".join(f"\n  {_write_line(path, listed[path])}" for path in (*paths[: FEW - 1], "seeds"))


def _write_line(path: str, value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=10_000, allow_unicode=True)
    return f"{path}: {text.removesuffix('...' + chr(10)).strip()}"
