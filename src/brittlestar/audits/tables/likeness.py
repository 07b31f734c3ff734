"""How alike tokens are: by their company in train, by their factors, by their spelling, and by their vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment, quadratic_assignment

from brittlestar.audits.dataset import AuditDataset, Rows

WINDOW = 2
CONTEXTS = 500
DIRECTIONS = 16
MOST_TOKENS = 2_000_000
PERMUTATIONS = 199
STARTS = 3
NEARNESS = 0.05
TURNS = 10
FEWEST_RIGHT = 10
CHANCES = 5


def by_company(rows: Rows, codes: np.ndarray, n_tokens: int) -> np.ndarray:
    """Cosines of what the tokens' co-occurrence profiles have in common: float64 (m, m).

    A profile holds the positive pointwise mutual information (Church and Hanks 1990) with each of the 500 most
    frequent tokens within two places to either side, over the first two million tokens; of all profiles the leading 16
    directions are kept (Levy and Goldberg 2014).
    """
    used = rows.codes[:MOST_TOKENS].astype(np.int64)
    contexts = np.argsort(-np.bincount(used, minlength=n_tokens), kind="stable")[:CONTEXTS]
    row_of, column_of = np.full(n_tokens, -1), np.full(n_tokens, -1)
    row_of[codes], column_of[contexts] = np.arange(len(codes)), np.arange(len(contexts))
    ends = rows.offsets[1:][np.searchsorted(rows.offsets, np.arange(len(used)), side="right") - 1]
    counts = np.zeros((len(codes), len(contexts)))
    for step in range(1, WINDOW + 1):
        places = np.flatnonzero(np.arange(len(used)) + step < np.minimum(ends, len(used)))
        for first, second in ((used[places], used[places + step]), (used[places + step], used[places])):
            one, other = row_of[first], column_of[second]
            both = (one >= 0) & (other >= 0)
            cells = (np.ones(int(both.sum())), (one[both], other[both]))
            counts += sparse.coo_matrix(cells, shape=counts.shape).toarray()
    total = max(counts.sum(), 1.0)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / total
    with np.errstate(divide="ignore", invalid="ignore"):
        information = np.where(counts > 0, np.log(counts / expected), 0.0)
    left, strength, _ = np.linalg.svd(np.maximum(information, 0.0), full_matrices=False)
    vectors = left[:, :DIRECTIONS] * np.sqrt(strength[:DIRECTIONS])
    return cosines(vectors - vectors.mean(axis=0))


@dataclass(frozen=True)
class Reordered:
    """A part of the tokens whose vectors fit other tokens: `core` tokens fit their own, with a correlation of
    `core_fit`; `moved` int64 (k, 2) are token and the token whose vector it has; their vectors fit with
    `own_fit` where they are and with `moved_fit` where they are moved to, of which `chance` gives so much."""

    core: int
    core_fit: float
    moved: np.ndarray
    own_fit: float
    moved_fit: float
    chance: float


def reordered(likeness: np.ndarray, vectors: np.ndarray, random: np.random.Generator) -> Reordered | None:
    """Tokens that are right, found by taking turns (who fits the others that are right is right), and an
    assignment of the other vectors to the other tokens by how they fit those; None where too few are right.

    `likeness` (m, m) of the tokens, `vectors` (m, m) of their vectors.
    """
    m = len(likeness)
    found = fitting_their_own(likeness, vectors)
    if found is None:
        return None
    right, fits = found
    others = np.setdiff1d(np.arange(m), right)
    if len(others) < 2:
        return None
    profiles, theirs = likeness[np.ix_(others, right)], vectors[np.ix_(others, right)]
    crossed = _correlations(profiles, theirs)
    token, vector = linear_sum_assignment(crossed, maximize=True)
    chance = [_correlations(profiles, theirs[:, random.permutation(len(right))]) for _ in range(CHANCES)]
    elsewhere = token != vector
    moved = np.column_stack([others[token[elsewhere]], others[vector[elsewhere]]])
    if not len(moved):
        return None
    return Reordered(
        len(right),
        float(fits[right].mean()),
        moved,
        float(fits[moved[:, 1]].mean()),
        float(crossed[token, vector][elsewhere].mean()),
        max(float(one[linear_sum_assignment(one, maximize=True)].mean()) for one in chance),
    )


def fitting_their_own(likeness: np.ndarray, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """int64: the tokens that are right, found by taking turns, and float64 (m,): how each token's own vector fits
    these; None where fewer than ten or a tenth are right."""
    m = len(likeness)
    right = np.arange(m)
    for _ in range(TURNS):
        fits = own_fits(likeness, vectors, right)
        least = max(float(np.median(np.sort(fits)[-max(FEWEST_RIGHT, m // 4) :])) / 2, 2 / np.sqrt(len(right)))
        following = np.flatnonzero(fits >= least)
        if len(following) < FEWEST_RIGHT or np.array_equal(following, right):
            break
        right = following
    return (right, own_fits(likeness, vectors, right)) if len(right) >= max(FEWEST_RIGHT, 0.1 * m) else None


def own_fits(likeness: np.ndarray, vectors: np.ndarray, right: np.ndarray) -> np.ndarray:
    """float64 (m,): the correlation of each token's two likenesses with the tokens `right`, itself left out."""
    own = right == np.arange(len(likeness))[:, None]
    first, second = (np.where(own, np.nan, one[:, right]) for one in (likeness, vectors))
    first, second = (one - np.nanmean(one, axis=1, keepdims=True) for one in (first, second))
    spread = np.sqrt(np.nansum(first**2, axis=1) * np.nansum(second**2, axis=1))
    return np.nansum(first * second, axis=1) / np.maximum(spread, 1e-12)


