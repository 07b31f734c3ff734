"""A share of a study's runs: which of several machines trains a run follows from the run's hash alone."""

import re
from dataclasses import dataclass

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError

_WRITTEN = re.compile(r"([0-9]+)/([0-9]+)")
MOST_SHARES = 100_000


@dataclass(frozen=True)
class Share:
    """The `number`-th of `of` shares, from 1. Every run is in one share, whatever else the study has."""

    number: int
    of: int

    @classmethod
    def of_cell(cls, cell: Cell, of: int) -> "Share":
        """The one of `of` shares that a run is in: its hash modulo `of`."""
        return cls(int(cell.hash, 16) % of + 1, of)

    def takes(self, cell: Cell) -> bool:
        """Whether a run is one of this share."""
        return self.of_cell(cell, self.of) == self

    @property
    def name(self) -> str:
        """By this the store knows who is at work: `share-3-of-16`."""
        return f"share-{self.number}-of-{self.of}"

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def read_share(text: str) -> Share:
    """`3/16` as a share. Raises InputError."""
    found = _WRITTEN.fullmatch(text.strip())
    hint = "write K/N with K from 1 to N: --share 3/16 is the third of sixteen"
    if found is None:
        raise InputError(f"'{text}' is no share", "--share", hint)
    share = Share(int(found[1]), int(found[2]))
    if not 1 <= share.number <= share.of:
        raise InputError(f"there is no share {share}", "--share", hint)
    if share.of > MOST_SHARES:
        raise InputError(
            f"runs cannot be divided into {share.of:,} shares", "--share", f"1 to {MOST_SHARES:,} are possible"
        )
    return share
