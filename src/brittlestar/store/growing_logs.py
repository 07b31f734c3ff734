"""Logs in an object store, whose objects cannot grow: each process adds to objects of its own, which are read behind
each other."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import uuid4

from brittlestar.store.objects import Objects

PREFIX = ".logs"
LONGEST = 1 << 16  # bytes: a line costs no more than this to write


def is_log(key: str) -> bool:
    """Whether a file is one that lines are added to: JSON Lines are."""
    return key.endswith(".jsonl")


def part_keys(objects: Objects, key: str) -> list[str]:
    """What processes added to a log, in the order in which they began."""
    return [one.key for one in objects.list(f"{PREFIX}/{key}")]


@dataclass
class Writer:
    """What this process adds to one log: the part that it writes now."""

    objects: Objects
    key: str
    content: bytes = b""
    names: Iterator[str] = field(default_factory=lambda: _make_names())
    name: str = ""

    def add(self, line: bytes) -> None:
        """Write the part anew with one line more, or begin another part."""
        if not self.name or len(self.content) > LONGEST:
            self.content, self.name = b"", next(self.names)
        self.content += line
        self.objects.put(f"{PREFIX}/{self.key}/{self.name}", self.content)


def _make_names() -> Iterator[str]:
    """Names that sort by when they were made, and that no other process makes."""
    token = uuid4().hex[:12]
    while True:
        yield f"{time.time_ns():020d}-{token}"
