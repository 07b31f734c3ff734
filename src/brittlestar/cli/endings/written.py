"""How commands end that write and say little: what was written, and the commands that go on."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from brittlestar.cli.blocks.splits import note_blocks, notes_sections
from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.core.texts import show_size
from brittlestar.reports.showing import Document
from brittlestar.store.address import Place, read_place
from brittlestar.store.layout import PAGE, PAPER, REPORT, Store
from brittlestar.study.units import count

if TYPE_CHECKING:
    from brittlestar.verbs.clean import CleanResult
    from brittlestar.verbs.export import ExportResult
    from brittlestar.verbs.merge import MergeResult, Refused

MOST_SOURCES, MOST_REFUSED = 6, 3
"""Folders and refused runs that an ending names: the others are counted, and `-v` has them (convention)."""
SOURCE, REFUSED = 2, 1
"""Ranks of a folder and of a refused run."""


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


def report_ending(document: Document, study: Place, figures: Any = False, paper: bool = False) -> Ending:
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
    faults = document.faults
    blocks += [Block(Text("Failed", style="bold red"), one, most=2, stays=True) for one in faults]
    after = (f"report: {page}", *faults)
    return Ending(document, (page,), tuple(blocks), after_json=after, exit_code=1 if faults else 0, page=store)


def export_ending(result: ExportResult) -> Ending:
    """Every file with its rows, notes, and the command that goes on."""
    blocks = [
        *(Block(one.title, one.words, path=True) for one in result.written),
        *note_blocks(result.notes),
        *([Block("Next", result.again, command=True)] if result.again else []),
    ]
    return Ending(
        document=result.document,
        answer=tuple(one.place for one in result.written),
        blocks=tuple(blocks),
        rest=lambda: notes_sections(result.notes),
    )


def clean_ending(result: CleanResult) -> Ending:
    """The whole with its size, each kind, and the command that removes it."""
    name = Text("Removed" if result.removed else "Found", style="bold red" if result.removed else "bold")
    blocks = [
        Block(name, f"{result.words}."),
        *(
            Block("", f"{many:,} × {kind}, {show_size(size)}: {_find_reason(result, kind)}", rank=2)
            for kind, (many, size) in result.kinds.items()
        ),
        *([Block("Next", result.next, command=True)] if result.next else []),
    ]
    return Ending(
        document=result.document,
        answer=tuple(one.key for one in result.leftovers),
        blocks=tuple(blocks),
        rest=lambda: [
            Section(
                "Files and folders",
                [Block(show_size(one.bytes), f"{_shorten_key(one.key)}: {one.why}") for one in result.leftovers]
                or [Block("", "none")],
            )
        ],
        more="-v names every one." if result.leftovers else "",
    )


def _find_reason(result: CleanResult, kind: str) -> str:
    reasons = dict.fromkeys(one.why for one in result.leftovers if one.kind == kind)
    return "; or ".join(reasons)


def _shorten_key(key: str) -> str:
    """A key with hashes as people read them: twelve digits."""
    return re.sub(r"([0-9a-f]{12})[0-9a-f]{52}", r"\1", key)


def merge_ending(result: MergeResult) -> Ending:
    """Each folder with what came from it, what was refused and why, and what is still missing."""
    blocks = [
        Block("" if k else "Taken", f"{one.place}: {one.words}", rank=SOURCE, most=2)
        for k, one in enumerate(result.sources[:MOST_SOURCES])
    ]
    if (more := len(result.sources) - MOST_SOURCES) > 0:
        blocks.append(Block("", f"and {count(more, 'more folder')} (-v)", brief=True))
    blocks += [_refused_block(one, k == 0) for k, one in enumerate(result.refused[:MOST_REFUSED])]
    if (more := len(result.refused) - MOST_REFUSED) > 0:
        blocks.append(Block("", f"and {count(more, 'more run')} (-v)", brief=True))
    open_ = f"{count(result.missing, 'run')} of this study" if result.missing else "nothing"
    blocks += [Block("Missing", open_), Block("Next", result.next, command=True)]
    return Ending(
        document=result.document,
        answer=(str(sum(len(one.taken) for one in result.sources)),),
        blocks=tuple(blocks),
        rest=lambda: [
            Section("Folders", [Block(one.place, one.words) for one in result.sources]),
            Section("Refused", [_refused_block(one, True) for one in result.refused] or [Block("", "none")]),
        ],
        more="-v names every folder and every refused run.",
        exit_code=result.exit_code,
    )


def _refused_block(one: Refused, first: bool) -> Block:
    name = Text("Refused", style="bold red") if first else ""
    return Block(name, f"{one.hash[:12]} of {one.place}: {one.why}", rank=REFUSED, most=3)
