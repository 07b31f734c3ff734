"""Which rows are most likely labelled wrongly."""

from __future__ import annotations

import numpy as np

from brittlestar.audits.labels.cheap import CheapModels
from brittlestar.audits.labels.confused import Pairs
from brittlestar.audits.labels.reading import BANDS, Reading
from brittlestar.statistics.proportions import bound_share_below

LIKELY = 0.5


def suspected(
    reading: Reading,
    rows: np.ndarray,
    rate: float,
    reference: np.ndarray | None = None,
    pairs: Pairs = (),
) -> np.ndarray:
    """int64: the rows (of `rows`, bool) whose label is more likely turned over than missed by the model, surest first.

    Where the model is right with probability 1 - e, a label turned over at `rate` contradicts it with probability
    rate (1 - e) + (1 - rate) e. The share of the first part decides, by tenths of confidence. Errors e of each tenth
    are those of the `reference` rows (bool); without these, those of the rows themselves, at the lower end of their
    99 % interval, less what the rate explains. With `pairs` of (answer, label), rows of these answers are looked
    at, and rows of the label among them returned.
    """
    pool = reading.models.pool
    known = rows & (pool.rows.labels >= 0)
    predicted = reading.models.answers[reading.models.best].predicted
    if pairs:
        answered = np.isin(predicted, [answer for answer, _ in pairs])
        known &= answered
        reference = None if reference is None else reference & answered
    basis = pool.usable & (known if reference is None else reference)
    size = np.bincount(reading.band[basis], minlength=BANDS)
    wrong = np.bincount(reading.band[basis & reading.error], minlength=BANDS)
    turned = min(max(rate, 1e-6), 0.999)
    if reference is None:
        lower = np.asarray([bound_share_below(wrong[k], size[k], 0.005) for k in range(BANDS)])
        missed = np.clip((lower - turned) / max(1 - 2 * turned, 0.05), 0.0, 1.0) if turned < 0.5 else 0.0 * lower
    else:
        missed = (wrong + 0.5 * wrong.sum() / max(size.sum(), 1)) / (size + 0.5)
    likely = turned * (1 - missed) / np.maximum(turned * (1 - missed) + (1 - turned) * missed, 1e-12)
    if pairs:
        known &= np.any([(predicted == answer) & (pool.rows.labels == label) for answer, label in pairs], axis=0)
    found = np.flatnonzero(known & reading.error & (likely >= LIKELY)[reading.band])
    return found[np.argsort(-reading.rank[found], kind="stable")]


def contradicting(models: CheapModels, inside: np.ndarray) -> np.ndarray:
    """bool (n_rows,): rows that contradict the best model when it has learned from no row of the slice `inside` (bool):
    rows whose labels are close to random cannot teach it what is right."""
    pool = models.pool
    if not (pool.fitted & ~inside).any():
        return np.zeros(pool.rows.n_rows, np.bool_)
    answers = models.learner.answers(models.answers[models.best].model, pool.fitted & ~inside)
    return answers.predicted != pool.rows.labels
