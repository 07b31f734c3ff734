"""Neighbouring tokens that together spell a token of the other tokenisation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from brittlestar.audits.dataset import AuditDataset, Rows
from brittlestar.audits.holding import chosen, row_at

JOINING = "joining neighbours"
MOST_WINDOWS = 5_000
JOINED_UP_TO = 8
SEPARATORS = ":_-/.,|+&~=;"


@dataclass(frozen=True)
class Joins:
    """`places` int64 in the split's codes; `explained` bool: the token and its neighbours spell one known token."""

    places: np.ndarray
    explained: np.ndarray


def joinings(known: Collection[str]) -> dict[str, str]:
    """What may have stood between neighbours, by the name of the change: nothing, or a separator that known tokens
    have inside."""
    inside = {character for token in known for character in token[1:-1]}
    marks = {f"{JOINING} with {mark!r}": mark for mark in SEPARATORS if mark in inside}
    return {JOINING: "", **marks}


def explained_by_joining(
    dataset: AuditDataset, rows: Rows, codes: np.ndarray, known: Collection[str], between: str = ""
) -> Joins:
    """Up to 5,000 occurrences of `codes`, evenly spaced, and whether two to eight neighbours with them in it, with
    `between` put between them, spell a token of `known`."""
    places = np.flatnonzero(chosen(codes, len(dataset.tokens))[rows.codes])
    if len(places) > MOST_WINDOWS:
        places = places[np.linspace(0, len(places) - 1, MOST_WINDOWS).astype(np.int64)]
    row = row_at(rows, places)
    low, high = rows.offsets[:-1][row], rows.offsets[1:][row]
    spelt: dict[tuple[int, ...], bool] = {}
    explained = np.zeros(len(places), np.bool_)
    for width in range(2, JOINED_UP_TO + 1):
        for back in range(width):
            start = places - back
            fits = np.flatnonzero((start >= low) & (start + width <= high) & ~explained)
            windows = rows.codes[start[fits, None] + np.arange(width)].tolist()
            for position, window in zip(fits.tolist(), windows, strict=True):
                key = tuple(window)
                if key not in spelt:
                    spelt[key] = between.join(dataset.tokens[code] for code in key) in known
                explained[position] = spelt[key]
    return Joins(places, explained)
