"""Shares of rows against chance: how many rows two splits share, and which of two answers is right more often."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import binom, hypergeom

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.token_model import row_sums
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.large_arrays import are_in
from brittlestar.core.seeds import generator
from brittlestar.core.token_rows import take
from brittlestar.statistics.proportions import bound_share_above


@dataclass(frozen=True)
class Rate:
    """`hits` of `of` rows."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        """Hits over rows, 0 without rows."""
        return self.hits / self.of if self.of else 0.0

    @property
    def upper(self) -> float:
        """Upper 99 % bound of the share (Clopper and Pearson 1934)."""
        return bound_share_above(self.hits, self.of, 0.01)

    def p_above(self, share: float) -> float:
        """Probability of at least as many hits where each row is one with the probability `share`; 1 without rows."""
        return float(binom.sf(self.hits - 1, self.of, share)) if self.of else 1.0

    def p_more_than(self, other: "Rate") -> float:
        """One-sided p-value of Fisher's exact test that the share is higher here."""
        if not self.of or not other.of:
            return 1.0
        return float(hypergeom.sf(self.hits - 1, self.of + other.of, self.hits + other.hits, self.of))


def sign_test(better: int, worse: int, worth: float = 1.0) -> float:
    """Probability of at least `better` of `better + worse` rows, were either equally likely; `worth` rows count as
    one (McNemar 1947)."""
    better, worse = round(better / worth), round(worse / worth)
    return float(binom.sf(better - 1, better + worse, 0.5)) if better else 1.0


@dataclass(frozen=True)
class Paired:
    """Rows that `after` gets right and `before` does not (`better`), the other way (`worse`), and `p` of as many better
    ones by chance: a sign test, one-sided."""

    better: int
    worse: int
    p: float

    @staticmethod
    def of(before: np.ndarray, after: np.ndarray) -> "Paired":
        """Compare right answers, bool (n_rows,) each."""
        better, worse = int((after & ~before).sum()), int((before & ~after).sum())
        return Paired(better, worse, sign_test(better, worse))


TOKENS_PER_LENGTH = 100_000  # budget: tokens of one length whose probabilities are summed
LEAST_EXCESS = 0.002
SERIOUS = 0.01
"""Derived: a leak moves a score by its share of the rows at most, here 0.2 points (a warning) and 1 point (error)."""
FEWEST_EXCESS = 2  # chosen, not measured: one row alone is no leak
FEWEST_HOT = 5  # chosen, not measured
HOT = 20.0  # chosen, not measured
ROUNDS = 4  # budget: rounds until CLOSE
CLOSE = 0.005  # chosen, not measured: half a point of rows
NEARLY = 0.99  # chosen, not measured: a threshold met but for the chance of nearly nothing is met


@dataclass(frozen=True)
class Overlap:
    """`shared` int64: positions of the second split's rows that stand in the first; `of` its rows; `rate` the
    probability that a row drawn by chance stands in the first. `hot` int64 are those shared rows whose sequence stands
    in the second split 5 times or more and 20 times as often as chance gives, `repeating` those where that holds in
    the first split."""

    shared: np.ndarray
    of: int
    rate: float
    hot: np.ndarray
    repeating: np.ndarray

    @property
    def found(self) -> Rate:
        """Shared rows of all."""
        return Rate(len(self.shared), self.of)

    @property
    def share(self) -> float:
        """Shared rows over rows."""
        return self.found.share

    @property
    def expected(self) -> float:
        """Rows that chance gives."""
        return self.rate * self.of

    @property
    def excess(self) -> float:
        """Share above chance; the share of hot rows where that is more."""
        return max(self.share - self.rate, Rate(len(self.hot), self.of).share)

    @property
    def beyond(self) -> bool:
        """Whether the excess is 0.2 % and 2 rows at least; chance of nearly nothing takes none away."""
        return self.excess >= NEARLY * LEAST_EXCESS and self.excess * self.of >= NEARLY * FEWEST_EXCESS

    @property
    def p(self) -> float:
        """Probability of at least as many shared rows by chance; 1 without rows. Hot rows are no chance."""
        return 0.0 if len(self.hot) and self.excess > self.share - self.rate else self.found.p_above(self.rate)

    def as_json(self) -> dict[str, Any]:
        """Counts, chance and test as JSON values."""
        return {
            "shared": len(self.shared),
            "of": self.of,
            "share": self.share,
            "chance": {"rows": self.expected, "share": self.rate},
            "repeated": {"here": len(self.hot), "there": len(self.repeating)},
            "excess": self.excess,
            "test": "binomial, against chance",
            "p": self.p,
        }


