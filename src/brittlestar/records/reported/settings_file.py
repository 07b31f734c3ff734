"""The settings of a study as a report would state them, in YAML: all of them, or the few that somebody chose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from brittlestar.records.reported.classifying import COMPUTED, list_omitted
from brittlestar.records.reported.effect import InEffect

FEW = 6
"""Lines that an error shows."""


def list_settings(effect: InEffect) -> Mapping[str, Any]:
    """What a report of main has to state, by path: the settings that its model and training read, and its seeds."""
    last = ("report.metric", "seeds")
    kept = [path for path in list_omitted(effect, set()) if path not in last and not path.startswith(COMPUTED)]
    own = ["model.own"] if effect.values.get("model.own") else []
    return {path: effect.values.get(path) for path in (*own, *kept, last[0])} | {"seeds": [*effect.seeds]}


def write_settings(effect: InEffect) -> str:
    """All of them as YAML, which `compare` reads back."""
    return "".join(f"{_write_line(path, value)}\n" for path, value in list_settings(effect).items())


def write_example(effect: InEffect) -> str:
    """Some lines of it, those that somebody chose first."""
    listed = list_settings(effect)
    first = [path for path in listed if path not in effect.default and path != "seeds"]
    others = ("training.learning_rate", "training.epochs", "training.batch_size", "model.hidden", "training.optimiser")
    kept = [*first, *(path for path in others if path in listed and path not in first)][: FEW - 1]
    return "".join(f"\n  {_write_line(path, listed[path])}" for path in (*kept, "seeds"))


def _write_line(path: str, value: Any) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=10_000, allow_unicode=True)
    return f"{path}: {text.removesuffix('...' + chr(10)).strip()}"
