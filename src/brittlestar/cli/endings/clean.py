"""How `clean` ends: what there is by kind with its size, whether it is gone, and the command that removes it."""

import re

from rich.text import Text

from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.verbs.clean import CleanResult, show_size


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
