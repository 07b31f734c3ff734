"""Does one set of rows contradict the models more often than another, row for row of the same kind?"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.stats import hypergeom, norm

LARGEST_P = 1e-4  # convention: as of every shift
EXACT_ERRORS = 3000
"""Convention: the law is exact up to so many errors, then normal."""
NEGLIGIBLE = 1e-18  # derived: what is cut off cannot add up to any p that decides


@dataclass(frozen=True)
class Contrast:
    """`rate`: share of the suspect rows whose label was turned over, beyond what befalls the reference, with its 95 %
    interval (`low`, `high`), all of 0 to 1; `errors` of `of` suspect rows contradict the models where the
    reference's rates give `expected`; `p` one-sided."""

    rate: float
    low: float
    high: float
    errors: int
    of: int
    expected: float
    p: float


def contrast(
    error: np.ndarray, suspect: np.ndarray, reference: np.ndarray, stratum: np.ndarray, n_classes: int
) -> Contrast:
    """Compare errors of suspect and reference rows within strata.

    `error`, `suspect`, `reference` bool (n_rows,); `stratum` int64 (n_rows,). Strata that lack one of the sets say
    nothing. Given the errors of each stratum, those of the suspect rows are hypergeometric if rows were dealt at
    random; their sum over strata is tested (exact; normal with the same mean and variance from 3,000 errors on; Mantel
    and Haenszel 1959). A label that is turned over becomes wrong where the model was right, and any of the C - 1 other
    classes where it was wrong: `rate` is the excess of errors over 1 - e C / (C - 1), e being the reference's error.
    """
    table = np.asarray(cells(error, suspect, reference, stratum).sum(axis=0)).reshape(-1, 4)
    n, a, m, b = table[(table[:, 0] > 0) & (table[:, 2] > 0)].T
    total, errors = n + m, a + b
    excess, variance = (float(one[0]) for one in excess_of(table[None]))
    error_there = (b + 0.5 * (errors / np.maximum(total, 1))) / (m + 0.5)
    room = float((n * m / np.maximum(total, 1) * np.maximum(1 - error_there * n_classes / (n_classes - 1), 0)).sum())
    rate = min(excess / room, 1.0) if room else 0.0
    # errors of both sets as independent binomials: what the estimate scatters by, whether or not there is an excess
    each = (m / total) ** 2 * n * _spread(a, n) + (n / total) ** 2 * m * _spread(b, m)
    width = 1.96 * float(np.sqrt(each.sum())) / room if room else 0.0
    low, high = np.clip([rate - width, rate + width], 0.0, 1.0).tolist()
    expected = float((n * b / np.maximum(m, 1)).sum())
    p = _p(n, m, errors, int(a.sum()), float(a.sum()) - excess, variance)
    return Contrast(rate, low, high, int(a.sum()), int(n.sum()), expected, p)


def cells(error: np.ndarray, suspect: np.ndarray, reference: np.ndarray, stratum: np.ndarray) -> sparse.csr_matrix:
    """float64 CSR (n_rows, 4 n_strata): which cells of its stratum's table each row counts in. A table is rows and
    errors of the suspect set, rows and errors of the reference."""
    sets = (suspect, suspect & error, reference, reference & error)
    rows = [np.flatnonzero(chosen) for chosen in sets]
    places = np.concatenate([4 * stratum[chosen] + k for k, chosen in enumerate(rows)])
    shape = (len(error), 4 * (int(stratum.max(initial=-1)) + 1))
    return sparse.csr_matrix((np.ones(len(places)), (np.concatenate(rows), places)), shape=shape)


def excess_of(tables: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Excess of the suspect rows' errors over what dealing at random gives, and its variance then: float64 (n_sets,)
    each; `tables` (n_sets, n_strata, 4)."""
    both = (tables[..., 0] > 0) & (tables[..., 2] > 0)
    n, a, m, b = np.moveaxis(np.where(both[..., None], tables, 0.0), -1, 0)
    total, errors = n + m, a + b
    size = np.maximum(total, 1)
    variance = (errors * (total - errors) * n * m / np.maximum(size**2 * (total - 1), 1)).sum(axis=1)
    return (a - errors * n / size).sum(axis=1), variance


def concentration(excess: np.ndarray, rows: np.ndarray, total: float, of: float) -> np.ndarray:
    """float64 (n_slices,): how much better two rates, one in the slice and one outside, explain a `total` excess over
    `of` rows than one rate does: the log likelihood ratio of Kulldorff's scan statistic (1997); 0 where the slice has
    the lower rate."""
    expected = total * rows / max(of, 1)
    inside, outside = np.clip(excess, 0, total), np.clip(total - excess, 0, total)
    ratio = inside * np.log(np.maximum(inside, 1e-12) / np.maximum(expected, 1e-12))
    ratio += outside * np.log(np.maximum(outside, 1e-12) / np.maximum(total - expected, 1e-12))
    return np.where((inside > expected) & (rows < of), ratio, 0.0)


def _spread(errors: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Variance of one row's error, with one error and one right answer added."""
    share = (errors + 0.5) / (rows + 1)
    return share * (1 - share)


def _p(n: np.ndarray, m: np.ndarray, errors: np.ndarray, seen: int, expected: float, variance: float) -> float:
    if not variance:
        return 1.0
    if errors.sum() > EXACT_ERRORS:
        return float(norm.sf((seen - 0.5 - expected) / np.sqrt(variance)))
    law = np.ones(1)
    for rows, others, wrong in zip(n.tolist(), m.tolist(), errors.tolist(), strict=True):
        if wrong:
            counts = np.arange(min(wrong, rows) + 1)
            law = np.convolve(law, hypergeom.pmf(counts, rows + others, wrong, rows))
            law[law < NEGLIGIBLE] = 0.0
    return float(min(law[seen:].sum(), 1.0))
