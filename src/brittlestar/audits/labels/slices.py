"""Slices of the rows: by length, variety, ends, tokens, factor values and group."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from brittlestar.baselines.facts import Alphabet
from brittlestar.baselines.pool import Pool
from brittlestar.baselines.readings import token_at
from brittlestar.core.token_rows import row_of_token

FEWEST_SLICE_ROWS = 20
MOST_SLICES_OF_KIND = 200
BANDS = 6
MOST_EXACT = 12
"""Conventions: rows of a slice, values of one kind, bands of a length, and lengths up to which each is its own band."""
GROUP = "group: "
LOOKS_LIKE = "looks like: "


@dataclass(frozen=True)
class Slices:
    """`names` of the slices; `member` float64 CSR (n_slices, n_rows) of zeros and ones."""

    names: tuple[str, ...]
    member: sparse.csr_matrix

    def rows(self, which: int) -> np.ndarray:
        """bool (n_rows,): the rows of one slice."""
        return self.member[[which]].toarray()[0] > 0

    def count(self, columns: sparse.csr_matrix) -> np.ndarray:
        """float64 (n_slices, n_columns): sums of `columns` (n_rows, n_columns) over the rows of each slice."""
        return sparse.csr_matrix(self.member @ columns).toarray()


def slices_of(pool: Pool, alphabets: Sequence[Alphabet], groups: Sequence[str] = ()) -> Slices:
    """Every slice that holds at least 20 of the pool's rows and lacks at least 20; `groups` are the names of groups."""
    names: list[str] = []
    members: list[sparse.csr_matrix] = [sparse.csr_matrix((0, pool.rows.n_rows))]
    for name, values, held in _all(pool, alphabets, groups):
        sizes = np.asarray(held.sum(axis=1)).reshape(-1)
        kept = np.flatnonzero((sizes >= FEWEST_SLICE_ROWS) & (sizes <= pool.rows.n_rows - FEWEST_SLICE_ROWS))
        kept = np.sort(kept[np.argsort(-sizes[kept], kind="stable")[:MOST_SLICES_OF_KIND]])
        names += [f"{name}: {values[k]}" for k in kept.tolist()]
        members.append(held[kept])
    return Slices(tuple(names), sparse.csr_matrix(sparse.vstack(members)))


def with_answers(slices: Slices, predicted: np.ndarray, names: Sequence[str]) -> Slices:
    """The slices and one more for each class: rows that a model takes for it; `predicted` int (n_rows,)."""
    looks = _mark_holders(predicted, np.arange(len(predicted)), len(predicted), len(names))
    member = sparse.csr_matrix(sparse.vstack([slices.member, looks]))
    return Slices((*slices.names, *(f"{LOOKS_LIKE}{name}" for name in names)), member)


Kind = tuple[str, Sequence[str], sparse.csr_matrix]
"""Name, values and membership (n_values, n_rows) of one kind of slice."""


def _all(pool: Pool, alphabets: Sequence[Alphabet], groups: Sequence[str]) -> Iterator[Kind]:
    rows = pool.rows
    row, everyone = row_of_token(rows.offsets), np.arange(rows.n_rows)
    yield "length", *_cut_into_bands(rows.lengths)
    for alphabet in alphabets:
        held = _mark_holders(alphabet.values[rows.codes], row, rows.n_rows, len(alphabet.names))
        yield f"distinct {alphabet.name} values", *_cut_into_bands(np.asarray(held.sum(axis=0), np.int64).reshape(-1))
        yield alphabet.name, alphabet.names, held
    for name, place in (("first", 1), ("last", -1)):
        code = token_at(rows, place)
        for alphabet in alphabets:
            values = np.r_[alphabet.values, -1][code]
            part = "token" if alphabet is alphabets[0] else f"token's {alphabet.name}"
            yield f"{name} {part}", alphabet.names, _mark_holders(values, everyone, rows.n_rows, len(alphabet.names))
    if rows.groups is not None:
        known, codes = np.unique(rows.groups, return_inverse=True)
        names = [groups[int(k)] if k < len(groups) else "a row without one" for k in known]
        yield GROUP.removesuffix(": "), names, _mark_holders(codes.reshape(-1), everyone, rows.n_rows, len(known))


def _mark_holders(values: np.ndarray, row: np.ndarray, n_rows: int, n_values: int) -> sparse.csr_matrix:
    """Which rows hold each value: (n_values, n_rows) of zeros and ones; value -1 is none."""
    has = values >= 0
    cells = (np.ones(int(has.sum())), (values[has], row[has]))
    return sparse.csr_matrix(sparse.csr_matrix(cells, shape=(n_values, n_rows)) > 0, dtype=np.float64)


def _cut_into_bands(values: np.ndarray) -> tuple[Sequence[str], sparse.csr_matrix]:
    """Few whole numbers as they are, else six bands of about as many rows; then all from each band on, and up to it."""
    starts = np.unique(values)
    if len(starts) > MOST_EXACT:
        inner = np.quantile(values, np.linspace(0, 1, BANDS + 1)[1:-1], method="higher")
        starts = np.unique(np.r_[starts[0], inner])
    ends = np.r_[starts[1:] - 1, values.max(initial=0)]
    bands = [
        *((str(a) if a == b else f"{a} to {b}", a, b) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)),
        *((f"at least {a}", a, ends[-1]) for a in starts[1:-1].tolist()),
        *((f"at most {b}", starts[0], b) for b in ends[1:-1].tolist()),
    ]
    inside = [(values >= low) & (values <= high) for _, low, high in bands]
    return [name for name, *_ in bands], sparse.csr_matrix(np.asarray(inside, np.float64))
