"""Slices of the rows: by length, variety, ends, tokens, factor values and group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from brittlestar.audits.features import at_position
from brittlestar.audits.labels.indicators import Alphabet, width
from brittlestar.audits.labels.pool import Pool
from brittlestar.data.rows import row_of_token

FEWEST_ROWS = 20
MOST_VALUES = 200
BANDS = 6
MOST_EXACT = 12
LOOKS_LIKE = "looks like"
GROUP = "group"


@dataclass(frozen=True)
class Slices:
    """`names` of the slices; `member` float64 CSR (n_slices, n_rows) of zeros and ones."""

    names: tuple[str, ...]
    member: sparse.csr_matrix

    def rows(self, which: int) -> np.ndarray:
        """bool (n_rows,): the rows of one slice."""
        inside = np.zeros(width(self.member), np.bool_)
        inside[self._indices(which)] = True
        return inside

    def _indices(self, which: int) -> np.ndarray:
        bounds: np.ndarray = np.asarray(self.member.indptr)
        return np.asarray(self.member.indices)[bounds[which] : bounds[which + 1]]

    def count(self, columns: sparse.csr_matrix) -> np.ndarray:
        """float64 (n_slices, n_columns): sums of `columns` (n_rows, n_columns) over the rows of each slice."""
        return sparse.csr_matrix(self.member @ columns).toarray()


def slices_of(pool: Pool, alphabets: Sequence[Alphabet], groups: Sequence[str] = ()) -> Slices:
    """Every slice that holds at least 20 of the pool's rows and lacks at least 20; `groups` are the names of groups."""
    names: list[str] = []
    members: list[sparse.csr_matrix] = []
    for name, values, held in _all(pool, alphabets, groups):
        sizes = np.asarray(held.sum(axis=1)).reshape(-1)
        kept = np.flatnonzero((sizes >= FEWEST_ROWS) & (sizes <= pool.rows.n_rows - FEWEST_ROWS))
        kept = np.sort(kept[np.argsort(-sizes[kept], kind="stable")[:MOST_VALUES]])
        names += [f"{name}: {values[k]}" for k in kept.tolist()]
        members.append(sparse.csr_matrix(held[kept]))
    empty = sparse.csr_matrix((0, pool.rows.n_rows))
    return Slices(tuple(names), sparse.csr_matrix(sparse.vstack([empty, *members])))


def with_answers(slices: Slices, predicted: np.ndarray, names: Sequence[str]) -> Slices:
    """The slices and one more for each class: rows that a model takes for it; `predicted` int (n_rows,)."""
    looks = _by_code(predicted, len(names))
    member = sparse.csr_matrix(sparse.vstack([slices.member, looks]))
    return Slices((*slices.names, *(f"{LOOKS_LIKE}: {name}" for name in names)), member)


def _all(
    pool: Pool, alphabets: Sequence[Alphabet], groups: Sequence[str]
) -> Iterator[tuple[str, Sequence[str], sparse.csr_matrix]]:
    """Name, values and membership (n_values, n_rows) of every kind of slice."""
    rows = pool.rows
    yield ("length", *_banded(rows.lengths))
    row = row_of_token(rows.offsets)
    for alphabet in alphabets:
        held = _held(alphabet.values[rows.codes], row, rows.n_rows, len(alphabet.names))
        yield (
            f"distinct {alphabet.name} values",
            *_banded(np.bincount(np.asarray(held.indices), minlength=rows.n_rows)),
        )
        yield alphabet.name, alphabet.names, held
    tokens = alphabets[0].names
    for name, place in (("first", 0), ("last", -1)):
        found = at_position(place)(rows)
        yield f"{name} token", tokens, _held(found.keys + 1, found.row, rows.n_rows, len(tokens))
        for alphabet in alphabets[1:]:
            values = alphabet.values[found.keys]
            yield (
                f"{name} token's {alphabet.name}",
                alphabet.names,
                _held(values, found.row, rows.n_rows, len(alphabet.names)),
            )
    if rows.groups is not None:
        known, codes = np.unique(rows.groups, return_inverse=True)
        yield (
            GROUP,
            [groups[int(k)] if k < len(groups) else "a row without one" for k in known],
            _by_code(codes.reshape(-1), len(known)),
        )


def _held(values: np.ndarray, row: np.ndarray, n_rows: int, n_values: int) -> sparse.csr_matrix:
    """Which rows hold each value: (n_values, n_rows) of zeros and ones; value 0 is none."""
    has = values > 0
    cells = (np.ones(int(has.sum())), (values[has], row[has]))
    held = sparse.csr_matrix(sparse.coo_matrix(cells, shape=(n_values, n_rows)))
    held.data[:] = 1.0
    return held


def _banded(values: np.ndarray) -> tuple[Sequence[str], sparse.csr_matrix]:
    """Whole numbers as they are where they are few, else in six bands of about as many rows; then everything from each
    band on, and everything up to it."""
    known = np.unique(values)
    if len(known) <= MOST_EXACT:
        starts = known
    else:
        starts = np.unique(np.r_[known[0], np.quantile(values, np.linspace(0, 1, BANDS + 1)[1:-1], method="higher")])
    codes = np.searchsorted(starts, values, side="right") - 1
    ends = np.r_[starts[1:], known[-1:] + 1] - 1
    alone = _by_code(codes, len(starts))
    onward = np.triu(np.ones((len(starts), len(starts))))
    names = [_range(low, high) for low, high in zip(starts.tolist(), ends.tolist(), strict=True)]
    names += [f"at least {low}" for low in starts.tolist()] + [f"at most {high}" for high in ends.tolist()]
    parts = [alone, sparse.csr_matrix(onward) @ alone, sparse.csr_matrix(onward.T) @ alone]
    # bands at either end are there already
    kept = np.r_[np.arange(len(starts)), len(starts) + np.arange(1, len(starts) - 1)]
    kept = np.r_[kept, 2 * len(starts) + np.arange(1, len(starts) - 1)]
    return [names[k] for k in kept.tolist()], sparse.csr_matrix(sparse.csr_matrix(sparse.vstack(parts))[kept])


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _by_code(codes: np.ndarray, n_values: int) -> sparse.csr_matrix:
    cells = (np.ones(len(codes)), (codes, np.arange(len(codes))))
    return sparse.csr_matrix(sparse.coo_matrix(cells, shape=(n_values, len(codes))))
