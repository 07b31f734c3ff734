"""Pairs that stand together: how many rows of both splits hold each, and how many independence would give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from brittlestar.audits.dataset import AuditSplit, bag
from brittlestar.audits.shifts.chance import all_in_second, shape, tail
from brittlestar.audits.shifts.rows import Comparison
from brittlestar.core.token_rows import row_of_token

MOST_TOKENS = 300  # budget: 45,000 pairs
FEWEST_EXPECTED = 10.0  # derived: with 10 expected, none at all has p below 0.0001
NEIGHBOURS = "neighbouring tokens"


@dataclass(frozen=True)
class Pairs:
    """Pairs whose parts are frequent enough in train for 10 rows to be expected there. `kind` says what stands together
    and where; `names` of the parts of pair k by `name(k)`; `train` and `other` int64 (k,): rows of the samples that
    hold each, `units` int64 (k,) the units that do; `holding(rows, k)` bool (n_rows,): whether rows hold any of the
    pairs k; `seen(rows, k)` int64: how many rows hold each."""

    kind: str
    name: Callable[[int], tuple[str, str]]
    train: np.ndarray
    other: np.ndarray
    units: np.ndarray
    holding: Callable[[AuditSplit, np.ndarray], np.ndarray]
    seen: Callable[[AuditSplit, np.ndarray], np.ndarray]

    @property
    def novel(self) -> np.ndarray:
        """int64: pairs that the other split shows and train never does."""
        return np.flatnonzero((self.train == 0) & (self.other > 0))

    def chance(self, n: int, m: int, clump: float) -> tuple[float, float]:
        """Expected number of (row, pair) that are novel where units are dealt at random, n to train and m to the other
        split, and p of the number found. Pairs of one row come together, `clump` at a time."""
        if not len(self.novel):
            return 0.0, 1.0
        alone = all_in_second(self.units, n, m)
        weight = (self.train + self.other).astype(np.float64)
        expected = float(weight @ alone)
        spread = alone * (1 - alone)
        variance = float(weight**2 @ spread) * clump
        third = float(weight**3 @ (spread * (1 - 2 * alone))) * clump**2
        value = float(weight[self.novel].sum()) - expected
        p = float(tail(np.asarray([value]), np.asarray([variance]), np.asarray([third]))[0])
        rarest = float(alone[self.novel].min(initial=1.0)) * len(alone)
        return expected, min(1.0, 2 * min(p, rarest))


def in_one_row(comparison: Comparison, kind: str, of_token: np.ndarray, names: Sequence[str]) -> Pairs:
    """Pairs of things in one row; `of_token` int64 (n_tokens, k) are the things of each token, -1 for none, and `names`
    theirs. The 300 most frequent things are looked at; a row that train repeats counts each time for how frequent its
    things are there."""
    held = [_holds(side.rows, of_token, len(names)) for side in (comparison.train, comparison.other)]
    copies = comparison.with_copies[0].rows
    repeated = held[0] if copies is comparison.train.rows else _holds(copies, of_token, len(names))
    rows = np.asarray(repeated.sum(axis=0)).reshape(-1)
    things = np.sort(np.argsort(-rows, kind="stable")[:MOST_TOKENS])
    first, second = (sparse.csr_matrix(one[:, things]) for one in held)
    frequent = rows[things].astype(np.float64)
    a, b = np.triu_indices(len(things), 1)
    scale = comparison.train.rows.n_rows / max(copies.n_rows, 1) ** 2
    enough = frequent[a] * frequent[b] * scale >= FEWEST_EXPECTED
    a, b = a[enough], b[enough]
    both = [np.asarray(sparse.csr_matrix(one.T @ one).toarray())[a, b].astype(np.int64) for one in (first, second)]
    sides = zip((first, second), (comparison.train, comparison.other), both, strict=True)
    units = [rows if side.units is None else _units_with_both(one, side.units)[a, b] for one, side, rows in sides]

    def holding(of: AuditSplit, chosen: np.ndarray) -> np.ndarray:
        has = sparse.csr_matrix(_holds(of, of_token, len(names))[:, things])
        cells = (np.ones(len(chosen), np.int32), (a[chosen], b[chosen]))
        wanted = sparse.csr_matrix(cells, shape=(len(things), len(things)))
        return np.asarray(sparse.csr_matrix(has @ wanted).multiply(has).sum(axis=1)).reshape(-1) > 0

    def count_rows_with(of: AuditSplit, chosen: np.ndarray) -> np.ndarray:
        has = sparse.csr_matrix(_holds(of, of_token, len(names))[:, things])
        return np.asarray(sparse.csr_matrix(has.T @ has).toarray())[a[chosen], b[chosen]].astype(np.int64)

    def name(pair: int) -> tuple[str, str]:
        return names[int(things[a[pair]])], names[int(things[b[pair]])]

    return Pairs(kind, name, both[0], both[1], units[0] + units[1], holding, count_rows_with)


def side_by_side(comparison: Comparison) -> Pairs:
    """Pairs of neighbouring tokens, among the 300 most frequent tokens of train."""
    names = comparison.dataset.tokens
    counts = np.bincount(comparison.train.rows.codes, minlength=len(names))
    things = np.sort(np.argsort(-counts, kind="stable")[:MOST_TOKENS])
    place = np.full(len(names), -1, np.int64)
    place[things] = np.arange(len(things))
    size = len(things)
    first, second = comparison.train.rows, comparison.other.rows
    left, right = (np.bincount(side, minlength=size).astype(np.float64) for side in _inner(first, place))
    expected = np.outer(left, right) / max(len(first.codes) - first.n_rows, 1)
    cells = np.flatnonzero(expected.reshape(-1) >= FEWEST_EXPECTED)

    def holding(of: AuditSplit, chosen: np.ndarray) -> np.ndarray:
        held = np.zeros(of.n_rows, np.bool_)
        held[_cells(of, place, size, cells[chosen])[1]] = True
        return held

    def name(pair: int) -> tuple[str, str]:
        return names[int(things[cells[pair] // size])], names[int(things[cells[pair] % size])]

    def count_units_with(of: AuditSplit, chosen: np.ndarray, units: np.ndarray | None) -> np.ndarray:
        found, row = _cells(of, place, size, cells[chosen])
        unit = row if units is None else units[row]
        distinct = np.unique(unit * (size * size) + found)
        return np.bincount(distinct % (size * size), minlength=size * size)[cells[chosen]]

    def count_rows_with(of: AuditSplit, chosen: np.ndarray) -> np.ndarray:
        return count_units_with(of, chosen, None)

    every = np.arange(len(cells))
    units = [count_units_with(side.rows, every, side.units) for side in (comparison.train, comparison.other)]
    return Pairs(
        NEIGHBOURS,
        name,
        count_rows_with(first, every),
        count_rows_with(second, every),
        units[0] + units[1],
        holding,
        count_rows_with,
    )


def in_one_token(comparison: Comparison, one: str, two: str) -> Pairs:
    """Pairs of values of two factors in the same token."""
    dataset = comparison.dataset
    values = [dataset.factors[factor].astype(np.int64) for factor in (one, two)]
    labels = [dataset.factor_values[factor] for factor in (one, two)]
    width = len(labels[1])
    cell_of = np.where((values[0] > 0) & (values[1] > 0), values[0] * width + values[1], -1)
    size = len(labels[0]) * width
    first, second = comparison.train.rows, comparison.other.rows
    cell = cell_of[first.codes]
    table = np.bincount(cell[cell >= 0], minlength=size).reshape(len(labels[0]), width).astype(np.float64)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / max(table.sum(), 1.0)
    cells = np.flatnonzero(expected.reshape(-1) >= FEWEST_EXPECTED)

    def count_units_with(of: AuditSplit, units: np.ndarray | None = None) -> np.ndarray:
        held = _of_units(_holds(of, cell_of[:, None], size), units)
        return np.asarray(held.sum(axis=0)).reshape(-1).astype(np.int64)

    def holding(of: AuditSplit, chosen: np.ndarray) -> np.ndarray:
        wanted = np.isin(cell_of, cells[chosen])[of.codes]
        held = np.zeros(of.n_rows, np.bool_)
        held[row_of_token(of.offsets)[wanted]] = True
        return held

    def count_rows_with(of: AuditSplit, chosen: np.ndarray) -> np.ndarray:
        return count_units_with(of)[cells[chosen]]

    def name(pair: int) -> tuple[str, str]:
        return f"{one} {labels[0][cells[pair] // width]}", f"{two} {labels[1][cells[pair] % width]}"

    kind = f"{one} and {two} of one token"
    units = sum(count_units_with(side.rows, side.units) for side in (comparison.train, comparison.other))
    return Pairs(
        kind,
        name,
        count_units_with(first)[cells],
        count_units_with(second)[cells],
        np.asarray(units)[cells],
        holding,
        count_rows_with,
    )


def _holds(rows: AuditSplit, of_token: np.ndarray, size: int) -> sparse.csr_matrix:
    """int32 (n_rows, size): 1 where a row has a token with the thing."""
    token, column = np.nonzero(of_token >= 0)
    ones = (np.ones(len(token), np.int32), (token, of_token[token, column]))
    held = sparse.csr_matrix(bag(rows, len(of_token)) @ sparse.csr_matrix(ones, shape=(len(of_token), size)))
    held.data[:] = 1
    return held


def _of_units(held: sparse.csr_matrix, units: np.ndarray | None) -> sparse.csr_matrix:
    """int32 (n_units, size): 1 where a row of the unit holds the thing; the same matrix where every row is a unit."""
    if units is None:
        return held
    ones = (np.ones(len(units), np.int32), (units, np.arange(len(units))))
    summed = sparse.csr_matrix(sparse.csr_matrix(ones) @ held)
    summed.data[:] = 1
    return summed


def _units_with_both(held: sparse.csr_matrix, units: np.ndarray) -> np.ndarray:
    """int64 (size, size): units of which some row holds both things; `held` int32 (n_rows, size)."""
    columns = sparse.csc_matrix(held)
    size = shape(held)[1]
    found = np.zeros((size, size), np.int64)
    for thing in np.flatnonzero(np.diff(columns.indptr)).tolist():
        rows = columns.indices[columns.indptr[thing] : columns.indptr[thing + 1]]
        numbers = np.unique(units[rows], return_inverse=True)[1].reshape(-1)
        found[thing] = np.asarray(_of_units(sparse.csr_matrix(held[rows]), numbers).sum(axis=0)).reshape(-1)
    return found


def _inner(rows: AuditSplit, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places of the left ones of all neighbours, and of the right ones; those without a place are left out."""
    row = row_of_token(rows.offsets)
    inside = row[:-1] == row[1:]
    left, right = place[rows.codes[:-1][inside]], place[rows.codes[1:][inside]]
    return left[left >= 0], right[right >= 0]


def _cells(rows: AuditSplit, place: np.ndarray, size: int, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Neighbours that are one of the `chosen` cells, left x size + right: int64 cells, and their rows."""
    row = row_of_token(rows.offsets)
    left, right = place[rows.codes[:-1]], place[rows.codes[1:]]
    wanted = np.zeros(size * size + 1, np.bool_)
    wanted[chosen] = True
    cell = np.where((row[:-1] == row[1:]) & (left >= 0) & (right >= 0), left * size + right, size * size)
    kept = np.flatnonzero(wanted[cell])
    return cell[kept], row[kept]
