"""What the best shallow model makes of the labels: where it errs, and how sure it was."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from brittlestar.audits.labels.cheap import CheapModels, majority_error
from brittlestar.audits.labels.contrast import Contrast, concentration, contrast, excess_scores
from brittlestar.audits.labels.slices import Slices

BANDS = 10
COARSE = 4
CLEAR = 4.0


@dataclass(frozen=True)
class Reading:
    """All arrays are (n_rows,) over the pool. `error`: the answer is not the label; `rank` float64: share of the
    fitted rows with this answer that the model was less sure of; `band` int64: the rank in tenths; `answered` int64:
    rows of one answer, a quarter of `rank` and a half by length; `labelled` int64: rows of one label and a half by
    length; `sound` bool: usable rows among whose `answered` the model errs at most half as often as naming the
    largest class would."""

    models: CheapModels
    error: np.ndarray
    rank: np.ndarray
    band: np.ndarray
    answered: np.ndarray
    labelled: np.ndarray
    sound: np.ndarray

    @staticmethod
    def of(models: CheapModels) -> Reading:
        """Read the answers of the model that is best out of fold."""
        pool, found = models.pool, models.answers[models.best]
        error = found.predicted != pool.rows.labels
        basis = pool.fitted & pool.usable
        rank = _rank(found.predicted, found.confidence, basis, pool.n_classes)
        lengths = pool.rows.lengths
        long = lengths > (np.median(lengths[basis]) if basis.any() else 0)
        coarse = np.minimum((rank * COARSE).astype(np.int64), COARSE - 1)
        answered = (found.predicted.astype(np.int64) * COARSE + coarse) * 2 + long
        labelled = np.maximum(pool.rows.labels, 0).astype(np.int64) * 2 + long
        kept = pool.usable & ~pool.declared[pool.split]
        size = int(answered.max(initial=-1)) + 1
        rows = np.bincount(answered[kept], minlength=size)
        wrong = np.bincount(answered[kept & error], minlength=size)
        hopeful = wrong <= models.chance_error / 2 * rows
        band = np.minimum((rank * BANDS).astype(np.int64), BANDS - 1)
        return Reading(models, error, rank, band, answered, labelled, pool.usable & hopeful[answered])

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
        """The slice that the suspect rows' contradictions are most concentrated in, among those with a clear excess (4
        standard deviations) if there are any; its p multiplied by the slices tried."""
        sound = (suspect & self.sound, reference & self.sound)
        strata = np.unique(self.answered[sound[0] | sound[1]])
        if not len(slices.names) or not len(strata):
            return None
        place = np.minimum(np.searchsorted(strata, self.answered), len(strata) - 1)
        parts = [slices.count(_spread(chosen, place, len(strata))) for chosen in _four(sound, self.error)]
        excess, scores = excess_scores(np.stack(parts, axis=-1))
        whole, _ = excess_scores(np.stack([_counts(c, place, len(strata)) for c in _four(sound, self.error)], axis=-1))
        rows = np.asarray(parts[0].sum(axis=1))
        together = concentration(excess, rows, max(float(whole[0]), 0.0), float(sound[0].sum()))
        first = -np.arange(len(scores))  # of equal slices, tokens come before their parts
        worst = int(np.lexsort((first, scores, together, scores >= CLEAR))[-1])
        inside = slices.rows(worst)
        return worst, self.contrast(suspect & inside, reference & inside, len(slices.names))


def _four(sound: tuple[np.ndarray, np.ndarray], error: np.ndarray) -> tuple[np.ndarray, ...]:
    suspect, reference = sound
    return suspect, suspect & error, reference, reference & error


def _counts(chosen: np.ndarray, place: np.ndarray, n_strata: int) -> np.ndarray:
    return np.bincount(place[chosen], minlength=n_strata)[None].astype(np.float64)


def _rank(predicted: np.ndarray, confidence: np.ndarray, basis: np.ndarray, n_classes: int) -> np.ndarray:
    """float64 (n_rows,) in [0, 1]: among basis rows with the same answer, the share that was less sure (half of equals
    count)."""
    rank = np.zeros(len(predicted))
    for label in range(n_classes):
        mine = predicted == label
        known = np.sort(confidence[mine & basis])
        if len(known):
            below = np.searchsorted(known, confidence[mine], side="left")
            upto = np.searchsorted(known, confidence[mine], side="right")
            rank[mine] = (below + upto) / (2 * len(known))
    return rank


def _spread(chosen: np.ndarray, place: np.ndarray, n_strata: int) -> sparse.csr_matrix:
    """float64 CSR (n_rows, n_strata): ones where a chosen row has its stratum."""
    rows = np.flatnonzero(chosen)
    cells = (np.ones(len(rows)), (rows, place[rows]))
    return sparse.csr_matrix(sparse.coo_matrix(cells, shape=(len(chosen), n_strata)))
