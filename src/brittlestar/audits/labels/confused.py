"""Which classes contradictions are about, one answered for another or two taken for each other, and which rows."""

import numpy as np
from scipy.stats import binom

from brittlestar.audits.labels.look import LARGEST_P
from brittlestar.audits.labels.reading import BANDS, Reading
from brittlestar.statistics.proportions import bound_share_below

FEWEST = 10
MOSTLY, MOSTLY_OF_TWO = 0.5, 0.85
BOTH_WAYS, EITHER_WAY = 0.6, 0.15
BEYOND = 1.5
"""Chosen, not measured: errors, their shares that make a pair the story, and how far beyond uniform noise they are."""

Pairs = tuple[tuple[int, int], ...]
"""None, one (answer, label), or two that are each other's reverse, the one with more errors first."""


def pairs_in_excess(reading: Reading, suspect: np.ndarray, reference: np.ndarray) -> Pairs:
    """The pairs that most of the suspect rows' contradictions beyond the reference's are of."""
    n = reading.models.pool.n_classes
    found: list[np.ndarray] = []
    for rows in (suspect & reading.sound, reference & reading.sound):
        cells = reading.predicted[rows] * n + reading.models.pool.rows.labels[rows]
        found.append(np.bincount(cells, minlength=n * n).reshape(n, n).astype(np.float64))
    each, of = (table.sum(axis=1) for table in found)
    excess = found[0] - found[1] / np.maximum(of, 1)[:, None] * each[:, None]
    np.fill_diagonal(excess, 0.0)
    return leading_pairs(np.maximum(excess, 0.0), each, float(excess.sum()))


def leading_pairs(errors: np.ndarray, each: np.ndarray, net: float) -> Pairs:
    """The pair that holds half of `net` errors (.85 with two classes), or a pair and its reverse that together hold .6
    and each .15; all far more than uniform noise gives them. `errors` float64 (C, C) by answer and label; `each`
    float64 (C,): rows of each answer."""
    n, total = len(each), float(errors.sum())
    if total < FEWEST or net <= 0:
        return ()
    answer, label = (int(k) for k in np.unravel_index(int(errors.argmax()), errors.shape))
    chance = np.minimum(BEYOND * each / max(each.sum(), 1) / (n - 1), 0.8)
    beyond = binom.sf(np.floor(errors) - 1, np.ceil(total), chance[:, None]) < LARGEST_P
    there, back = float(errors[answer, label]), float(errors[label, answer])
    if not beyond[answer, label]:
        return ()
    if n > 2 and there + back >= BOTH_WAYS * net and back >= EITHER_WAY * net and beyond[label, answer]:
        return ((answer, label), (label, answer))
    return ((answer, label),) if there >= (MOSTLY if n > 2 else MOSTLY_OF_TWO) * net else ()


def find_suspects(
    reading: Reading, rows: np.ndarray, rate: float, reference: np.ndarray | None = None, pairs: Pairs = ()
) -> np.ndarray:
    """bool (n_rows,): the rows (of `rows`, bool) whose label is more likely turned over than missed by the model.

    Where the model is right with probability 1 - e, a label turned over at `rate` contradicts it with probability
    rate (1 - e) + (1 - rate) e; the share of the first part decides, by tenths of confidence. Errors e of each tenth
    are those of the `reference` rows (bool); without these, those of the rows themselves, at the lower end of their
    99 % interval, less what the rate explains. With `pairs` of (answer, label), rows of these answers are looked
    at, and rows of the label among them returned.
    """
    pool = reading.models.pool
    answered = np.isin(reading.predicted, [answer for answer, _ in pairs]) if pairs else True
    known = rows & (pool.rows.labels >= 0) & answered
    basis = pool.usable & (known if reference is None else reference & answered)
    size = np.bincount(reading.band[basis], minlength=BANDS)
    wrong = np.bincount(reading.band[basis & reading.error], minlength=BANDS)
    turned = min(max(rate, 1e-6), 0.999)
    missed = (wrong + 0.5 * wrong.sum() / max(size.sum(), 1)) / (size + 0.5)
    if reference is None:
        lower = np.asarray([bound_share_below(wrong[k], size[k], 0.005) for k in range(BANDS)])
        missed = np.clip((lower - turned) / max(1 - 2 * turned, 0.05), 0.0, 1.0) * (turned < 0.5)
    likely = turned * (1 - missed) >= (1 - turned) * missed
    if pairs:
        known &= np.any([(reading.predicted == a) & (pool.rows.labels == label) for a, label in pairs], axis=0)
    return known & reading.error & likely[reading.band]
