"""How `generate` ends: the splits, the rule behind them, and the commands that go on."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.text import Text

from brittlestar.cli.ending import Ending
from brittlestar.cli.paragraphs import Block
from brittlestar.study.units import count


def generated_ending(summary: Mapping[str, Any], folder: Path) -> Ending:
    """The splits that were written, the rule behind them, and the command that goes on."""
    place = shlex.quote(str(folder))
    splits = ", ".join(f"{name} {one['rows']:,}" for name, one in summary["splits"].items())
    rows = count(sum(one["rows"] for one in summary["splits"].values()), "row")
    blocks = (
        Block("Written", Text(str(folder)), path=True),
        Block("Splits", Text(f"{rows}: {splits}"), rank=1),
        Block("Rule", Text(f"label 1 if {summary['rule']['text']}"), rank=1),
        Block("Next", Text(f"brittlestar check {place}"), command=True),
        Block("", Text(f"brittlestar run {place}"), command=True),
    )
    return Ending(summary, (str(folder),), blocks)
