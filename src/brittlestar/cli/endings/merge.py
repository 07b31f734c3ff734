"""How `merge` ends: what was taken, what was refused, what is missing, and the command that goes on."""

from rich.text import Text

from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.study.units import count
from brittlestar.verbs.merge import MergeResult, Refused

MOST_SOURCES, MOST_REFUSED = 6, 3
"""Folders and refused runs that an ending names: the others are counted, and `-v` has them (convention)."""
SOURCE, REFUSED = 2, 1
"""Ranks of a folder and of a refused run."""


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
