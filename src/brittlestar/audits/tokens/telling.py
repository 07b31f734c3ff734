"""How much the presence of something in a row tells about its label, beyond what the row's length explains."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm, poisson

MOST_STRATA = 10  # convention: tenths
FEWEST_IN_CLASS = 20  # chosen with its tests (1dafe26): smaller classes tell by chance
RARE = 10.0  # convention: a count is about normal from 10 expected on


@dataclass(frozen=True)
class Telling:
    """The class whose rows have it most unlike the others: `rate` in that class, `elsewhere` in the rest;
    `difference` class against rest, with row length held; `gain` over the majority class of predicting from presence
    alone; `p` two-sided, over all classes."""

    label: int
    rate: float
    elsewhere: float
    difference: float
    gain: float
    p: float


def telling(present: np.ndarray, labels: np.ndarray, lengths: np.ndarray, n_classes: int) -> Telling | None:
    """Compare the classes' rates of `present` bool (n_rows,) within up to ten strata of equal length.

    In each stratum the number of rows of a class that have it is hypergeometric when the label tells nothing; sums over
    strata give a z per class (Cochran 1954, Mantel and Haenszel 1959), and the class with 20 rows whose z is largest
    counts. Where less than ten rows of that class are expected to have it, p is at least that of a Poisson count. None
    with less than two such classes, or where all rows or none have it.
    """
    use = (labels >= 0) & (labels < n_classes)
    present, labels, lengths = present[use], labels[use], lengths[use]
    n = len(labels)
    per_class = np.bincount(labels, minlength=n_classes).astype(np.float64)
    if (per_class >= FEWEST_IN_CLASS).sum() < 2 or not 0 < present.sum() < n:
        return None
    edges = np.unique(np.quantile(lengths, np.linspace(0, 1, MOST_STRATA + 1)[1:-1]))
    stratum = np.searchsorted(edges, lengths, side="left")
    size = int(stratum.max()) + 1
    cells = np.bincount(stratum * n_classes + labels, minlength=size * n_classes).reshape(size, n_classes)
    rows, having = cells.sum(axis=1), np.bincount(stratum, present, minlength=size)
    share = having / np.maximum(rows, 1)
    expected = share @ cells
    spread = share * (1 - share) / np.maximum(rows - 1, 1)
    variance = (spread[:, None] * cells * (rows[:, None] - cells)).sum(axis=0)
    # What a class could differ by at all: strata in which it stands alone say nothing.
    room = (cells * (rows[:, None] - cells) / np.maximum(rows, 1)[:, None]).sum(axis=0)
    observed = np.bincount(labels, present, minlength=n_classes)
    z = (observed - expected) / np.sqrt(np.maximum(variance, 1e-12))
    z[(variance <= 0) | (per_class < FEWEST_IN_CLASS)] = 0.0
    label = int(np.abs(z).argmax())
    tail = float(norm.sf(abs(z[label])))
    if expected[label] < RARE:
        mean, seen = float(expected[label]), float(observed[label])
        tail = max(tail, float(poisson.sf(seen - 1, mean) if z[label] > 0 else poisson.cdf(seen, mean)))
    p = min(1.0, 2 * tail * int((per_class >= FEWEST_IN_CLASS).sum()))
    both = np.stack([observed, per_class - observed])
    gain = float(both.max(axis=1).sum() - per_class.max()) / n
    rest = n - per_class[label]
    return Telling(
        label,
        float(observed[label] / per_class[label]),
        float((present.sum() - observed[label]) / max(rest, 1)),
        float((observed - expected)[label] / max(room[label], 1e-12)),
        gain,
        p,
    )
