"""One source as it was read, before anything about its content is believed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

SHOWN = 3  # a sentence that a person reads


def format_list(items: Sequence[object], shown: int = SHOWN) -> str:
    """`a, b, c and 4 more`: the first few of many."""
    text = ", ".join(str(item) for item in items[:shown])
    return f"{text} and {len(items) - shown:,} more" if len(items) > shown else text


def format_count(n: int, noun: str, plural: str | None = None) -> str:
    """`1 row`, `2 rows`, `1,000 rows`."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def separator_hint(names: Sequence[str]) -> str:
    """What to do about a header that is one column because fields are separated by another sign; else nothing."""
    other = next((sign for sign in ";|\t," if sign in names[0]), None) if len(names) == 1 else None
    return f"its fields look separated by {other!r}: use commas in .csv and tabs in .tsv" if other else ""


@dataclass(frozen=True)
class Table:
    """A raw table of one split.

    `where` is the file as people wrote it, or `data for SPLIT`; `unit` is `line` or `row`; `places(indices)` turns
    zero-based row indices into what people count (file lines, or the row indices themselves).
    """

    where: str
    frame: pl.DataFrame
    unit: str
    places: Callable[[Sequence[int]], list[int]]

    def at(self, indices: Sequence[int]) -> str:
        """`data/train.csv:3`: where the first of the rows stands, as far as the place has lines."""
        return f"{self.where}:{self.places(indices[:1])[0]}" if self.unit == "line" else self.where

    def rows(self, indices: Sequence[int]) -> str:
        """`lines 3, 7, 9 and 2 more` for zero-based row indices."""
        return f"{self.unit}{'s' if len(indices) > 1 else ''} {format_list(self.places(indices))}"


def as_they_are(indices: Sequence[int]) -> list[int]:
    """Rows of an object in memory are counted from 0, as its owner counts them."""
    return list(indices)
