"""Confident learning: which labels the best shallow model contradicts where it is sure, and whether one set of rows
contradicts it more often than another, row for row of the same kind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.stats import binom, hypergeom, norm

from brittlestar.audits.labels.slices import Slices
from brittlestar.baselines.shallow import ShallowModels, majority_error
from brittlestar.statistics.proportions import bound_share_above, bound_share_below

LARGEST_P = 1e-4  # convention: as of every shift
SUREST, LEARNED_SKILL, FEWEST_CONFIDENT = 0.75, 0.5, 50
"""Conventions: the surest quarter of each answer, the errors avoided by a task that is learned, and rows of a frequent
answer."""
EXACT_ERRORS = 3000
"""Convention: the law is exact up to so many errors, then normal."""
NEGLIGIBLE = 1e-18  # derived: what is cut off cannot add up to any p that decides


@dataclass(frozen=True)
class TurnedLabels:
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
) -> TurnedLabels:
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
    return TurnedLabels(rate, low, high, int(a.sum()), int(n.sum()), expected, p)


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


COARSE = 4
CLEAR = 4.0
FEWEST_ERRORS = 10
MOSTLY, MOSTLY_OF_TWO = 0.5, 0.85
"""Conventions: bands of confidence, deviations from which an excess is clear, and errors, and their share of all, that
make a pair of classes the story."""


@dataclass(frozen=True)
class LabelModel:
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
    def of(models: ShallowModels) -> "LabelModel":
        """Read the answers of the model that is best out of fold."""
        pool, found = models.pool, models.best
        labels, every = pool.rows.labels, np.arange(pool.rows.n_rows)
        basis = pool.fitted & pool.usable
        own = np.bincount(labels[basis], found.shares[basis, labels[basis]], pool.n_classes)
        least = own / np.maximum(np.bincount(labels[basis], minlength=pool.n_classes), 1)
        sure = found.shares[every, found.predicted] >= least[found.predicted]
        error = found.predicted != labels
        rank = _rank(found.predicted, found.margin, basis, pool.n_classes)
        long = pool.rows.lengths > (np.median(pool.rows.lengths[basis]) if basis.any() else 0)
        coarse = np.minimum((rank * COARSE).astype(np.int64), COARSE - 1)
        answered = (found.predicted * COARSE + coarse) * 2 + long
        labelled = np.maximum(labels, 0).astype(np.int64) * 2 + long
        kept = pool.usable & ~pool.shifted
        rows, wrong = (np.bincount(answered[one], minlength=answered.max() + 1) for one in (kept, kept & error))
        hopeful = wrong <= models.chance_error / 2 * rows
        return LabelModel(
            models, found.predicted, error, sure, rank, answered, labelled, pool.usable & hopeful[answered]
        )

    def skill(self, rows: np.ndarray) -> float:
        """How much of the error of naming the largest class the model avoids on the rows; `rows` bool (n_rows,)."""
        naive = majority_error(self.models.pool.rows.labels[rows])
        return 1 - float(self.error[rows].mean()) / naive if naive else 0.0

    def contrast(self, suspect: np.ndarray, reference: np.ndarray, tried: int = 1) -> TurnedLabels:
        """Labels of the suspect rows against those of the reference; bool (n_rows,) each.

        Two tests have to agree. Among rows of one answer and confidence, a change of the rows alone changes nothing;
        among rows of one label, a change of the class shares alone changes nothing; wrong labels change both. The
        larger p counts, times the number of sets `tried`; the rate is that of the first.
        """
        n_classes, usable = self.models.pool.n_classes, self.models.pool.usable
        first = contrast(self.error, suspect & self.sound, reference & self.sound, self.answered, n_classes)
        second = contrast(self.error & self.sound, suspect & usable, reference & usable, self.labelled, n_classes)
        return replace(first, p=min(max(first.p, second.p) * tried, 1.0))

    def worst_slice(
        self, slices: Slices, suspect: np.ndarray, reference: np.ndarray
    ) -> tuple[int, TurnedLabels] | None:
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


@dataclass(frozen=True)
class Errors:
    """Of all rows of several splits, and of those the model is surest of (`sure` bool (n_rows,)): the share of errors,
    and the number of rows; `low` and `high` bound the noise by the surest rows and by all; `most` is what noise can be
    at most; `skill` as in `Reading.skill`."""

    sure: np.ndarray
    share: float
    of: int
    sure_share: float
    sure_of: int
    skill: float
    low: float
    high: float
    most: float

    @staticmethod
    def of_splits(reading: LabelModel, splits: Sequence[str]) -> "Errors":
        """Count the errors of the splits."""
        pool = reading.models.pool
        rows = pool.usable & np.isin(pool.split, [pool.splits.index(split) for split in splits])
        sure = rows & reading.sure & (reading.rank >= SUREST)
        (wrong, of), (sure_wrong, sure_of) = (
            (int((reading.error & chosen).sum()), int(chosen.sum())) for chosen in (rows, sure)
        )
        skill = reading.skill(rows) if of else 0.0
        low, high = bound_share_below(sure_wrong, sure_of, 0.01), bound_share_above(wrong, of, 0.01)
        most = min(high, bound_share_above(sure_wrong, sure_of, 0.01)) if skill >= LEARNED_SKILL else high
        return Errors(sure, wrong / max(of, 1), of, sure_wrong / max(sure_of, 1), sure_of, skill, low, high, most)


def errs_in_every_class(reading: LabelModel, sure: np.ndarray, error: float) -> bool:
    """Whether every frequent answer errs at least a third as often as all together, chance aside, and most of them err
    at all. Labels turned over at random are in every class; a rule that the model lacks is in one, as a parity that
    rejects what it accepts."""
    joint = reading.joint(sure)
    rows, wrong = joint.sum(axis=1), joint.sum(axis=1) - np.diag(joint)
    frequent = rows >= max(FEWEST_CONFIDENT, 0.02 * rows.sum())
    even = (binom.sf(wrong, rows, error / 3) > 0.01) | (wrong >= error / 3 * rows)
    return bool(even[frequent].all() and 2 * (wrong[frequent] > 0).sum() > frequent.sum())


def leading_pair(excess: np.ndarray) -> tuple[int, int] | None:
    """The pair that holds half of the errors beyond those expected, .85 of them with two classes; `excess` float64
    (C, C) by answer and label."""
    errors = excess * ~np.eye(len(excess), dtype=np.bool_)
    answer, label = (int(k) for k in np.unravel_index(int(errors.argmax()), errors.shape))
    least = MOSTLY if len(excess) > 2 else MOSTLY_OF_TWO
    held = errors[answer, label] + (max(errors[label, answer], 0.0) if len(excess) > 2 else 0.0)
    return (answer, label) if errors[answer, label] >= FEWEST_ERRORS and held >= least * float(errors.sum()) else None


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
