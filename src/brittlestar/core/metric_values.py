"""What metrics are computed from, and the formulas: what one model answered on the rows of one split, NumPy only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

BINS = 15  # convention: 15 bins of equal width (Guo et al. 2017)
SMALLEST_PROBABILITY = 1e-7
"""Probabilities are clipped here from below: float32 cannot tell 1 - 1e-7 from 1, so nothing finer can be meant."""
STEP = 1e-20  # derived: a complex step this small changes no digit of the real part
FLOOR = 1e-12
"""In place of a share of 0 in a harmonic mean, whose slope there is finite."""

Rows = Callable[["Answers"], np.ndarray]
"""What each row adds: float64 (m,), whose mean is the metric."""
OfCounts = Callable[[np.ndarray, np.ndarray, np.ndarray], "np.floating | np.complexfloating"]
"""A metric from three counts by class: rows with the label, rows with the prediction, and rows with both. It depends
on their shares alone, and is written with arithmetic that complex numbers have, so that its slopes are exact."""


@dataclass(frozen=True)
class Answers:
    """What one model answered on m rows: `predicted` int (m,), in [0, n_classes); `labels` int (m,), -1 for a label
    that train lacks; `weights[factor]` (m,), 0 or more. `confidence` and `own` float (m,) are the probabilities of the
    predicted class and of the label (0 where train lacks it); None where predictions are bare."""

    predicted: np.ndarray
    labels: np.ndarray
    n_classes: int
    weights: Mapping[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])
    confidence: np.ndarray | None = None
    own: np.ndarray | None = None

    @cached_property
    def correct(self) -> np.ndarray:
        """bool (m,)."""
        return self.predicted == self.labels

    @cached_property
    def counts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows by label, by prediction, and by both where they agree: float64 (n_classes + 1,), since products of whole
        numbers overflow. Slot 0 is that of labels that train lacks, together one more class, which nothing predicts."""
        slots, each = self.n_classes + 1, (self.labels, self.predicted, self.predicted[self.correct])
        support, chosen, hits = (np.bincount(one + 1, minlength=slots).astype(np.float64) for one in each)
        return support, chosen, hits


def mark_correct(answers: Answers) -> np.ndarray:
    """1 where the prediction is the label, 0 elsewhere."""
    return answers.correct.astype(np.float64)


def measure_losses(answers: Answers) -> np.ndarray:
    """The negative logarithm of each label's probability, in nats: 16.1 at most."""
    assert answers.own is not None
    return -np.log(np.maximum(answers.own, SMALLEST_PROBABILITY), dtype=np.float64)


def average_calibration(answers: Answers) -> float | None:
    """Expected calibration error (Guo et al. 2017); None of bare predictions."""
    if answers.confidence is None:
        return None
    _, _, sums = _bin_gaps(answers.confidence, answers.correct)
    return float(np.abs(sums).sum() / len(answers.labels))


def spread_calibration(answers: Answers) -> np.ndarray:
    """The same by row: the gap between correctness and confidence, with the sign of the sum of its bin."""
    assert answers.confidence is not None
    bins, gap, sums = _bin_gaps(answers.confidence, answers.correct)
    return np.sign(sums)[bins] * gap


def _bin_gaps(confidence: np.ndarray, correct: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The bin of each row, (a, b] of equal width of the largest probability; correctness less confidence; and the sums
    of that by bin."""
    bins = np.clip(np.ceil(confidence * BINS).astype(np.int64) - 1, 0, BINS - 1)
    gap = correct - confidence
    return bins, gap, np.bincount(bins, weights=gap, minlength=BINS)


def mean_recall(support: np.ndarray, _chosen: np.ndarray, hits: np.ndarray) -> "np.floating | np.complexfloating":
    """The mean recall over classes that have rows (balanced accuracy, as scikit-learn)."""
    present = np.real(support) > 0
    return (hits[present] / support[present]).mean()


def mean_f1(support: np.ndarray, chosen: np.ndarray, hits: np.ndarray) -> "np.floating | np.complexfloating":
    """The mean F1 over classes that have rows or predictions (macro-F1, as scikit-learn)."""
    either = (np.real(support) > 0) | (np.real(chosen) > 0)
    return (2 * hits[either] / (support + chosen)[either]).mean()


def spread_counts(function: OfCounts, answers: Answers) -> np.ndarray:
    """The metric plus each row's influence on it: the derivative by the row's weight times the number of rows (Hampel
    1974), so that spreads over rows are those of the metric to first order. Derivatives are taken by a complex step
    (Squire and Trapp 1998), one for every class and count that some row touches."""
    counts = np.stack(answers.counts)
    slopes = np.zeros(counts.shape)
    for place in zip(*np.nonzero(counts), strict=True):
        moved = counts.astype(np.complex128)
        moved[place] += 1j * STEP
        slopes[place] = function(*moved).imag / STEP
    by_label, by_prediction, by_hit = slopes
    found = by_label[answers.labels + 1] + by_prediction[answers.predicted + 1]
    found[answers.correct] += by_hit[answers.labels[answers.correct] + 1]
    return float(function(*counts).real) + len(answers.labels) * found


def weigh_accuracy(answers: Answers, factor: str) -> float | None:
    """sum(weight x correct) / sum(weight); None when all weights are 0."""
    weights = answers.weights[factor]
    total = weights.sum()
    return float(weights[answers.correct].sum() / total) if total > 0 else None


def average_factors(answers: Answers, factors: Sequence[str]) -> float | None:
    """The harmonic mean of weighted accuracies: 0 when any is 0, None when one cannot be computed."""
    found = [weigh_accuracy(answers, factor) for factor in factors]
    known = [value for value in found if value is not None]
    if len(known) < len(found):
        return None
    return 0.0 if min(known) == 0 else float(len(known) / sum(1 / value for value in known))


def spread_factors(answers: Answers, factors: Sequence[str]) -> np.ndarray:
    """The harmonic mean of weighted accuracies (of one factor: that one) plus each row's influence, by the chain
    rule."""
    shares: list[float] = []
    moved: list[np.ndarray] = []
    for factor in factors:
        weights = answers.weights[factor]
        mean = max(float(weights.mean()), FLOOR)
        share = float(answers.correct @ weights) / (mean * len(weights))
        shares.append(max(share, FLOOR))
        moved.append(weights * (answers.correct - share) / mean)
    mean = len(shares) / sum(1 / share for share in shares)
    slopes = (mean**2 / (len(shares) * share**2) for share in shares)
    value = mean if min(shares) > FLOOR else 0.0
    return value + np.sum([slope * rows for slope, rows in zip(slopes, moved, strict=True)], axis=0)
