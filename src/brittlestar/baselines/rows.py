"""The rows of one split as baselines and checks read them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from brittlestar.core.brief import brief_repr
from brittlestar.core.seeds import generator
from brittlestar.core.token_rows import TokenRows, row_blocks, stack_tokens, take


@dataclass(frozen=True, repr=False)
class BaselineRows(TokenRows):
    """One split. `codes` index the lexicon; `labels` int32 (n_rows,) index the label names; `groups` int32 (n_rows,),
    codes shared by all splits, or None; `hashes` uint64 (n_rows,) are equal where token sequences are; `ids` and
    `texts` (the sequence column as read: String or List(String)) are for showing rows to people."""

    __repr__ = brief_repr

    name: str
    ids: pl.Series
    texts: pl.Series
    labels: np.ndarray
    groups: np.ndarray | None
    hashes: np.ndarray

    def __post_init__(self) -> None:
        for array in (self.codes, self.offsets, self.labels, self.groups, self.hashes):
            if array is not None:
                array.flags.writeable = False  # checks of others get these very arrays

    def take(self, rows: np.ndarray) -> "BaselineRows":
        """The rows at the given positions, in that order."""
        positions = pl.Series(rows)
        return BaselineRows(
            *take(self.codes, self.offsets, rows),
            self.name,
            self.ids.gather(positions),
            self.texts.gather(positions),
            self.labels[rows],
            None if self.groups is None else self.groups[rows],
            self.hashes[rows],
        )

    def parts(self) -> "Iterator[BaselineRows]":
        """All rows in their order, about four million tokens at a time."""
        return (self.take(np.arange(block.start, block.stop)) for block in row_blocks(self.offsets))

    def thin(self, most: int, *stream: str) -> "BaselineRows":
        """`most` of the rows at random, in their order; all of them where they are no more."""
        if self.n_rows <= most:
            return self
        return self.take(np.sort(generator(0, *stream).choice(self.n_rows, most, replace=False)))


def stack_rows(parts: list[BaselineRows]) -> BaselineRows:
    """Rows of several splits, one after the other; groups only where all have them."""
    groups = [rows.groups for rows in parts if rows.groups is not None]
    return BaselineRows(
        *stack_tokens(parts),
        parts[0].name,
        pl.concat([rows.ids for rows in parts]),
        pl.concat([rows.texts for rows in parts]),
        np.concatenate([rows.labels for rows in parts]),
        np.concatenate(groups) if len(groups) == len(parts) else None,
        np.concatenate([rows.hashes for rows in parts]),
    )
