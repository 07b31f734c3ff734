"""How alike tokens are: by their company in train, by their factors, by their spelling, and by their vectors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment, quadratic_assignment

from brittlestar.audits.dataset import AuditDataset
from brittlestar.baselines.rows import BaselineRows

WINDOW, CONTEXTS, DIRECTIONS = 2, 500, 16
MOST_TOKENS_COMPARED = 2_000_000
PERMUTATIONS = 199
"""Conventions; a window of 2 and positive weights as Levy and Goldberg (2014) have them."""
MOST_FOR_ORDER = 100  # budget: a second
ORDER_FIT, ORDER_GAIN = 0.6, 0.15
NEARNESS = 0.05
NULL_ORDERS = 10
TURNS, FEWEST_RIGHT = 10, 10
OWN_FIT, CORE_FIT = 0.25, 0.4
FEWEST_MOVED, MOVED = 3, 0.05
MOVED_FIT, MOVED_CORE_FIT, ABOVE_CHANCE, CHANCES = 0.75, 0.5, 0.25, 5
FEWEST_RELIABLE, RELIABLE = 15, 0.4
FEWEST_STRANGE, STRANGE = 5, 0.3
"""Tuned on the first three sets (bf02c07, 801920f); the page of `embedding.misaligned` says what they mean."""


def by_company(rows: BaselineRows, codes: np.ndarray, n_tokens: int) -> np.ndarray:
    """Cosines of what the tokens' co-occurrence profiles have in common: float64 (m, m).

    A profile holds the positive pointwise mutual information (Church and Hanks 1990) with each of the 500 most
    frequent tokens within two places to either side, over the first two million tokens; of all profiles the leading 16
    directions are kept (Levy and Goldberg 2014).
    """
    used = rows.codes[:MOST_TOKENS_COMPARED].astype(np.int64)
    contexts = np.argsort(-np.bincount(used, minlength=n_tokens), kind="stable")[:CONTEXTS]
    row = np.searchsorted(rows.offsets, np.arange(len(used)), side="right")
    pairs = sparse.csr_matrix((n_tokens, n_tokens))
    for step in range(1, WINDOW + 1):
        inside = row[step:] == row[:-step]
        cells = (np.ones(int(inside.sum())), (used[:-step][inside], used[step:][inside]))
        pairs += sparse.coo_matrix(cells, shape=pairs.shape)
    counts = sparse.csr_matrix(pairs + pairs.T)[codes][:, contexts].toarray()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / max(counts.sum(), 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        information = np.where(counts > 0, np.log(counts / expected), 0.0)
    left, strength, _ = np.linalg.svd(np.maximum(information, 0.0), full_matrices=False)
    vectors = left[:, :DIRECTIONS] * np.sqrt(strength[:DIRECTIONS])
    return cosines(vectors - vectors.mean(axis=0))


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
    shape = (len(tokens), len(pairs))
    return cosines(sparse.coo_matrix((np.ones(len(cells)), tuple(np.asarray(cells).T)), shape=shape).toarray())


def cosines(vectors: np.ndarray) -> np.ndarray:
    """Cosines of all vectors with each other; 0 with a vector of zeros."""
    return _cross(vectors, vectors)


@dataclass(frozen=True)
class Fit:
    """Correlation of two likenesses over pairs of tokens, and how many standard deviations that is above what
    permuted tokens give (Mantel 1967)."""

    correlation: float
    z: float


def fit(first: np.ndarray, second: np.ndarray, random: np.random.Generator) -> Fit:
    """Mantel's test of two likenesses (m, m) of the same tokens; 0 where one of them does not vary."""
    orders = [np.arange(len(first)), *(random.permutation(len(first)) for _ in range(PERMUTATIONS))]
    observed, *null = correlations(first, second, orders)
    return Fit(observed, (observed - float(np.mean(null))) / max(float(np.std(null)), 1e-12))


def correlations(first: np.ndarray, second: np.ndarray, orders: Iterable[np.ndarray]) -> list[float]:
    """Correlations over all pairs of tokens of one likeness (m, m) with the other in each order; 0 where one of them
    does not vary."""
    one, other, pairs = standard(first), standard(second), len(first) * (len(first) - 1)
    return [float(np.vdot(one, other[order][:, order])) / pairs for order in orders]


def standard(likeness: np.ndarray) -> np.ndarray:
    """A likeness with mean 0 and deviation 1 over pairs, and 0 on its diagonal; all 0 where it does not vary."""
    apart = ~np.eye(len(likeness), dtype=np.bool_)
    spread = float(likeness[apart].std())
    return apart * (likeness - likeness[apart].mean()) / spread if spread > 1e-9 else np.zeros(apart.shape)


