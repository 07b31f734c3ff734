"""What chance gives where two splits are drawn from one source, with rows as the units."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy import sparse
from scipy.special import gammaincc, gammaln, ndtr

FEWEST_OWN = 10  # chosen, not measured: fewer counts give no variance of their own
LEAST_DISPERSION = 0.05  # chosen, not measured: no share varies less than a twentieth of independent tokens
FLAT = 1e-3  # chosen, not measured: so little skewed, gamma and normal tails hardly differ
LEAST_DEVIATION = 1e-90  # derived: its third power is still a number


@dataclass(frozen=True)
class Shares:
    """Shares of things (tokens, pairs) among all things of a split: `counts` float64 (k,), `total` their denominator,
    `squares` float64 (k,): squared residuals count - share x total of each unit, summed over units."""

    counts: np.ndarray
    total: float
    squares: np.ndarray

    @property
    def rates(self) -> np.ndarray:
        """float64 (k,): shares."""
        return self.counts / max(self.total, 1.0)

    @staticmethod
    def of(counts: sparse.csr_matrix, totals: np.ndarray | None, units: np.ndarray | None) -> "Shares":
        """Of counts (n_rows, k) and totals (n_rows,), their sums where None; rows of one unit are added up first."""
        totals = (np.asarray(counts.sum(axis=1)).reshape(-1) if totals is None else totals).astype(np.float64)
        counts = add_up(counts, units)
        if units is not None and len(units):
            totals = np.bincount(units, weights=totals)
        sums = np.bincount(counts.indices, weights=counts.data, minlength=shape(counts)[1])
        squared = np.bincount(counts.indices, weights=counts.data**2, minlength=shape(counts)[1])
        rates = sums / max(totals.sum(), 1.0)
        squares = squared - 2 * rates * np.asarray(counts.T @ totals) + rates**2 * float(totals @ totals)
        return Shares(sums, float(totals.sum()), np.maximum(squares, 0.0))


def shape(counts: sparse.csr_matrix | sparse.csc_matrix) -> tuple[int, int]:
    """Rows and columns."""
    rows, columns = cast(tuple[int, int], counts.shape)
    return rows, columns


def add_up(counts: sparse.csr_matrix, units: np.ndarray | None) -> sparse.csr_matrix:
    """Counts float64 (n_units, k) of counts (n_rows, k); every row is a unit where `units` is None."""
    counts = sparse.csr_matrix(counts, dtype=np.float64)
    if units is None or not len(units):
        return counts
    ones = (np.ones(len(units)), (units, np.arange(len(units))))
    return sparse.csr_matrix(sparse.csr_matrix(ones) @ counts)


@dataclass(frozen=True)
class Drift:
    """The difference of the shares of two splits, all float64 (k,): `difference`, its mean size if the source is one
    (`typical`), and the two-sided `p` of each."""

    train: Shares
    other: Shares
    difference: np.ndarray
    typical: np.ndarray
    p: np.ndarray

    @property
    def variation(self) -> float:
        """Total variation distance: half the sum of absolute differences."""
        return float(np.abs(self.difference).sum()) / 2

    @property
    def by_chance(self) -> float:
        """Total variation distance that sampling rows gives on average."""
        return float(self.typical.sum()) / 2

    @property
    def excess(self) -> float:
        """Total variation above chance."""
        return self.variation - self.by_chance

    @property
    def p_of_variation(self) -> float:
        """p of that: a sum of absolute values of normal differences, of the typical sizes."""
        deviation = float(np.sqrt((np.pi / 2 - 1) * (self.typical**2).sum())) / 2
        return float(ndtr(-self.excess / deviation)) if deviation > 0 else 1.0

    def have_moved(self, ratio: float, level: float) -> np.ndarray:
        """bool (k,): those that are surely (Bonferroni) so many times as frequent on one side as on the other."""
        first, second = self.train.rates, self.other.rates
        apart = np.maximum(first, second) >= ratio * np.minimum(first, second)
        return apart & (self.p * len(self.p) < level)

    def list_moved(self, many: int) -> list[int]:
        """Those that moved most, significant ones first (Bonferroni, 5 %)."""
        return np.lexsort((-np.abs(self.difference), self.p * len(self.p) > 0.05))[:many].tolist()

    @property
    def least_p(self) -> float:
        """The smallest p times the number of tests (Bonferroni)."""
        return min(1.0, float(self.p.min()) * len(self.p)) if len(self.p) else 1.0


def drift(train: Shares, other: Shares, expected: np.ndarray | None = None) -> Drift:
    """The other split's shares less train's, or less `expected` float64 (k,), which follows from train's shares in
    proportion.

    The variance of a share is dispersion x share x (1 - share) / total; the dispersion (1 for independent tokens) comes
    from squared residuals of rows, pooled over both splits, or from one split alone where that is larger and 10
    counts support it. Tails: see `tail`.
    """
    if expected is None:
        expected = train.rates
        share = (train.counts + other.counts) / max(train.total + other.total, 1.0)
        stretch = np.ones(len(share))
    else:
        share = expected
        stretch = expected / np.maximum(train.rates, 1.0 / max(train.total, 1.0))
    spread = [one.total * one.rates * (1 - one.rates) for one in (train, other)]
    pooled = np.maximum(_ratio(train.squares + other.squares, spread[0] + spread[1]), LEAST_DISPERSION)
    one, two = (
        np.maximum(pooled, np.where(of.counts >= FEWEST_OWN, _ratio(of.squares, s), LEAST_DISPERSION))
        for of, s in zip((train, other), spread, strict=True)
    )
    least = np.maximum(share, 1.0 / max(train.total, 1.0))  # what train never shows may still be that frequent
    unit = least * (1 - least)
    first, second = one * stretch / max(train.total, 1.0), two / max(other.total, 1.0)
    variance = unit * (first + second)
    third = unit * (1 - 2 * least) * (second**2 - first**2)
    difference = other.rates - expected
    typical = np.minimum(np.sqrt(2 / np.pi * variance), 2 * share)
    both = tail(difference, variance, third), tail(-difference, variance, -third)
    return Drift(train, other, difference, typical, np.minimum(1.0, 2 * np.minimum(*both)))


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.ones(len(above)), where=below > 0)


def tail(value: np.ndarray, variance: np.ndarray, third: np.ndarray) -> np.ndarray:
    """Upper tail of values with mean 0 by three moments: Pearson's type III (a shifted gamma distribution; Mielke and
    Berry 2007) on the side of the long tail; the normal distribution, which is heavier there, on the other."""
    deviation = np.sqrt(variance)
    has = deviation > LEAST_DEVIATION
    z = np.divide(value, deviation, out=np.zeros(np.shape(value)), where=has)
    skew = np.divide(third, deviation**3, out=np.zeros(np.shape(value)), where=has)
    p = ndtr(-z)
    long = skew > FLAT
    root = 2 / np.where(long, skew, 1.0)
    return np.where(long, gammaincc(root**2, np.maximum(root**2 + z * root, 0.0)), p)


def all_in_second(rows: np.ndarray, first: int, second: int) -> np.ndarray:
    """Probability that `rows` int (k,) rows, of first + second rows dealt at random, all fall to the second."""
    rows = np.asarray(rows, np.float64)
    fit = np.minimum(rows, second)
    log = gammaln(second + 1) - gammaln(second - fit + 1) - gammaln(first + second + 1)
    return np.where(rows > second, 0.0, np.exp(log + gammaln(first + second - fit + 1)))


def p_of_dealing(value: float, weight: np.ndarray, chance: np.ndarray, novel: np.ndarray, clump: float = 1.0) -> float:
    """p of `value`, by how much the weights of the `novel` things exceed those that dealing rows at random gives: each
    of weight float64 (k,) has the probability `chance` float64 (k,), and `clump` of them come together. The smaller of
    that p and of the rarest thing's (Bonferroni), doubled."""
    spread = chance * (1 - chance)
    variance = float(weight**2 @ spread) * clump
    third = float(weight**3 @ (spread * (1 - 2 * chance))) * clump**2
    p = float(tail(np.asarray(value), np.asarray(variance), np.asarray(third)))
    return min(1.0, 2 * min(p, float(chance[novel].min(initial=1.0)) * len(chance)))
