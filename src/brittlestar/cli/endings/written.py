"""How commands end that write and say little: what was written, and the commands that go on."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brittlestar.cli.ending import Ending
from brittlestar.cli.paragraphs import Block
from brittlestar.store.address import read_place
from brittlestar.store.layout import PAGE, PAPER, REPORT, Store
from brittlestar.study.units import count


def new_ending(path: Path) -> Ending:
    """The study file that was written, and the two commands that use it."""
    place = shlex.quote(str(path))
    blocks = (
        Block("Written", str(path), path=True),
        Block("", "It has every setting with its meaning. Read it, change what is not right, then:"),
        Block("Next", f"brittlestar plan {place}", command=True),
        Block("", f"brittlestar run {place}", command=True),
    )
    return Ending({"study": path.as_posix()}, (str(path),), blocks)


def generated_ending(summary: Mapping[str, Any], folder: Path) -> Ending:
    """The splits that were written, the rule behind them, and the command that goes on."""
    place = shlex.quote(str(folder))
    splits = ", ".join(f"{name} {one['rows']:,}" for name, one in summary["splits"].items())
    rows = count(sum(one["rows"] for one in summary["splits"].values()), "row")
    blocks = (
        Block("Written", str(folder), path=True),
        Block("Splits", f"{rows}: {splits}", rank=1),
        Block("Rule", f"label 1 if {summary['rule']['text']}", rank=1),
        Block("Next", f"brittlestar check {place}", command=True),
        Block("", f"brittlestar run {place}", command=True),
    )
    return Ending(summary, (str(folder),), blocks)


def report_ending(document: Mapping[str, Any], study: Path, figures: bool, paper: bool = False) -> Ending:
    """The page, and what lies beside it."""
    store = Store(read_place(study))
    page = store.name_key(PAGE)
    blocks = [
        Block("Report", page, path=True),
        Block("Beside", "results.json, and tables and verdicts as Markdown and LaTeX"),
    ]
    if figures and not paper:
        blocks.append(Block("Figures", store.name_key(f"{REPORT}/figures"), path=True))
    if paper:
        blocks.append(Block("Paper", store.name_key(PAPER), path=True))
    return Ending(document, (page,), tuple(blocks), after_json=(f"report: {page}",), page=store)
