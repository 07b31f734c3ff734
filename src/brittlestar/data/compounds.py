"""What rows are made of: atoms, and compounds of two atoms."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from brittlestar.core.errors import InputError
from brittlestar.data.factors import decompose, number_values
from brittlestar.data.look import proposed_factors
from brittlestar.data.whole import Coded

MOST_ATOMS = 200
"""Atoms that compounds by presence are made of: those that stand in most rows."""
CELLS = 1 << 24  # budget: cells of a dense block, 128 MiB
NO_FACTORS = "none"


@dataclass(frozen=True)
class Composition(ABC):
    """`atoms` int64 sparse (n_rows, n_atoms): how often each stands in a row; `names` of atoms; `pairs` int64
    (n_compounds, 2): the atoms of each compound. `kind` says in words what a compound is, `between` what stands
    between its atoms where it is written."""

    atoms: sparse.csr_matrix
    names: tuple[str, ...]
    pairs: np.ndarray
    kind: str
    between: str

    @abstractmethod
    def compound_counts(self, rows: np.ndarray) -> np.ndarray:
        """int64 (n_compounds,): how often each occurs in the rows that `rows` bool (n_rows,) marks."""

    @abstractmethod
    def rows_with(self, compound: int) -> np.ndarray:
        """bool (n_rows,): rows that hold the compound."""

    @abstractmethod
    def _rows_of_each(self) -> np.ndarray:
        """int64 (n_compounds,): rows that hold each compound."""

    @cached_property
    def compound_rows(self) -> np.ndarray:
        """int64 (n_compounds,): rows that hold each compound."""
        return self._rows_of_each()

    @cached_property
    def presence(self) -> sparse.csc_matrix:
        """Sparse (n_rows, n_atoms): 1 where the row holds the atom."""
        return _presence(self.atoms)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return int(self.atoms.indptr.size - 1)

    def atom_counts(self, rows: np.ndarray) -> np.ndarray:
        """int64 (n_atoms,): how often each occurs in the rows that `rows` bool (n_rows,) marks."""
        return self.atoms.T @ rows.astype(np.int64)

    def atom_rows(self, rows: np.ndarray) -> np.ndarray:
        """int64 (n_atoms,): in how many of the rows that `rows` bool (n_rows,) marks each occurs."""
        return self.presence.T @ rows.astype(np.int64)

    def name(self, compound: int) -> str:
        """The compound as it is written: `▲ r`, `jump twice`, `a + b`."""
        left, right = self.pairs[compound].tolist()
        return f"{self.names[left]}{self.between}{self.names[right]}"


@dataclass(frozen=True)
class Listed(Composition):
    """`counts` int64 sparse (n_rows, n_compounds): how often each compound stands in a row."""

    counts: sparse.csr_matrix

    def compound_counts(self, rows: np.ndarray) -> np.ndarray:
        """See Composition."""
        return self.counts.T @ rows.astype(np.int64)

    def rows_with(self, compound: int) -> np.ndarray:
        """See Composition."""
        found = np.zeros(self.n_rows, np.bool_)
        found[self._by_compound.indices[slice(*self._by_compound.indptr[compound : compound + 2])]] = True
        return found

    def _rows_of_each(self) -> np.ndarray:
        return np.diff(self._by_compound.indptr).astype(np.int64)

    @cached_property
    def _by_compound(self) -> sparse.csc_matrix:
        return _presence(self.counts)


@dataclass(frozen=True)
class Together(Composition):
    """Compounds are two atoms in one row, wherever they stand; each row counts once for an atom and for a compound."""

    def compound_counts(self, rows: np.ndarray) -> np.ndarray:
        """See Composition."""
        marked = np.flatnonzero(rows)
        n = len(self.names)
        gram = np.zeros((n, n))
        step = max(1, CELLS // max(1, n))
        for start in range(0, len(marked), step):
            part = self.atoms[marked[start : start + step]].toarray().astype(np.float32)
            gram += part.T @ part
        return gram[self.pairs[:, 0], self.pairs[:, 1]].astype(np.int64)

    def rows_with(self, compound: int) -> np.ndarray:
        """See Composition."""
        left, right = self.pairs[compound].tolist()
        return (self.presence[:, [left]].toarray() * self.presence[:, [right]].toarray()).ravel() > 0

    def _rows_of_each(self) -> np.ndarray:
        return self.compound_counts(np.ones(self.n_rows, np.bool_))


def factors_of(coded: Coded, factors: str | None) -> str | None:
    """The pattern of factors: as given, found by a look where it is None, None where it is `none` or the look finds
    none."""
    if factors is None:
        return None if coded.how == "characters" else proposed_factors(coded.tokens)
    return None if factors == NO_FACTORS else factors


def by_token(coded: Coded, factors: str | None) -> Listed:
    """Values of two factors in one token, or neighbouring tokens where there is no pattern. Raises InputError where
    the pattern names one factor only, or no row holds a compound."""
    row = coded.owners
    if factors is None:
        inside = row[1:] == row[:-1]
        left, right = coded.codes[:-1][inside].astype(np.int64), coded.codes[1:][inside].astype(np.int64)
        atoms = _count_cells(row, coded.codes, coded.n_rows, len(coded.tokens))
        return _list_compounds(atoms, coded.tokens, (row[1:][inside], left, right), "neighbouring tokens")
    names, value_of = _values(coded, factors)
    if len(value_of) < 2:
        what = f"the pattern {factors!r} names one factor, and a pair takes two"
        raise InputError(what, "--factors", f"name two, or use --factors {NO_FACTORS} for pairs of neighbours")
    values = [of_token[coded.codes] for of_token in value_of.values()]
    atoms = _values_of_rows(row, values, coded.n_rows, len(names))
    both = [(row, a, b, (a >= 0) & (b >= 0)) for i, a in enumerate(values) for b in values[i + 1 :]]
    found = tuple(np.concatenate([entry[k][entry[3]] for entry in both]) for k in range(3))
    what = f"values of {' and '.join(value_of)} in one token"
    return _list_compounds(atoms, names, (found[0], found[1], found[2]), what)


def by_row(coded: Coded, factors: str | None) -> Together:
    """Two tokens, or values of factors where there is a pattern, that stand in one row: the `MOST_ATOMS` of them that
    stand in most rows."""
    row = coded.owners
    atoms, names = _count_cells(row, coded.codes, coded.n_rows, len(coded.tokens)), coded.tokens
    if factors is not None:
        of_factors, value_of = _values(coded, factors, coded.tokens)
        values = [of_token[coded.codes] for of_token in value_of.values()]
        atoms = sparse.csr_matrix(sparse.hstack([atoms, _values_of_rows(row, values, coded.n_rows, len(of_factors))]))
        names = (*names, *of_factors)
    present = _presence(atoms)
    order = np.argsort(-np.diff(present.indptr), kind="stable")[:MOST_ATOMS]
    kept = np.sort(order)
    pairs = np.stack(np.triu_indices(len(kept), 1), axis=1).astype(np.int64)
    chosen = tuple(names[k] for k in kept.tolist())
    return Together(sparse.csr_matrix(present[:, kept]), chosen, pairs, "two in one row", " + ")


def _values(coded: Coded, factors: str, taken: Sequence[str] = ()) -> tuple[tuple[str, ...], dict[str, np.ndarray]]:
    """Names of all values of all factors, and by factor int64 (n_tokens,): the value of each token, -1 for none. A
    value that two factors have, or whose name is taken, is written with its factor."""
    found: dict[str, np.ndarray] = {}
    values: list[tuple[str, str]] = []
    for factor, of_token in decompose(coded.tokens, factors).values.items():
        names = ["", *sorted({value for value in of_token if value})]
        place = number_values(of_token, names).astype(np.int64)
        found[factor] = np.where(place > 0, place - 1 + len(values), -1)
        values += [(factor, name) for name in names[1:]]
    uses = Counter([*taken, *(value for _, value in values)])
    return tuple(f"{factor}={value}" if uses[value] > 1 else value for factor, value in values), found


def _values_of_rows(row: np.ndarray, values: Sequence[np.ndarray], n_rows: int, n: int) -> sparse.csr_matrix:
    rows, columns = np.concatenate([row] * len(values)), np.concatenate(values)
    return _count_cells(rows[columns >= 0], columns[columns >= 0], n_rows, n)


def _list_compounds(
    atoms: sparse.csr_matrix, names: tuple[str, ...], found: tuple[np.ndarray, np.ndarray, np.ndarray], kind: str
) -> Listed:
    row, left, right = found
    if not len(row):
        raise InputError(f"no row holds {kind}", "--by", "split by random")
    codes, column = np.unique(left * len(names) + right, return_inverse=True)
    counts = _count_cells(row, column.reshape(-1), atoms.indptr.size - 1, len(codes))
    return Listed(atoms, names, np.stack([codes // len(names), codes % len(names)], axis=1), kind, " ", counts)


def _count_cells(row: np.ndarray, column: np.ndarray, n_rows: int, n_columns: int) -> sparse.csr_matrix:
    ones = np.ones(len(row), np.int64)
    return sparse.csr_matrix(sparse.coo_matrix((ones, (row, column)), shape=(n_rows, n_columns)))


def _presence(counts: sparse.csr_matrix) -> sparse.csc_matrix:
    present = sparse.csc_matrix(counts, copy=True)
    present.sum_duplicates()
    present.data = np.ones_like(present.data)
    return present
