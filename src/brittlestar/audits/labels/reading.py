"""What the best shallow model makes of the labels: where it errs, and how sure it was."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brittlestar.audits.labels.cheap import CheapModels, majority_error
from brittlestar.audits.labels.contrast import Contrast, cells, concentration, contrast, excess_of
from brittlestar.audits.labels.slices import Slices

BANDS = 10
COARSE = 4
CLEAR = 4.0
"""Conventions: bands of confidence, fine and coarse, and deviations from which an excess is clear."""


@dataclass(frozen=True)
class Reading:
    """All arrays are (n_rows,) over the pool. `error`: the answer is not the label; `rank` float64: share of the
    fitted rows with this answer that the model was less sure of; `answered` int64: rows of one answer, a quarter of
    `rank` and a half by length; `labelled` int64: rows of one label and a half by length; `sound` bool: usable rows
    among whose `answered` the model errs at most half as often as naming the largest class would."""

    models: CheapModels
    predicted: np.ndarray
    error: np.ndarray
    rank: np.ndarray
    answered: np.ndarray
    labelled: np.ndarray
    sound: np.ndarray

    @staticmethod
    def of(models: CheapModels) -> Reading:
        """Read the answers of the model that is best out of fold."""
        pool, found = models.pool, models.best
        error = found.predicted != pool.rows.labels
        basis = pool.fitted & pool.usable
        rank = _rank(found.predicted, found.confidence, basis, pool.n_classes)
        long = pool.rows.lengths > (np.median(pool.rows.lengths[basis]) if basis.any() else 0)
        coarse = np.minimum((rank * COARSE).astype(np.int64), COARSE - 1)
        answered = (found.predicted * COARSE + coarse) * 2 + long
        labelled = np.maximum(pool.rows.labels, 0).astype(np.int64) * 2 + long
        kept = pool.usable & ~pool.shifted
        rows, wrong = (np.bincount(answered[one], minlength=answered.max() + 1) for one in (kept, kept & error))
        hopeful = wrong <= models.chance_error / 2 * rows
        sound = pool.usable & hopeful[answered]
        return Reading(models, found.predicted, error, rank, answered, labelled, sound)

    @property
    def band(self) -> np.ndarray:
        """int64 (n_rows,): `rank` in tenths."""
        return np.minimum((self.rank * BANDS).astype(np.int64), BANDS - 1)

    def skill(self, rows: np.ndarray) -> float:
        """How much of the error of naming the largest class the model avoids on the rows; `rows` bool (n_rows,)."""
        naive = majority_error(self.models.pool.rows.labels[rows])
        return 1 - float(self.error[rows].mean()) / naive if naive else 0.0

    def contrast(self, suspect: np.ndarray, reference: np.ndarray, tried: int = 1) -> Contrast:
        """Labels of the suspect rows against those of the reference; bool (n_rows,) each.

        Two tests have to agree. Among rows of one answer and confidence, a change of the rows alone changes nothing;
        among rows of one label, a change of the class shares alone changes nothing; wrong labels change both. The
        larger p counts, times the number of sets `tried`; the rate is that of the first.
        """
        n_classes, usable = self.models.pool.n_classes, self.models.pool.usable
        first = contrast(self.error, suspect & self.sound, reference & self.sound, self.answered, n_classes)
        second = contrast(self.error & self.sound, suspect & usable, reference & usable, self.labelled, n_classes)
        return replace(first, p=min(max(first.p, second.p) * tried, 1.0))

    def worst_slice(self, slices: Slices, suspect: np.ndarray, reference: np.ndarray) -> tuple[int, Contrast] | None:
        """The slice that the suspect rows' contradictions are most concentrated in, of those with a clear excess if
        there are any; its p multiplied by the slices tried."""
        if not slices.names:
            return None
        table = cells(self.error, suspect & self.sound, reference & self.sound, self.answered)
        tables = slices.count(table).reshape(len(slices.names), -1, 4)
        excess, variance = excess_of(tables)
        whole, _ = excess_of(np.asarray(table.sum(axis=0)).reshape(1, -1, 4))
        of = float((suspect & self.sound).sum())
        together = concentration(excess, tables[..., 0].sum(axis=1), max(float(whole[0]), 0.0), of)
        scores = excess / np.sqrt(np.maximum(variance, 1e-12))
        first = -np.arange(len(scores))  # of equal slices, tokens come before their parts
        worst = int(np.lexsort((first, scores, together, scores >= CLEAR))[-1])
        inside = slices.rows(worst)
        return worst, self.contrast(suspect & inside, reference & inside, len(slices.names))


def _rank(predicted: np.ndarray, confidence: np.ndarray, basis: np.ndarray, n_classes: int) -> np.ndarray:
    """float64 (n_rows,) in [0, 1]: among basis rows with the same answer, the share that was less sure (half of equals
    count)."""
    rank = np.zeros(len(predicted))
    for label in range(n_classes):
        mine = predicted == label
        known = np.sort(confidence[mine & basis])
        if len(known):
            below, upto = (np.searchsorted(known, confidence[mine], side=side) for side in ("left", "right"))
            rank[mine] = (below + upto) / (2 * len(known))
    return rank
