"""Shares of rows, and rows that only one of two answers gets right, against chance."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom, hypergeom

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