def _correlations(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Correlations of all rows of one table (k, n) with all rows of the other: float64 (k, k)."""
    centred = [one - one.mean(axis=1, keepdims=True) for one in (first, second)]
    return cosines_between(centred[0], centred[1])


def cosines_between(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Cosines of all rows of one table with all rows of the other; 0 with a vector of zeros."""
    units: list[np.ndarray] = []
    for vectors in (first, second):
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        units.append(np.divide(vectors, norms, out=np.zeros_like(vectors, dtype=np.float64), where=norms > 0))
    return units[0] @ units[1].T


def by_factors(dataset: AuditDataset, codes: np.ndarray) -> np.ndarray | None:
    """Share of factors in which two tokens have the same value: float64 (m, m); None without two factors."""
    if len(dataset.factors) < 2:
        return None
    values = [value[codes] for value in dataset.factors.values()]
    return np.mean([value[:, None] == value for value in values], axis=0)


def by_spelling(tokens: Sequence[str]) -> np.ndarray | None:
    """Cosines of the tokens' character pairs, with the ends marked: float64 (m, m); None where half of the tokens are
    shorter than three characters."""
    if np.mean([len(token) < 3 for token in tokens]) >= 0.5:
        return None
    pairs: dict[str, int] = {}
    cells: list[tuple[int, int]] = []
    for row, token in enumerate(tokens):
        text = f"\0{token}\0"
        cells += [(row, pairs.setdefault(text[at : at + 2], len(pairs))) for at in range(len(text) - 1)]
    places = np.asarray(cells).T
    shape = (len(tokens), len(pairs))
    return cosines(sparse.coo_matrix((np.ones(len(cells)), (places[0], places[1])), shape=shape).toarray())


def cosines(vectors: np.ndarray) -> np.ndarray:
    """Cosines of all pairs: float64 (m, m), 0 with a vector of zeros."""
    return cosines_between(vectors, vectors)


@dataclass(frozen=True)
class Fit:
    """Correlation of two likenesses over pairs of tokens, and how many standard deviations that is above what
    permuted tokens give (Mantel 1967)."""

    correlation: float
    z: float


def fit(first: np.ndarray, second: np.ndarray, random: np.random.Generator) -> Fit:
    """Mantel's test of two likenesses (m, m) of the same tokens; 0 where one of them does not vary."""
    m = len(first)
    upper = np.triu_indices(m, 1)
    one, other = (_standard(likeness[upper]) for likeness in (first, second))
    if one is None or other is None:
        return Fit(0.0, 0.0)
    observed = float(one @ other) / len(one)
    square = np.zeros((m, m))
    square[upper] = other
    square += square.T
    null = np.empty(PERMUTATIONS)
    for draw in range(PERMUTATIONS):
        order = random.permutation(m)
        null[draw] = one @ square[order][:, order][upper] / len(one)
    return Fit(observed, (observed - float(null.mean())) / max(float(null.std()), 1e-12))


def best_order(first: np.ndarray, second: np.ndarray, random: np.random.Generator) -> float:
    """The highest correlation of `first` with `second` in another order that was found (fast approximate quadratic
    assignment; Vogelstein et al. 2015), from three starts."""
    m = len(first)
    upper = np.triu_indices(m, 1)
    one, two = _standard(first[upper]), _standard(second[upper])
    if one is None or two is None:
        return 0.0
    squares: list[np.ndarray] = []
    for values in (one, two):
        square = np.zeros((m, m))
        square[upper] = values
        squares.append(square + square.T)
    best = 0.0
    for start in range(STARTS):
        begin = _by_eigenvectors(squares[0], squares[1]) if not start else _doubly_stochastic(m, random)
        found = quadratic_assignment(squares[0], squares[1], options={"maximize": True, "P0": begin, "rng": random})
        best = max(best, float(found.fun) / 2 / len(one))
    return best


def _by_eigenvectors(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """A doubly stochastic start (m, m) from the order that all pairs of eigenvectors vote for, weighted by how near
    their eigenvalues are (Fan, Mao, Wu and Xu 2020)."""
    m = len(first)
    (values, basis), (others, other_basis) = (np.linalg.eigh(one) for one in (first, second))
    scale = max(float(np.abs(values).max()), 1e-12)
    weights = 1 / (((values[:, None] - others) / scale) ** 2 + NEARNESS**2)
    votes = basis @ (weights * np.outer(basis.sum(axis=0), other_basis.sum(axis=0))) @ other_basis.T
    rows, columns = linear_sum_assignment(votes, maximize=True)
    order = np.zeros((m, m))
    order[rows, columns] = 1.0
    return 0.9 * order + 0.1 / m


@dataclass(frozen=True)
class Along:
    """The distance at which vectors that are moved along fit best, its correlation, and its z among all distances."""

    rows: int
    correlation: float
    z: float


def along(likeness: np.ndarray, vectors: np.ndarray) -> Along:
    """Try every distance of moving all vectors along their order, around the end."""
    m = len(likeness)
    upper = np.triu_indices(m, 1)
    one, two = _standard(likeness[upper]), _standard(vectors[upper])
    if one is None or two is None:
        return Along(0, 0.0, 0.0)
    square = np.zeros((m, m))
    square[upper] = two
    square += square.T
    fits = np.empty(m)
    for distance in range(m):
        order = (np.arange(m) + distance) % m
        fits[distance] = one @ square[order][:, order][upper] / len(one)
    best = int(fits.argmax())
    others = np.delete(fits, best)
    return Along(best, float(fits[best]), float((fits[best] - others.mean()) / max(float(others.std()), 1e-12)))


def turned(likeness: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A likeness with the same eigenvalues and random eigenvectors: as much structure, of another kind."""
    values = np.linalg.eigvalsh(likeness)
    basis, _ = np.linalg.qr(random.standard_normal(likeness.shape))
    return (basis * values) @ basis.T


def _standard(values: np.ndarray) -> np.ndarray | None:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 1e-9 else None


def _doubly_stochastic(m: int, random: np.random.Generator) -> np.ndarray:
    weights = random.random((m, m)) + 1e-3
    for _ in range(50):
        weights /= weights.sum(axis=1, keepdims=True)
        weights /= weights.sum(axis=0, keepdims=True)
    return (weights + 1 / m) / 2
