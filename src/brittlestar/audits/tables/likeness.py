"""How alike tokens are: by their company in train, by their factors, and by their vectors."""

from collections.abc import Iterable
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
ORDER_FIT, ORDER_GAIN = 0.6, 0.1
NEARNESS = 0.05
NULL_ORDERS = 10
"""Tuned on the known set; the gain of another order is over their own, and over that of as many random structures."""


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


def cosines(vectors: np.ndarray) -> np.ndarray:
    """Cosines of all vectors with each other; 0 with a vector of zeros."""
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-300)
    return unit @ unit.T


@dataclass(frozen=True)
class LikenessFit:
    """Correlation of two likenesses over pairs of tokens, and how many standard deviations that is above what
    permuted tokens give (Mantel 1967)."""

    correlation: float
    z: float


def fit(first: np.ndarray, second: np.ndarray, random: np.random.Generator) -> LikenessFit:
    """Mantel's test of two likenesses (m, m) of the same tokens; 0 where one of them does not vary."""
    orders = [np.arange(len(first)), *(random.permutation(len(first)) for _ in range(PERMUTATIONS))]
    observed, *null = correlations(first, second, orders)
    return LikenessFit(observed, (observed - float(np.mean(null))) / max(float(np.std(null)), 1e-12))


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


@dataclass(frozen=True)
class BestOrder:
    """The order int64 (m,) of the vectors that fits the tokens best, of the first 100, its `correlation`, and the
    largest that random structures with the same eigenvalues reach in theirs (`by_chance`)."""

    order: np.ndarray
    correlation: float
    by_chance: float


def find_best_order(likeness: np.ndarray, vectors: np.ndarray, random: np.random.Generator) -> BestOrder | None:
    """The order in which vectors (m, m) fit a likeness (m, m) far better than where they are, and than chance."""
    some = slice(MOST_FOR_ORDER)
    mine, theirs = likeness[some, some], vectors[some, some]
    order, found = _search_order(mine, theirs, random)
    own = correlations(mine, theirs, [np.arange(len(mine))])[0]
    if found < max(ORDER_FIT, own + ORDER_GAIN):
        return None
    values = np.linalg.eigvalsh(theirs)
    bases = (np.linalg.qr(random.standard_normal(theirs.shape))[0] for _ in range(NULL_ORDERS))
    null = max(_search_order(mine, (basis * values) @ basis.T, random)[1] for basis in bases)
    return BestOrder(order, found, null) if found - null >= ORDER_GAIN else None


def _search_order(first: np.ndarray, second: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, float]:
    """The other order of `second` with the highest correlation that is found (Vogelstein et al. 2015) from their own
    and from the one that all pairs of eigenvectors vote for, weighted by how near their eigenvalues are (Fan et al.
    2020)."""
    squares = standard(first), standard(second)
    (values, basis), (others, other_basis) = (np.linalg.eigh(one) for one in squares)
    weights = 1 / (((values[:, None] - others) / max(float(np.abs(values).max()), 1e-12)) ** 2 + NEARNESS**2)
    votes = basis @ (weights * np.outer(basis.sum(axis=0), other_basis.sum(axis=0))) @ other_basis.T
    found: list[tuple[float, np.ndarray]] = []
    for start in (np.arange(len(first)), linear_sum_assignment(votes, maximize=True)[1]):
        options = {"maximize": True, "P0": 0.9 * np.eye(len(first))[start] + 0.1 / len(first), "rng": random}
        order = quadratic_assignment(*squares, options=options).col_ind
        found.append((correlations(first, second, [order])[0], order))
    correlation, order = max(found, key=lambda one: one[0])
    return order, correlation
