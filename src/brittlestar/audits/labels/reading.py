"""Confident learning: which labels the best shallow model contradicts where it is sure."""

from dataclasses import dataclass, replace

import numpy as np

from brittlestar.audits.labels.contrast import Contrast, cells, concentration, contrast, excess_of
from brittlestar.audits.labels.slices import Slices
from brittlestar.baselines.shallow import ShallowModels, majority_error

COARSE = 4
CLEAR = 4.0
FEWEST = 10
MOSTLY, MOSTLY_OF_TWO = 0.5, 0.85
"""Conventions: bands of confidence, deviations from which an excess is clear, and errors, and their share of all, that
make a pair of classes the story."""


@dataclass(frozen=True)
class Reading:
    """All arrays are (n_rows,) over the pool. `error` bool: the answer is not the label; `sure` bool: its probability
    is at least the mean probability of that class among rows labelled so (Northcutt, Jiang and Chuang 2021), so that a
    sure error is a label in doubt; `rank` float64: share of the fitted rows with this answer that the model was less
    sure of; `answered` int64: rows of one answer, a quarter of `rank` and a half by length; `labelled` int64: rows of
    one label and a half by length; `sound` bool: usable rows among whose `answered` the model errs at most half as
    often as naming the largest class would."""

    models: ShallowModels
    predicted: np.ndarray
    error: np.ndarray
    sure: np.ndarray
    rank: np.ndarray
    answered: np.ndarray
    labelled: np.ndarray
    sound: np.ndarray

    @staticmethod
    def of(models: ShallowModels) -> "Reading":
        """Read the answers of the model that is best out of fold."""
        pool, found = models.pool, models.best
        labels, every = pool.rows.labels, np.arange(pool.rows.n_rows)
        basis = pool.fitted & pool.usable
        own = np.bincount(labels[basis], found.shares[basis, labels[basis]], pool.n_classes)
        least = own / np.maximum(np.bincount(labels[basis], minlength=pool.n_classes), 1)
        sure = found.shares[every, found.predicted] >= least[found.predicted]
        error = found.predicted != labels
        rank = _rank(found.predicted, found.confidence, basis, pool.n_classes)
        long = pool.rows.lengths > (np.median(pool.rows.lengths[basis]) if basis.any() else 0)
        coarse = np.minimum((rank * COARSE).astype(np.int64), COARSE - 1)
        answered = (found.predicted * COARSE + coarse) * 2 + long
        labelled = np.maximum(labels, 0).astype(np.int64) * 2 + long
        kept = pool.usable & ~pool.shifted
        rows, wrong = (np.bincount(answered[one], minlength=answered.max() + 1) for one in (kept, kept & error))
        hopeful = wrong <= models.chance_error / 2 * rows
        return Reading(models, found.predicted, error, sure, rank, answered, labelled, pool.usable & hopeful[answered])

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

    def joint(self, rows: np.ndarray) -> np.ndarray:
        """float64 (C, C): the rows by answer and label; the confident joint, where the model is sure of all of them."""
        n = self.models.pool.n_classes
        found = np.bincount(self.predicted[rows] * n + self.models.pool.rows.labels[rows], minlength=n * n)
        return found.reshape(n, n).astype(np.float64)

    def leading_pair(self, suspect: np.ndarray, reference: np.ndarray) -> tuple[int, int] | None:
        """The (answer, label) that most of the suspect rows' contradictions beyond the reference's are of."""
        mine, theirs = (self.joint(rows & self.sound) for rows in (suspect, reference))
        each, of = (table.sum(axis=1, keepdims=True) for table in (mine, theirs))
        return leading_pair(mine - theirs / np.maximum(of, 1) * each)


def leading_pair(excess: np.ndarray) -> tuple[int, int] | None:
    """The pair that holds half of the errors beyond those expected, .85 of them with two classes; `excess` float64
    (C, C) by answer and label."""
    errors = excess * ~np.eye(len(excess), dtype=np.bool_)
    answer, label = (int(k) for k in np.unravel_index(int(errors.argmax()), errors.shape))
    least = MOSTLY if len(excess) > 2 else MOSTLY_OF_TWO
    held = errors[answer, label] + (max(errors[label, answer], 0.0) if len(excess) > 2 else 0.0)
    return (answer, label) if errors[answer, label] >= FEWEST and held >= least * float(errors.sum()) else None


def _rank(predicted: np.ndarray, confidence: np.ndarray, basis: np.ndarray, n_classes: int) -> np.ndarray:
    """float64 (n_rows,): of basis rows with the same answer, the share that was less sure (half of equals count)."""
    rank = np.zeros(len(predicted))
    for label in range(n_classes):
        mine = predicted == label
        known = np.sort(confidence[mine & basis])
        if len(known):
            below, upto = (np.searchsorted(known, confidence[mine], side=side) for side in ("left", "right"))
            rank[mine] = (below + upto) / (2 * len(known))
    return rank
