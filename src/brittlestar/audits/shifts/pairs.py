"""Pairs that stand together: how many rows of both splits hold each, and how many independence would give."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from brittlestar.audits.dataset import AuditSplit, bag
from brittlestar.audits.draws import renumber
from brittlestar.audits.shifts.chance import add_up, all_in_second, p_of_dealing, shape
from brittlestar.audits.shifts.rows import Comparison

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
        value = float(weight[self.novel].sum()) - expected
        return expected, p_of_dealing(value, weight, alone, self.novel, clump)


def in_one_row(comparison: Comparison, kind: str, of_token: np.ndarray, names: Sequence[str]) -> Pairs:
    """Pairs of things in one row; `of_token` int64 (n_tokens, k) are the things of each token, -1 for none, and `names`
    theirs. The 300 most frequent things are looked at; a row that train repeats counts each time for how frequent its
    things are there."""
    sides = (comparison.train, comparison.other)
    held = [_holds(side.rows, of_token, len(names)) for side in sides]
    copies = comparison.with_copies[0].rows
    repeated = held[0] if copies is comparison.train.rows else _holds(copies, of_token, len(names))
    rows = np.asarray(repeated.sum(axis=0)).reshape(-1)
    things = np.sort(np.argsort(-rows, kind="stable")[:MOST_TOKENS])
    frequent = rows[things].astype(np.float64)
    a, b = np.triu_indices(len(things), 1)
    scale = comparison.train.rows.n_rows / max(copies.n_rows, 1) ** 2
    enough = frequent[a] * frequent[b] * scale >= FEWEST_EXPECTED
    a, b = a[enough], b[enough]
    chosen_things = [sparse.csr_matrix(one[:, things]) for one in held]
    both = [_count_both(one)[a, b] for one in chosen_things]
    units = [
        counts if side.units is None else _units_with_both(one, side.units)[a, b]
        for one, side, counts in zip(chosen_things, sides, both, strict=True)
    ]

    def holding(of: AuditSplit, chosen: np.ndarray) -> np.ndarray:
        has = sparse.csr_matrix(_holds(of, of_token, len(names))[:, things])
        cells = (np.ones(len(chosen), np.int32), (a[chosen], b[chosen]))
        wanted = sparse.csr_matrix(cells, shape=(len(things), len(things)))
        return np.asarray(sparse.csr_matrix(has @ wanted).multiply(has).sum(axis=1)).reshape(-1) > 0

    def count_rows_with(of: AuditSplit, chosen: np.ndarray) -> np.ndarray:
        return _count_both(sparse.csr_matrix(_holds(of, of_token, len(names))[:, things]))[a[chosen], b[chosen]]

    def name(pair: int) -> tuple[str, str]:
        return names[int(things[a[pair]])], names[int(things[b[pair]])]

    return Pairs(kind, name, both[0], both[1], units[0] + units[1], holding, count_rows_with)


def side_by_side(comparison: Comparison) -> Pairs:
    """Pairs of neighbouring tokens, among the 300 most frequent tokens of train."""
    names, first = comparison.dataset.tokens, comparison.train.rows
    counts = np.bincount(first.codes, minlength=len(names))
    things = np.sort(np.argsort(-counts, kind="stable")[:MOST_TOKENS])
    size = len(things)
    place = np.full(len(names), -1, np.int64)
    place[things] = np.arange(size)

    def neighbours_of(of: AuditSplit) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        row = of.owners
        inside = np.flatnonzero(row[:-1] == row[1:])
        return place[of.codes[inside]], place[of.codes[inside + 1]], row[inside]

    def cells_of(of: AuditSplit) -> tuple[np.ndarray, np.ndarray]:
        left, right, row = neighbours_of(of)
        kept = (left >= 0) & (right >= 0)
        return (left * size + right)[kept], row[kept]

    ends = (np.bincount(end[end >= 0], minlength=size).astype(np.float64) for end in neighbours_of(first)[:2])
    expected = np.outer(*ends) / max(len(first.codes) - first.n_rows, 1)
    parts = [names[thing] for thing in things.tolist()]
    return _pairs_of_cells(comparison, NEIGHBOURS, cells_of, expected, (parts, parts))


def in_one_token(comparison: Comparison, one: str, two: str) -> Pairs:
    """Pairs of values of two factors in the same token."""
    dataset = comparison.dataset
    values = [dataset.factors[factor].astype(np.int64) for factor in (one, two)]
    parts = [[f"{factor} {value}" for value in dataset.factor_values[factor]] for factor in (one, two)]
    shape_of_table = len(parts[0]), len(parts[1])
    cell_of = np.where((values[0] > 0) & (values[1] > 0), values[0] * shape_of_table[1] + values[1], -1)

    def cells_of(of: AuditSplit) -> tuple[np.ndarray, np.ndarray]:
        cell = cell_of[of.codes]
        return cell[cell >= 0], of.owners[cell >= 0]

    counts = np.bincount(cells_of(comparison.train.rows)[0], minlength=shape_of_table[0] * shape_of_table[1])
    table = counts.reshape(shape_of_table).astype(np.float64)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / max(table.sum(), 1.0)
    return _pairs_of_cells(comparison, f"{one} and {two} of one token", cells_of, expected, (parts[0], parts[1]))


def _pairs_of_cells(
    comparison: Comparison,
    kind: str,
    cells_of: Callable[[AuditSplit], tuple[np.ndarray, np.ndarray]],
    expected: np.ndarray,
    parts: tuple[Sequence[str], Sequence[str]],
) -> Pairs:
    """Pairs that are cells of a table: `cells_of(rows)` are the cells that stand in a split, and their rows; `expected`
    float64 (r, c) counts of train, were rows and columns independent; `parts` name these."""
    size, width = expected.size, expected.shape[1]
    cells = np.flatnonzero(expected.reshape(-1) >= FEWEST_EXPECTED)

    def find(of: AuditSplit, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        wanted = np.zeros(size, np.bool_)
        wanted[cells[chosen]] = True
        cell, row = cells_of(of)
        kept = wanted[cell]
        return cell[kept], row[kept]

    def count(of: AuditSplit, chosen: np.ndarray, units: np.ndarray | None = None) -> np.ndarray:
        cell, row = find(of, chosen)
        distinct = np.unique((row if units is None else units[row]) * size + cell)
        return np.bincount(distinct % size, minlength=size)[cells[chosen]]

    def holding(of: AuditSplit, chosen: np.ndarray) -> np.ndarray:
        held = np.zeros(of.n_rows, np.bool_)
        held[find(of, chosen)[1]] = True
        return held

    def name(pair: int) -> tuple[str, str]:
        one, two = divmod(int(cells[pair]), width)
        return parts[0][one], parts[1][two]

    every, sides = np.arange(len(cells)), (comparison.train, comparison.other)
    first, second = (count(side.rows, every) for side in sides)
    units = [count(side.rows, every, side.units) for side in sides]
    return Pairs(kind, name, first, second, units[0] + units[1], holding, count)


def _holds(rows: AuditSplit, of_token: np.ndarray, size: int) -> sparse.csr_matrix:
    """int32 (n_rows, size): 1 where a row has a token with the thing."""
    token, column = np.nonzero(of_token >= 0)
    ones = (np.ones(len(token), np.int32), (token, of_token[token, column]))
    held = sparse.csr_matrix(bag(rows, len(of_token)) @ sparse.csr_matrix(ones, shape=(len(of_token), size)))
    held.data[:] = 1
    return held


def _count_both(held: sparse.csr_matrix) -> np.ndarray:
    """int64 (size, size): rows that hold both things; `held` int32 (n_rows, size)."""
    return np.asarray(sparse.csr_matrix(held.T @ held).toarray()).astype(np.int64)


def _units_with_both(held: sparse.csr_matrix, units: np.ndarray) -> np.ndarray:
    """int64 (size, size): units of which some row holds both things; `held` int32 (n_rows, size)."""
    columns = sparse.csc_matrix(held)
    size = shape(held)[1]
    found = np.zeros((size, size), np.int64)
    for thing in np.flatnonzero(np.diff(columns.indptr)).tolist():
        rows = columns.indices[columns.indptr[thing] : columns.indptr[thing + 1]]
        summed = add_up(sparse.csr_matrix(held[rows]), renumber(units[rows]))
        summed.data[:] = 1
        found[thing] = np.asarray(summed.sum(axis=0)).reshape(-1)
    return found
