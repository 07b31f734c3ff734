"""How commands end that write files and judge nothing: `new`, `report` and `generate`."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.text import Text

from brittlestar.study.units import count
from brittlestar.verbs.ending import Ending
from brittlestar.verbs.layout import Block


def new_ending(path: Path) -> Ending:
    """The study file that was written, and the two commands that use it."""
    place = shlex.quote(str(path))
    blocks = (
        Block("Written", Text(str(path)), path=True),
        Block("", Text("It has every setting with its meaning. Read it, change what is not right, then:")),
        Block("Next", Text(f"brittlestar plan {place}"), command=True),
        Block("", Text(f"brittlestar run {place}"), command=True),
    )
    return Ending({"study": path.as_posix()}, (str(path),), blocks)


def report_ending(document: Mapping[str, Any], study: Path, figures: bool) -> Ending:
    """The page, and what lies beside it."""
    folder = study / "report"
    page = folder / "report.html"
    blocks = [
        Block("Report", Text(str(page)), path=True),
        Block("Beside", Text("results.json, and tables and verdicts as Markdown and LaTeX")),
    ]
    if figures:
        blocks.append(Block("Figures", Text(str(folder / "figures")), path=True))
    return Ending(document, (str(page),), tuple(blocks), after_json=(f"report: {page}",))


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