def find_best_order(
    likeness: np.ndarray, vectors: np.ndarray, random: np.random.Generator
) -> tuple[float, float] | None:
    """The correlation of the order that fits best, and of that with random structures of the same eigenvalues, if the
    former is far higher (of the first 100 tokens)."""
    some = slice(MOST_FOR_ORDER)
    mine, theirs = likeness[some, some], vectors[some, some]
    found = _best_order(mine, theirs, random)
    if found < ORDER_FIT:
        return None
    values = np.linalg.eigvalsh(theirs)
    bases = (np.linalg.qr(random.standard_normal(theirs.shape))[0] for _ in range(NULL_ORDERS))
    null = max(_best_order(mine, (basis * values) @ basis.T, random) for basis in bases)
    return (found, null) if found - null >= ORDER_GAIN else None


def _best_order(first: np.ndarray, second: np.ndarray, random: np.random.Generator) -> float:
    """The highest correlation of `first` with `second` in another order that is found (Vogelstein et al. 2015) from the
    one that all pairs of eigenvectors vote for, weighted by how near their eigenvalues are (Fan et al. 2020)."""
    squares = standard(first), standard(second)
    (values, basis), (others, other_basis) = (np.linalg.eigh(square) for square in squares)
    weights = 1 / (((values[:, None] - others) / max(float(np.abs(values).max()), 1e-12)) ** 2 + NEARNESS**2)
    votes = basis @ (weights * np.outer(basis.sum(axis=0), other_basis.sum(axis=0))) @ other_basis.T
    start = 0.9 * np.eye(len(first))[linear_sum_assignment(votes, maximize=True)[1]] + 0.1 / len(first)
    order = quadratic_assignment(*squares, options={"maximize": True, "P0": start, "rng": random}).col_ind
    return correlations(first, second, [order])[0]


@dataclass(frozen=True)
class MovedVectors:
    """`tokens` int64 (k,), of `of`, whose vectors do not fit them (`own_fit` on average), while those of `right` tokens
    fit their own with `right_fit`; `fit` is that of the tokens they would belong to, None where nobody knows."""

    tokens: np.ndarray
    of: int
    own_fit: float
    fit: float | None
    right: int
    right_fit: float


def find_exchanged(likeness: np.ndarray, vectors: np.ndarray, random: np.random.Generator) -> MovedVectors | None:
    """Tokens that have each other's vectors: those that do not fit are assigned to the tokens that they do not fit, by
    how they fit the tokens that are right. `likeness`, `vectors` (m, m) of tokens and vectors."""
    found = fitting_their_own(likeness, vectors)
    if found is None or len(found[0]) > len(likeness) - 2:
        return None
    right, fits = found
    others = np.setdiff1d(np.arange(len(likeness)), right)
    profiles, theirs = (one[np.ix_(others, right)] for one in (likeness, vectors))
    profiles, theirs = (one - one.mean(axis=1, keepdims=True) for one in (profiles, theirs))
    crossed = _cross(profiles, theirs)
    token, vector = linear_sum_assignment(crossed, maximize=True)
    chances = [_cross(profiles, theirs[:, random.permutation(len(right))]) for _ in range(CHANCES)]
    chance = max(float(one[linear_sum_assignment(one, maximize=True)].mean()) for one in chances)
    away = token != vector
    if away.sum() < max(FEWEST_MOVED, MOVED * len(likeness)):
        return None
    core, own, elsewhere = fits[right].mean(), fits[others[vector[away]]].mean(), crossed[token, vector][away].mean()
    if core < MOVED_CORE_FIT or elsewhere < max(MOVED_FIT * core, chance + ABOVE_CHANCE) or own > OWN_FIT * core:
        return None
    return MovedVectors(others[token[away]], len(likeness), float(own), float(elsewhere), len(right), float(core))


def _cross(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Cosines of all rows with all others."""
    first, second = (one / np.maximum(np.linalg.norm(one, axis=1, keepdims=True), 1e-300) for one in (first, second))
    return first @ second.T


def find_strangers(company: np.ndarray, vectors: np.ndarray, halves: Sequence[np.ndarray]) -> MovedVectors | None:
    """Tokens of a certain company, the same in both `halves` of train, whose vectors fit nothing of it."""
    found = fitting_their_own(company, vectors)
    if found is None:
        return None
    right, fits = found
    reliable, core = own_fits(halves[0], halves[1], right) >= RELIABLE, float(fits[right].mean())
    strange = np.flatnonzero(reliable & (fits < OWN_FIT * core))
    many = int(reliable.sum())
    if many < FEWEST_RELIABLE or len(strange) < max(FEWEST_STRANGE, STRANGE * many) or core < CORE_FIT:
        return None
    return MovedVectors(strange, many, float(fits[strange].mean()), None, len(right), core)


def fitting_their_own(likeness: np.ndarray, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """int64: the tokens that are right, found by taking turns (who fits the others that are right is right), and
    float64 (m,): how each token's own vector fits these; None where fewer than ten or a tenth are right."""
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
