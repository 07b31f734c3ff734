"""Near copies as pairs of rows, for those who part or clean rows: within one set of rows, and from one into another.

What a near copy is, `leak.near` decides: one edit in six tokens or a shared run of half the shorter row, where chance
does not make such rows.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from brittlestar.audits.dataset import chosen
from brittlestar.audits.leaks.near_search import (
    NOTHING,
    ROWS_AT_ONCE,
    Near,
    Queries,
    cut_rows,
    enough_bits,
    find_near_copies,
    queries_of,
)
from brittlestar.audits.token_model import Surprise, sample_for_fit
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
    own = chosen(fitted, rows.n_rows)
    enough = enough_bits(len(rows.codes), 1 if each_alone else rows.n_rows)
    parts = (queries_of(model, rows.take_tokens(some), some, own[some], MARGIN) for some in _split_rows(rows.n_rows))
    return _search(rows, parts, hashes, enough)


def near_between(
    searched: TokenRows, asked: TokenRows, hashes: np.ndarray, turn: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of `asked` and a near copy of each among the distinct rows `searched`: int64 (n_pairs,) twice, positions
    in `asked` and in `searched`.

    Where many rows share what is looked up, only some of them are compared; another `turn` compares others.
    """
    order = np.arange(searched.n_rows)
    if turn:
        generator(0, "leak.near", "turn", turn).shuffle(order)
    rows, queries = cut_rows(searched.take_tokens(order)), cut_rows(asked)
    model = Surprise.fit(*take(rows.codes, rows.offsets, sample_for_fit(rows.lengths)), len(hashes))
    parts = (queries_of(model, queries.take_tokens(some)) for some in _split_rows(queries.n_rows))
    found = _search(rows, parts, hashes, enough_bits(len(rows.codes), queries.n_rows))
    return found.query, order[found.row]


def _split_rows(many: int) -> list[np.ndarray]:
    return [np.arange(start, min(start + ROWS_AT_ONCE, many)) for start in range(0, many, ROWS_AT_ONCE)]


def _search(rows: TokenRows, parts: Iterable[Queries], hashes: np.ndarray, enough: float) -> Near:
    """Near copies of the queries of all parts, which are numbered through."""
    found, start = [NOTHING], 0
    for part in parts:
        near = find_near_copies(rows, hashes, part, enough)
        found.append(replace(near, query=near.query + start))
        start += part.rows.n_rows
    return Near.join_pairs(found)
