"""A cell is variant x seed: the unit that is trained."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORMAT_VERSION = 2  # raised whenever what a cell writes changes


@dataclass(frozen=True)
class Cell:
    """One unit of training.

    `settings` is the expanded study of this variant as plain JSON values (sections `data`, `model`, `training`);
    `streams` maps each stream name to its seed, None when the stream is off; `hash` (64 hex digits) names the cell
    and covers everything that determines its result, and nothing else.
    """

    variant: str
    seed: int
    settings: Mapping[str, Any]
    streams: Mapping[str, int | None]
    hash: str

    @property
    def short(self) -> str:
        """The first twelve digits of the hash, for people."""
        return self.hash[:12]
