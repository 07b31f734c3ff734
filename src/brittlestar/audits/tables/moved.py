"""Which tokens have vectors that do not fit them: exchanged or strange while others fit, or all shuffled."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment, quadratic_assignment

from brittlestar.audits.tables.likeness import correlations, cosines, fitting_their_own, own_fits, standard

FEWEST_MOVED, MOVED = 3, 0.05
MOVED_FIT, OWN_FIT, CORE_FIT = 0.75, 0.25, 0.5
ABOVE_CHANCE, CHANCES = 0.25, 5
FEWEST_RELIABLE, RELIABLE = 15, 0.4
FEWEST_STRANGE, STRANGE = 5, 0.3
STRANGE_CORE_FIT = 0.4
MOST_FOR_ORDER = 100
ORDER_FIT, ORDER_GAIN = 0.6, 0.15
NEARNESS = 0.05
NULL_ORDERS = 10
"""Tuned on the first three sets (bf02c07, 801920f); the page of the finding says what they mean."""


@dataclass(frozen=True)
class Moved:
    """`pairs` int64 (k, 2): token and the token whose vector it has, itself where nobody knows; they fit with `own_fit`
    where they are and with `fit` where they are moved to, `right` tokens fit their own with `right_fit`. `reliable`:
    tokens whose company is certain."""

    pairs: np.ndarray
    fit: float
    own_fit: float
    right: int
    right_fit: float
    reliable: int

    def as_json(self) -> dict[str, Any]:
        """Counts and fits as JSON values."""
        return {
            "moved": len(self.pairs),
            "right": self.right,
            "right_fit": self.right_fit,
            "moved_fit_at_own_token": self.own_fit,
            "moved_fit_elsewhere": self.fit,
        }


def find_exchanged(likeness: np.ndarray, vectors: np.ndarray, random: np.random.Generator) -> Moved | None:
    """Tokens that have each other's vectors, by an assignment of the vectors that do not fit to the tokens that they do
    not fit, by how they fit the tokens that are right. `likeness`, `vectors` (m, m) of tokens and vectors."""
    found = fitting_their_own(likeness, vectors)
    if found is None:
        return None
    right, fits = found
    others = np.setdiff1d(np.arange(len(likeness)), right)
    if len(others) < 2:
        return None
    profiles, theirs = (one[np.ix_(others, right)] for one in (likeness, vectors))
    profiles, theirs = (one - one.mean(axis=1, keepdims=True) for one in (profiles, theirs))
    crossed = cosines(profiles, theirs)
    token, vector = linear_sum_assignment(crossed, maximize=True)
    chances = [cosines(profiles, theirs[:, random.permutation(len(right))]) for _ in range(CHANCES)]
    chance = max(float(one[linear_sum_assignment(one, maximize=True)].mean()) for one in chances)
    away = token != vector
    pairs = np.column_stack([others[token[away]], others[vector[away]]])
    if len(pairs) < max(FEWEST_MOVED, MOVED * len(likeness)):
        return None
    core, own, elsewhere = fits[right].mean(), fits[pairs[:, 1]].mean(), crossed[token, vector][away].mean()
    least = max(MOVED_FIT * core, chance + ABOVE_CHANCE)
    if core < CORE_FIT or elsewhere < least or own > OWN_FIT * core:
        return None
    return Moved(pairs, float(elsewhere), float(own), len(right), float(core), len(likeness))


def strangers(company: np.ndarray, vectors: np.ndarray, halves: list[np.ndarray]) -> Moved | None:
    """Tokens of a certain company, the same in both `halves` of train, whose vectors fit nothing of it."""
    found = fitting_their_own(company, vectors)
    if found is None:
        return None
    right, fits = found
    reliable, core = own_fits(halves[0], halves[1], right) >= RELIABLE, float(fits[right].mean())
    strange = np.flatnonzero(reliable & (fits < OWN_FIT * core))
    many = int(reliable.sum())
    if many < FEWEST_RELIABLE or len(strange) < max(FEWEST_STRANGE, STRANGE * many) or core < STRANGE_CORE_FIT:
        return None
    own = float(fits[strange].mean())
    return Moved(np.column_stack([strange, strange]), own, own, len(right), core, many)


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
    (values, basis), (others, other_basis) = (np.linalg.eigh(one) for one in squares)
    weights = 1 / (((values[:, None] - others) / max(float(np.abs(values).max()), 1e-12)) ** 2 + NEARNESS**2)
    votes = basis @ (weights * np.outer(basis.sum(axis=0), other_basis.sum(axis=0))) @ other_basis.T
    start = 0.9 * np.eye(len(first))[linear_sum_assignment(votes, maximize=True)[1]] + 0.1 / len(first)
    order = quadratic_assignment(*squares, options={"maximize": True, "P0": start, "rng": random}).col_ind
    return correlations(first, second, [order])[0]
