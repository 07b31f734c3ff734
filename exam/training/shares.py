"""Shares with their 95 % intervals (Clopper and Pearson 1934), as figures and as text; tables of measured figures."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brittlestar.statistics.proportions import bound_share


def share(hits: int, of: int) -> dict[str, Any]:
    """The figure: `hits`, `of` and the interval from `low` to `high` in [0, 1]."""
    low, high = bound_share(hits, of)
    return {"hits": hits, "of": of, "low": low, "high": high}


def percent(figure: Mapping[str, Any]) -> str:
    """The same for people."""
    return f"{figure['hits']} of {figure['of']} ({100 * figure['low']:.1f} to {100 * figure['high']:.1f} %)"


def write_entries(place: Path, entries: Mapping[str, Any]) -> None:
    """Write a JSON object with one entry a line, in the order of their names."""
    lines = [f" {json.dumps(name)}: {json.dumps(one, sort_keys=True)}" for name, one in sorted(entries.items())]
    place.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
