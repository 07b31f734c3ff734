"""What a mutation of a record is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from exam.record.base import Base

Depth = Literal["hashes", "recompute", "retrain"]
DEPTHS: tuple[Depth, ...] = ("hashes", "recompute", "retrain")
"""From the cheapest on."""
RUN = re.compile(r"<(\w+)/(\d+)>")
"""A run in a pattern: `<main/2>`."""


@dataclass(frozen=True)
class Mutation:
    """A `change` of a copy of the record, in the `form` that it is made in.

    `depth` is the cheapest that can tell. `names` is what a message that names the difference matches; `<main/2>` in
    it stands for that run, by its hash or in words. A mutation that is `resealed` has a manifest that fits.
    """

    name: str
    change: Callable[[Path, Base], None]
    depth: Depth
    names: str
    form: Literal["folder", "archive"] = "folder"
    resealed: bool = False

    def pattern(self, hashes: Mapping[tuple[str, int], str]) -> re.Pattern[str]:
        """The pattern, with runs in place of their marks."""
        return re.compile(RUN.sub(lambda mark: _spell(mark, hashes), self.names), re.IGNORECASE)


def _spell(mark: re.Match[str], hashes: Mapping[tuple[str, int], str]) -> str:
    variant, seed = mark[1], int(mark[2])
    start = hashes.get((variant, seed), "no such run")[:6]
    return rf"(?:{start}|{variant}\b.{{0,12}}\bseed\W{{0,3}}{seed}\b|seed\W{{0,3}}{seed}\b.{{0,12}}\b{variant}\b)"
