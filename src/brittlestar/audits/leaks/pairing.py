"""Near copies as pairs of rows, for those who part or clean rows: within one set of rows, and from one into another.

What a near copy is, `leak.near` decides: one edit in six tokens or a shared run of half the shorter row, where chance
does not make such rows.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from brittlestar.audits.leaks.near_search import (
    NOTHING,
    ROWS_AT_ONCE,
    Near,
    Queries,
    cut_rows,
    enough_bits,
    find_near_copies,
)
from brittlestar.audits.surprise import Surprise, sample_for_fit
from brittlestar.core.seeds import generator
from brittlestar.core.token_rows import TokenRows, take

MARGIN = 1.03
"""Rows searched among themselves are taken for a little more surprising than they are, so that more edits are allowed:
parts of them, which others search, are fewer rows and less like each other. Chosen, not measured."""


def near_pairs(codes: np.ndarray, offsets: np.ndarray, hashes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of near copies among distinct rows: int64 (n_pairs,) twice, positions of rows.

    `codes` int32 (n_tokens,) index the lexicon whose tokens have `hashes` uint64 (n_lexicon,). The result depends on
    the order of rows only where a row has more candidates than are compared.
    """
    found = near_within(codes, offsets, hashes)
    return found.query, found.row


def near_within(codes: np.ndarray, offsets: np.ndarray, hashes: np.ndarray, each_alone: bool = False) -> Near:
    """The same pairs with what makes them near copies. A run counts where chance gives it once in 128 searches of all
    rows, or with `each_alone` in 128 searches of one row, so that some pairs in many rows are chance."""
    rows = cut_rows(TokenRows(codes, offsets))
    fitted = sample_for_fit(rows.lengths)
    model = Surprise.fit(*take(rows.codes, rows.offsets, fitted), len(hashes))
    own = np.zeros(len(rows.lengths), np.bool_)
    own[fitted] = True
    itself = np.arange(len(own), dtype=np.int64)
    return _search(rows, rows, model, own, itself, hashes, MARGIN, 1 if each_alone else len(own))


def near_between(
    searched: TokenRows, asked: TokenRows, hashes: np.ndarray, turn: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of `asked` and a near copy of each among the distinct rows `searched`: int64 (n_pairs,) twice, positions
    in `asked` and in `searched`.

    Where many rows share what is looked up, only some of them are compared; another `turn` compares others.
    """
    order = np.arange(len(searched.lengths))
    if turn:
        generator(0, "leak.near", "turn", turn).shuffle(order)
    rows, queries = cut_rows(searched.take_tokens(order)), cut_rows(asked)
    model = Surprise.fit(*take(rows.codes, rows.offsets, sample_for_fit(rows.lengths)), len(hashes))
    n = len(queries.lengths)
    found = _search(rows, queries, model, np.zeros(n, np.bool_), np.full(n, -1, np.int64), hashes)
    return found.query, order[found.row]


def _search(
    rows: TokenRows,
    queries: TokenRows,
    model: Surprise,
    own: np.ndarray,
    itself: np.ndarray,
    hashes: np.ndarray,
    margin: float = 1.0,
    searches: int = 0,
) -> Near:
    """`own` bool (n_queries,): rows that the model was fitted on; `itself` as in `Queries`."""
    n = len(queries.lengths)
    enough = enough_bits(len(rows.codes), searches or n)
    parts = [NOTHING]
    for start in range(0, n, ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, n)
        a, b = int(queries.offsets[start]), int(queries.offsets[stop])
        part = TokenRows(queries.codes[a:b], queries.offsets[start : stop + 1] - a)
        found = find_near_copies(
            rows, hashes, _queries(model, part, own[start:stop], itself[start:stop], margin), enough
        )
        parts.append(replace(found, query=found.query + start))
    return Near.join_pairs(parts)


def _queries(model: Surprise, rows: TokenRows, own: np.ndarray, itself: np.ndarray, margin: float) -> Queries:
    bits = model.bits(rows.codes, rows.offsets, own)
    freed = np.zeros(len(bits))  # a changed token also frees the next one from following it
    freed[:-1] = np.maximum(bits[1:] - model.anywhere_bits(rows.codes[1:]), 0)
    freed[rows.offsets[1:][rows.lengths > 0] - 1] = 0
    return Queries(rows, margin * bits, bits + freed, itself)
