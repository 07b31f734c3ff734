"""Which rows are most likely labelled wrongly."""

from __future__ import annotations

import numpy as np

from brittlestar.audits.labels.confused import Pairs
from brittlestar.audits.labels.reading import BANDS, Reading
from brittlestar.statistics.proportions import bound_share_below


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
