"""The configuration that a report describes, as settings: what it states otherwise, and defaults where it is silent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from brittlestar.records.reported.effect import InEffect
from brittlestar.records.reported.fields import Field
from brittlestar.records.reported.values import (
    LENGTHS,
    MOST_SEEDS,
    OTHER,
    find_unit,
    is_none,
    read_choice,
    read_number,
    read_seeds,
    read_whether,
    unmark_text,
)
from brittlestar.study.default_values import UNKNOWN, find_default

STOPPING = "training.early_stopping"
PATTERNS = ("data.tokens", "data.factors")
"""Settings that may be patterns, of which every letter counts."""


@dataclass(frozen=True)
class AsReported:
    """Settings by path that differ from those in effect, and the paths that stay as they ran, because nobody can say
    what the report means by them."""

    settings: Mapping[str, Any]
    kept: tuple[str, ...]

    @property
    def overrides(self) -> dict[str, str]:
        """The settings as `run` takes them."""
        return {path: json.dumps(value) for path, value in self.settings.items()}


def apply_reported(effect: InEffect, fields: Sequence[Field]) -> AsReported:
    """What a reader would run who has the report alone: each misstated setting as stated, and each that was chosen and
    left out as it is by default."""
    found: dict[str, Any] = {}
    kept: list[str] = []
    for one in fields:
        if one.kind == "misstated":
            value = read_value(effect, one)
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


def read_value(effect: InEffect, one: Field) -> Any:
    """The value of a setting that a report states; UNKNOWN where it cannot be run so."""
    text, path, actual = one.stated or "", one.name, one.actual
    number = read_number(text)
    if path == "seeds":
        seeds = read_seeds(one.said, text)
        if not seeds or (isinstance(seeds, int) and seeds > MOST_SEEDS):
            return UNKNOWN
        return list(range(seeds)) if isinstance(seeds, int) else list(dict.fromkeys(seeds))
    if path == "model.embedding.mode" and read_whether(text) is not None:
        return "trained" if str(actual).startswith("frozen") else "frozen-random"
    if path == "training.precision" and read_whether(text) is not None:
        return "bf16" if actual == "fp32" else "fp32"
    if isinstance(actual, bool):
        whether = read_whether(text)
        return UNKNOWN if whether is None else whether
    if isinstance(actual, str):
        if path in PATTERNS:
            return unmark_text(text)
        choice = read_choice(path, text)
        return UNKNOWN if choice in (None, OTHER) else choice
    if number is None:
        return None if is_none(text) else UNKNOWN
    if path in LENGTHS:
        scale = {"steps": 1 / max(effect.steps, 1), "share": effect.epochs, "epochs": 1}
        value = number.value * scale[find_unit(one.said, text)]
        return round(value) if isinstance(actual, int) and value == round(value) else value
    return int(number.value) if number.value == int(number.value) and not isinstance(actual, float) else number.value
