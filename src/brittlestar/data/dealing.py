"""Components dealt to splits whole, with class shares as near to those of the whole as their sizes allow."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from brittlestar.core.token_rows import offsets_of
from brittlestar.data.rows import sequence_hashes

ATTEMPTS = 16  # budget: deals that are compared; chosen, not measured
WORK = 8_000
"""Kinds of components that all attempts together go through, at least one attempt."""
TOTAL_WEIGHT = 0.5
"""What a row too many of the split counts beside a row too many of the class."""
ROOM = 1.0  # a row: shares are whole rows


@dataclass(frozen=True)
class _Kind:
    """Components that nothing tells apart: `members` int64, of `size` rows, `counts` of each of `classes`."""

    members: np.ndarray
    classes: np.ndarray
    counts: np.ndarray
    size: float


def deal(component: np.ndarray, labels: np.ndarray, shares: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """int64 (n_components,): the split of each component, numbered as in `shares`.

    `component` int64 (n_rows,) from 0 without gaps; `labels` int (n_rows,); `shares` float64 (n_splits,), positive,
    summing to 1. Components with the same class counts are interchangeable: of each such kind every split gets its
    share, corrected by what it has too much or too little of these classes, largest components first, so that small
    ones even out what large ones upset. What a kind leaves over is drawn. With few kinds the best of several draws
    is taken. No split stays empty while there are components enough.
    """
    if not len(component):
        return np.empty(0, np.int64)
    ones = np.ones(len(labels), np.int64)
    table = sparse.csr_matrix(sparse.coo_matrix((ones, (component, labels))))  # rows of each class in each component
    table.sum_duplicates()
    table.sort_indices()
    kinds = _kinds(table)
    totals = np.bincount(labels).astype(np.float64)
    attempts = max(1, min(ATTEMPTS, WORK // len(kinds)))
    dealt = [_attempt(kinds, totals, shares, random) for _ in range(attempts)]
    dealt = [_fill_empty_splits(one, table, shares) for one in dealt]
    return min(dealt, key=lambda one: measure_misplaced(one[component], labels, shares))


def measure_misplaced(split: np.ndarray, labels: np.ndarray, shares: np.ndarray) -> float:
    """How far splits are from their sizes and class shares, in rows over all rows: 0 is exact."""
    classes = int(labels.max(initial=-1)) + 1
    held = np.bincount(split * classes + labels, minlength=classes * len(shares)).reshape(len(shares), classes)
    wanted = shares[:, None] * np.bincount(labels, minlength=classes)
    by_size = np.abs(held.sum(axis=1) - wanted.sum(axis=1)).sum()
    return float((np.abs(held - wanted).sum() + by_size) / max(len(labels), 1))


def _kinds(table: sparse.csr_matrix) -> list[_Kind]:
    """Kinds by falling size; ties in an order that depends on class counts alone."""
    entries = (table.indices.astype(np.uint64) << np.uint64(32)) | table.data.astype(np.uint64)
    names = sequence_hashes(entries, np.arange(len(entries)), table.indptr.astype(np.int64))
    _, first, inverse, counts = np.unique(names, return_index=True, return_inverse=True, return_counts=True)
    members = np.split(np.argsort(inverse.reshape(-1), kind="stable"), offsets_of(counts)[1:-1])
    kinds: list[_Kind] = []
    for at, those in zip(first.tolist(), members, strict=True):
        inside = slice(int(table.indptr[at]), int(table.indptr[at + 1]))
        held = table.data[inside].astype(np.float64)
        kinds.append(_Kind(those, table.indices[inside], held, float(held.sum())))
    return sorted(kinds, key=lambda kind: -kind.size)


def _attempt(kinds: list[_Kind], totals: np.ndarray, shares: np.ndarray, random: np.random.Generator) -> np.ndarray:
    owed = np.zeros((len(totals), len(shares)))  # rows of each class that each split should have had so far, and lacks
    owed_in_all = np.zeros(len(shares))
    room = shares * totals.sum()
    split = np.empty(sum(len(kind.members) for kind in kinds), np.int64)
    for kind in kinds:
        n = len(kind.members)
        wanted = shares * n + (kind.counts @ owed[kind.classes]) / float(kind.counts @ kind.counts)
        wanted = np.maximum(wanted, 0.0)
        wanted *= n / wanted.sum()
        given = np.floor(wanted + 1e-9)
        due = owed_in_all + shares * n * kind.size
        for _ in range(n - int(given.sum())):
            rows = given * kind.size
            given[_next(wanted - given, due - rows, room - rows, kind.size, random)] += 1
        owed[kind.classes] += kind.counts[:, None] * (shares * n - given)
        owed_in_all += kind.size * (shares * n - given)
        room -= given * kind.size
        split[random.permutation(kind.members)] = np.repeat(np.arange(len(shares)), given.astype(np.int64))
    return split


def _next(
    rest: np.ndarray, due: np.ndarray, room: np.ndarray, size: float, random: np.random.Generator
) -> np.intp | int:
    """Which split takes one more: a single row goes where most lack, a larger component where it fits, drawn."""
    if size == 1:
        return np.argmax(np.where(rest > 1e-9, rest + TOTAL_WEIGHT * due, -np.inf))
    fits = np.where(size <= room + ROOM, np.maximum(rest, 0.0), 0.0)
    if fits.sum() <= 0:
        return np.argmax(room)
    return int(random.choice(len(rest), p=fits / fits.sum()))


def _fill_empty_splits(split: np.ndarray, table: sparse.csr_matrix, shares: np.ndarray) -> np.ndarray:
    """The same with one of the smallest components of the fullest split in each empty one: that misplaces least."""
    split = split.copy()
    for empty in range(len(shares)):
        members = np.bincount(split, minlength=len(shares))
        if members[empty] or members.max() <= 1:
            continue
        full = int(np.argmax(members))
        there = np.flatnonzero(split == full)
        sizes = np.asarray(table.sum(axis=1)).reshape(-1)[there]
        smallest = there[sizes == sizes.min()]
        surplus = np.asarray(table[there].sum(axis=0)).reshape(-1) - shares[full] * _totals(table)
        part, lacking = sparse.csr_matrix(table[smallest]), -shares[empty] * _totals(table)
        rows, of = part.data, part.indices  # what is misplaced the more for moving each, rows held over rows wanted
        more = np.abs(surplus[of] - rows) - np.abs(surplus[of]) + np.abs(lacking[of] + rows) - np.abs(lacking[of])
        split[smallest[np.argmin(np.add.reduceat(more, part.indptr[:-1]))]] = empty
    return split


def _totals(table: sparse.csr_matrix) -> np.ndarray:
    return np.asarray(table.sum(axis=0)).reshape(-1)