def overlap(analysis: Analysis, first: BaselineRows, second: BaselineRows) -> Overlap:
    """Rows of `second` that stand in `first`, beside chance: rows of `second`'s lengths under a first-order model of
    train's distinct rows."""
    shared = np.flatnonzero(are_in(second.hashes, first.hashes))
    if not second.n_rows or not first.n_rows:
        return Overlap(shared, second.n_rows, 0.0, shared[:0], shared[:0])
    rate = _rate(analysis, first, second.lengths)
    hashes = second.hashes[shared]
    here, there = _hot(analysis, second, shared), _hot(analysis, first, np.flatnonzero(are_in(first.hashes, hashes)))
    return Overlap(shared, second.n_rows, rate, shared[np.isin(hashes, here)], shared[np.isin(hashes, there)])


def _rate(analysis: Analysis, first: BaselineRows, lengths: np.ndarray) -> float:
    """The summed probabilities of the distinct rows of `first`; of each length a random sample that stands for all."""
    is_train = first.name == analysis.train.name
    distinct = analysis.distinct_train if is_train else first.take(np.unique(first.hashes, return_index=True)[1])
    share = np.bincount(lengths) / len(lengths)
    mine = distinct.lengths
    possible = np.flatnonzero((mine < len(share)) & (share[np.minimum(mine, len(share) - 1)] > 0))
    shuffled = generator(0, "chance", first.name).permutation(possible)
    order = shuffled[np.argsort(mine[shuffled], kind="stable")]
    counts = np.bincount(mine[possible])
    size = np.flatnonzero(counts)
    many = counts[size]
    looked = np.minimum(many, np.maximum(TOKENS_PER_LENGTH // np.maximum(size, 1), 20))
    starts = np.cumsum(many) - many
    parts = [order[start : start + n] for start, n in zip(starts.tolist(), looked.tolist(), strict=True)]
    rows, weight = np.concatenate([order[:0], *parts]), np.repeat(many / looked, looked)
    codes, offsets = take(distinct.codes, distinct.offsets, rows)
    fitted = np.isin(rows, analysis.surprise_rows) if is_train else np.zeros(len(rows), np.bool_)
    rate = 0.0
    for _ in range(ROUNDS):
        # Each row is predicted from the others. But distinct rows are drawn without repetition: where most rows that
        # there are in train, to leave one out is to say that it is rarer than others.
        bits = row_sums(analysis.surprise.bits(codes, offsets, fitted * (1 - rate)), offsets)
        before, rate = rate, min(float((share[mine[rows]] * weight * np.exp2(-bits)).sum()), 1.0)
        if abs(rate - before) < CLOSE:
            break
    return rate


def _hot(analysis: Analysis, rows: BaselineRows, asked: np.ndarray) -> np.ndarray:
    """uint64: hashes of the sequences at positions `asked` that are far more frequent than chance gives."""
    hashes, first, counts = np.unique(rows.hashes[asked], return_index=True, return_counts=True)
    often = np.flatnonzero(counts >= FEWEST_HOT)
    places = asked[first[often]]
    codes, offsets = take(rows.codes, rows.offsets, places)
    share = (np.bincount(rows.lengths) / rows.n_rows)[rows.lengths[places]]
    bits = row_sums(analysis.surprise.bits(codes, offsets), offsets)
    return hashes[often[counts[often] >= HOT * rows.n_rows * share * np.exp2(-bits)]]


def repeats(rows: BaselineRows) -> Rate:
    """Rows that occur more than once: their share is the chance that one more draw from the source of these rows is a
    row they hold already (Good 1953)."""
    _, counts = np.unique(rows.hashes, return_counts=True)
    return Rate(rows.n_rows - int((counts == 1).sum()), rows.n_rows)


def repeats_among(rows: BaselineRows, many: int) -> Rate:
    """Rows that would occur again among `many` others drawn from the same rows: their share is the chance that a draw
    from the source of these rows is one of `many` other draws, as when few rows are rarefied from many (Hurlbert 1971).
    Rounded, but no less than one where any row occurs more than once."""
    _, counts = np.unique(rows.hashes, return_counts=True)
    if not (counts > 1).any():
        return Rate(0, rows.n_rows)
    taken = min(many / (rows.n_rows - 1), 1.0)
    again = float((counts * (1 - (1 - taken) ** (counts - 1))).sum())
    return Rate(max(round(again), 1), rows.n_rows)
