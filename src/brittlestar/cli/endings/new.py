"""How `new` ends: the study file, and the commands that use it."""

from __future__ import annotations

import shlex
from pathlib import Path

from rich.text import Text

from brittlestar.cli.ending import Ending
from brittlestar.cli.paragraphs import Block


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
