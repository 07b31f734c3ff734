"""What a shallow model may see of a row: yes-or-no facts about tokens, places, neighbours, order, variety and
length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from brittlestar.audits.dataset import AuditDataset, Rows
from brittlestar.audits.features import MOST_POSITIONS, Columns, Keys, at_position
from brittlestar.data.rows import row_of_token

MOST_COPIES = 5
MOST_PLACES = 24
MOST_ORDERED = 24
LENGTH_STEPS = 24
MOST_CHARACTERS = 3


@dataclass(frozen=True)
class Alphabet:
    """One way to read tokens: `values` int64 (n_tokens,) is the value of each token, from 1, or 0 where it has none;
    `names[value]` names it."""

    name: str
    values: np.ndarray
    names: Sequence[str]


def alphabets(dataset: AuditDataset) -> tuple[Alphabet, ...]:
    """Tokens themselves, then the study's factors; where it has none, the characters of short tokens that look made of
    parts (such as `▲r`)."""
    whole = Alphabet("token", np.arange(1, len(dataset.tokens) + 1), ("", *dataset.tokens))
    if dataset.factors:
        parts = [Alphabet(f, v.astype(np.int64), dataset.factor_values[f]) for f, v in dataset.factors.items()]
    else:
        parts = list(_characters(dataset.tokens))
    return (whole, *parts)


def _characters(tokens: Sequence[str]) -> Iterator[Alphabet]:
    """Characters by place, where tokens have two or three and fill a quarter of the grid that the characters span."""
    longest = max((len(token) for token in tokens), default=0)
    if not 2 <= longest <= MOST_CHARACTERS or len(tokens) < 6:
        return
    places = [[token[place : place + 1] for token in tokens] for place in range(longest)]
    names = [tuple(sorted({"", *values})) for values in places]
    if np.prod([float(len({*values})) for values in places]) > 4 * len(tokens):
        return
    for place, (values, known) in enumerate(zip(places, names, strict=True)):
        if len(known) > 2:
            number = {name: k for k, name in enumerate(known)}
            yield Alphabet(f"character {place + 1}", np.asarray([number[value] for value in values]), known)


@dataclass(frozen=True)
class Family:
    """Indicators of one kind: `matrix` float32 CSR (n_rows, n_columns) of zeros and ones."""

    name: str
    matrix: sparse.csr_matrix


def families(read: Sequence[Alphabet], rows: Rows, fitted: np.ndarray, telling: np.ndarray) -> Iterator[Family]:
    """Every family of indicators of `rows`; columns are those that the rows at positions `fitted` show.

    `telling` float64 (n_tokens,) says how much the presence of each token tells of the label: among many tokens, the
    order of first occurrences is looked at for the most frequent and the most telling ones only.
    """
    yield _family("length", _lengths(rows, fitted), rows, fitted)
    yield _family("ends", _ends(rows), rows, fitted)
    for alphabet in read:
        seen = _Occurrences.of(alphabet.values, rows)
        yield _family(f"{alphabet.name}, copies", seen.copies(), rows, fitted)
        yield _family(f"{alphabet.name}, place", seen.places(rows), rows, fitted)
        yield _family(f"{alphabet.name}, neighbours", seen.neighbours(), rows, fitted)
        yield _family(f"{alphabet.name}, variety", seen.variety(), rows, fitted)
        yield _family(
            f"{alphabet.name}, order", seen.order(telling if alphabet.name == "token" else None), rows, fitted
        )


def parities(read: Sequence[Alphabet], rows: Rows, fitted: np.ndarray) -> Iterator[Family]:
    """Whether each value stands in a row an odd number of times: no shallow model looks at that, but rows that follow
    it are not noise."""
    for alphabet in read:
        seen = _Occurrences.of(alphabet.values, rows)
        yield _family(f"{alphabet.name}, parity", seen.odd(), rows, fitted)


def _family(name: str, found: Keys, rows: Rows, fitted: np.ndarray) -> Family:
    inside = np.zeros(rows.n_rows, np.bool_)
    inside[fitted] = True
    kept = inside[found.row]
    train = Columns.of(lambda _: Keys(found.keys[kept], found.row[kept]), rows)
    matrix = Columns(lambda _: found, train.keys).matrix(rows)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return Family(name, matrix)


@dataclass(frozen=True)
class _Occurrences:
    """Tokens that have a value, in the order of the rows: `row`, `value`, `place` in the row, `copy` (how many equal
    ones stand before it in the row)."""

    row: np.ndarray
    value: np.ndarray
    place: np.ndarray
    copy: np.ndarray

    @staticmethod
    def of(values: np.ndarray, rows: Rows) -> _Occurrences:
        row = row_of_token(rows.offsets)
        value = values[rows.codes]
        place = np.arange(len(row)) - rows.offsets[:-1][row]
        has = value > 0
        if not has.all():
            row, value, place = row[has], value[has], place[has]
        if not len(row):
            return _Occurrences(row, value, place, row)
        key = row * (int(values.max(initial=0)) + 1) + value
        order = np.argsort(key, kind="stable")
        starts = np.flatnonzero(np.r_[True, np.diff(key[order]) > 0])
        copy = np.empty(len(row), np.int64)
        copy[order] = np.arange(len(row)) - np.repeat(starts, np.diff(np.r_[starts, len(row)]))
        return _Occurrences(row, value, place, copy)

    def copies(self) -> Keys:
        """At least k copies of a value, k up to 5."""
        kept = self.copy < MOST_COPIES
        return Keys((self.value << 8 | self.copy)[kept], self.row[kept])

    def odd(self) -> Keys:
        """An odd number of copies of a value."""
        first = self.copy == 0
        keys = self.value[first] << 32 | self.row[first]
        _, counts = np.unique(self.value << 32 | self.row, return_counts=True)
        order = np.argsort(keys, kind="stable")
        chosen = order[counts % 2 == 1]
        return Keys(self.value[first][chosen], self.row[first][chosen])

    def places(self, rows: Rows) -> Keys:
        """A value at one of the first, or of the last, 24 places."""
        last = rows.lengths[self.row] - 1 - self.place
        ahead, behind = self.place < MOST_PLACES, last < MOST_PLACES
        keys = np.r_[(self.value << 8 | self.place)[ahead], (self.value << 8 | 128 | last)[behind]]
        return Keys(keys, np.r_[self.row[ahead], self.row[behind]])

    def neighbours(self) -> Keys:
        """One value right after another (values that are left out do not count)."""
        inner = self.row[1:] == self.row[:-1]
        return Keys((self.value[:-1] << 32 | self.value[1:])[inner], self.row[:-1][inner])

    def variety(self) -> Keys:
        """At least k distinct values, k up to 24."""
        first = self.copy == 0
        row = self.row[first]
        if not len(row):
            return Keys(row, row)
        starts = np.flatnonzero(np.r_[True, np.diff(row) > 0])
        rank = np.arange(len(row)) - np.repeat(starts, np.diff(np.r_[starts, len(row)]))
        return Keys(rank[rank < MOST_PLACES], row[rank < MOST_PLACES])

    def order(self, telling: np.ndarray | None) -> Keys:
        """One value's first occurrence before another's, both there."""
        first = self.copy == 0
        row, value = self.row[first], self.value[first]
        counts = np.bincount(value)
        if (counts > 0).sum() > MOST_ORDERED:
            wanted = np.zeros(len(counts), np.bool_)
            half = MOST_ORDERED // 2
            wanted[np.argsort(-counts, kind="stable")[: half if telling is not None else MOST_ORDERED]] = True
            if telling is not None:
                wanted[np.argsort(-telling, kind="stable")[:half] + 1] = True
            kept = wanted[value]
            row, value = row[kept], value[kept]
        keys, holders = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for lag in range(1, MOST_ORDERED):
            same = row[lag:] == row[:-lag]
            if not same.any():
                break
            keys.append((value[:-lag] << 32 | value[lag:])[same])
            holders.append(row[lag:][same])
        return Keys(np.concatenate(keys), np.concatenate(holders))


def placed_from_end(rows: Rows) -> Keys:
    """Every token with its place counted from the end; places from 63 on are one."""
    row = row_of_token(rows.offsets)
    last = rows.offsets[1:][row] - 1 - np.arange(len(rows.codes))
    return Keys(np.minimum(last, MOST_POSITIONS - 1) << 32 | rows.codes.astype(np.int64), row)


def _lengths(rows: Rows, fitted: np.ndarray) -> Keys:
    """At least as long as each of 24 quantiles of the fitted rows."""
    lengths = rows.lengths
    steps = np.unique(np.quantile(lengths[fitted], np.linspace(0, 1, LENGTH_STEPS + 1)[1:-1])) if len(fitted) else []
    row, step = np.nonzero(lengths[:, None] >= np.asarray(steps)[None, :])
    return Keys(step.astype(np.int64), row.astype(np.int64))


def _ends(rows: Rows) -> Keys:
    """The first token is the last one (0); two neighbours are equal (1)."""
    ends = np.full((2, rows.n_rows), -1, np.int64)
    for side, place in enumerate((0, -1)):
        found = at_position(place)(rows)
        ends[side, found.row] = found.keys
    closed = np.flatnonzero((ends[0] == ends[1]) & (rows.lengths > 1))
    row = row_of_token(rows.offsets)
    repeated = np.unique(row[:-1][(row[1:] == row[:-1]) & (rows.codes[1:] == rows.codes[:-1])])
    return Keys(np.repeat([0, 1], [len(closed), len(repeated)]), np.r_[closed, repeated])


def width(matrix: sparse.csr_matrix) -> int:
    """Number of columns."""
    shape: tuple[int, int] = matrix.shape  # pyright: ignore[reportAssignmentType]
    return shape[1]
