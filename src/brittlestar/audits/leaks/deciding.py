"""Whether an evaluation split helped to decide which tokens a vocabulary knows."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm, rankdata


@dataclass(frozen=True)
class Decided:
    """Tokens that train has equally often, some of them known and some not, by how often a split has them.

    `advantage` is the chance that a known one occurs more often there than an unknown one (ties half), `p` that of so
    much by chance, and `codes` int64 the known ones that the split has.
    """

    codes: np.ndarray
    advantage: float
    p: float


def detect_decided(train: np.ndarray, split: np.ndarray, knows: np.ndarray) -> Decided:
    """`train`, `split` int64 (n_tokens,): how often each token occurs; `knows` bool (n_tokens,).

    A filter that counts in train alone leaves no two tokens of one count of which it knows one, but for ties at the
    last count of a vocabulary of fixed size. Ranks within each count are compared by the test of van Elteren (1960),
    strata unweighted, with the permutation variance, which allows for ties.
    """
    above = chosen = pairs = variance = 0.0
    codes: list[np.ndarray] = []
    there = np.flatnonzero((train > 0) | (split > 0))
    ordered = there[np.argsort(train[there], kind="stable")]
    for inside in np.split(ordered, np.flatnonzero(np.diff(train[ordered])) + 1):
        mine = knows[inside]
        n, m = int(mine.sum()), int((~mine).sum())
        if not n or not m:
            continue
        ranks = rankdata(split[inside])
        above += float(ranks[mine].sum()) - n * (n + 1) / 2
        chosen += n * m / 2
        pairs += n * m
        variance += n * m / (n + m) * float(ranks.var(ddof=1))
        codes.append(inside[mine & (split[inside] > 0)])
    if not variance:
        return Decided(np.zeros(0, np.int64), 0.5, 1.0)
    return Decided(np.concatenate(codes), above / pairs, float(norm.sf((above - chosen) / np.sqrt(variance))))
