"""The formulas of metrics: what each is of what one run answers, and what every row adds to it; NumPy only."""

from collections.abc import Callable, Sequence

import numpy as np

from brittlestar.core.answers import Run

BINS = 15  # convention: 15 bins of equal width (Guo et al. 2017)
SMALLEST_PROBABILITY = 1e-7
"""Probabilities are clipped here from below: float32 cannot tell 1 - 1e-7 from 1, so nothing finer can be meant."""
STEP = 1e-20  # derived: a complex step this small changes no digit of the real part
FLOOR = 1e-12
"""In place of a share of 0 in a harmonic mean, whose slope there is finite."""

OfRows = Callable[[Run], np.ndarray]
"""What each row adds: float64 (m,), whose mean is the metric."""
Number = np.floating | np.complexfloating
OfCounts = Callable[[np.ndarray, np.ndarray, np.ndarray], Number]
"""A metric from three counts by class: rows with the label, rows with the prediction, and rows with both. It depends
on their shares alone, and is written with arithmetic that complex numbers have, so that its slopes are exact."""
OfClass = Callable[[Number, Number, Number], Number]
"""The same of one class."""


def mark_correct(run: Run) -> np.ndarray:
    """1 where the prediction is the label, 0 elsewhere."""
    return run.correct.astype(np.float64)


def measure_losses(run: Run) -> np.ndarray:
    """The negative logarithm of each label's probability, in nats: 16.1 at most."""
    assert run.own is not None
    return -np.log(np.maximum(run.own, SMALLEST_PROBABILITY), dtype=np.float64)


def average_calibration(run: Run) -> float | None:
    """Expected calibration error (Guo et al. 2017); None of bare predictions."""
    if run.confidence is None:
        return None
    _, _, sums = _bin_gaps(run.confidence, run.correct)
    return float(np.abs(sums).sum() / len(run.rows.labels))


def spread_calibration(run: Run) -> np.ndarray:
    """The same by row: the gap between correctness and confidence, with the sign of the sum of its bin."""
    assert run.confidence is not None
    bins, gap, sums = _bin_gaps(run.confidence, run.correct)
    return np.sign(sums)[bins] * gap


def _bin_gaps(confidence: np.ndarray, correct: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The bin of each row, (a, b] of equal width of the largest probability; correctness less confidence; and the sums
    of that by bin."""
    bins = np.clip(np.ceil(confidence * BINS).astype(np.int64) - 1, 0, BINS - 1)
    gap = correct - confidence
    return bins, gap, np.bincount(bins, weights=gap, minlength=BINS)


def mean_recall(support: np.ndarray, _chosen: np.ndarray, hits: np.ndarray) -> Number:
    """The mean recall over classes that have rows (balanced accuracy, as scikit-learn)."""
    present = np.real(support) > 0
    return (hits[present] / support[present]).mean()


def mean_f1(support: np.ndarray, chosen: np.ndarray, hits: np.ndarray) -> Number:
    """The mean F1 over classes that have rows or predictions (macro-F1, as scikit-learn)."""
    either = (np.real(support) > 0) | (np.real(chosen) > 0)
    return (2 * hits[either] / (support + chosen)[either]).mean()


def spread_counts(function: OfCounts, run: Run) -> np.ndarray:
    """The metric plus each row's influence on it: the derivative by the row's weight times the number of rows (Hampel
    1974), so that spreads over rows are those of the metric to first order. Derivatives are taken by a complex step
    (Squire and Trapp 1998), one for every class and count that some row touches."""
    counts = np.stack(run.counts)
    slopes = np.zeros(counts.shape)
    for place in zip(*np.nonzero(counts), strict=True):
        moved = counts.astype(np.complex128)
        moved[place] += 1j * STEP
        slopes[place] = function(*moved).imag / STEP
    by_label, by_prediction, by_hit = slopes
    found = by_label[run.rows.labels + 1] + by_prediction[run.predicted + 1]
    found[run.correct] += by_hit[run.rows.labels[run.correct] + 1]
    return float(function(*counts).real) + len(run.rows.labels) * found


def weigh_accuracy(run: Run, factor: str) -> float | None:
    """sum(weight x correct) / sum(weight); None when all weights are 0."""
    weights = run.rows.weights[factor]
    total = weights.sum()
    return float(weights[run.correct].sum() / total) if total > 0 else None


def average_factors(run: Run, factors: Sequence[str]) -> float | None:
    """The harmonic mean of weighted accuracies: 0 when any is 0, None when one cannot be computed."""
    found = [weigh_accuracy(run, factor) for factor in factors]
    known = [value for value in found if value is not None]
    if len(known) < len(found):
        return None
    return 0.0 if min(known) == 0 else float(len(known) / sum(1 / value for value in known))


def spread_factors(run: Run, factors: Sequence[str]) -> np.ndarray:
    """The harmonic mean of weighted accuracies (of one factor: that one) plus each row's influence, by the chain
    rule."""
    shares: list[float] = []
    moved: list[np.ndarray] = []
    for factor in factors:
        weights = run.rows.weights[factor]
        mean = max(float(weights.mean()), FLOOR)
        share = float(run.correct @ weights) / (mean * len(weights))
        shares.append(max(share, FLOOR))
        moved.append(weights * (run.correct - share) / mean)
    mean = len(shares) / sum(1 / share for share in shares)
    slopes = (mean**2 / (len(shares) * share**2) for share in shares)
    value = mean if min(shares) > FLOOR else 0.0
    return value + np.sum([slope * rows for slope, rows in zip(slopes, moved, strict=True)], axis=0)


def measure_squares(run: Run) -> np.ndarray:
    """The squared distance of the probabilities from the label (Brier 1950), halved of two classes as scikit-learn has
    it, so that it is that of the second class; a label that train lacks is far from all."""
    assert run.whole is not None and run.own is not None
    squares = np.square(run.whole, dtype=np.float64).sum(axis=1) + (run.rows.labels >= 0) - 2 * run.own
    return squares / 2 if run.rows.n_classes <= 2 else squares


def mark_among_first(run: Run, k: int) -> np.ndarray:
    """1 where the label is among the k most probable classes, the first of equal ones before others."""
    assert run.whole is not None
    labels = np.maximum(run.rows.labels, 0)
    own = run.whole[np.arange(len(labels)), labels][:, None]
    earlier = np.arange(run.whole.shape[1]) < labels[:, None]
    ahead = (run.whole > own).sum(axis=1) + ((run.whole == own) & earlier).sum(axis=1)
    return ((ahead < k) & (run.rows.labels >= 0)).astype(np.float64)


def correlate_classes(support: np.ndarray, chosen: np.ndarray, hits: np.ndarray) -> Number:
    """Matthews' correlation of several classes (Gorodkin 2004), as scikit-learn: 0 where one side names one class."""
    n = support.sum()
    below = (n**2 - (support**2).sum()) * (n**2 - (chosen**2).sum())
    return (n * hits.sum() - (support * chosen).sum()) / np.sqrt(below) if np.real(below) > 0 else 0 * n


def share_recalled(support: Number, _chosen: Number, hits: Number) -> Number:
    """Recall of one class; 0 without rows of it, as scikit-learn."""
    return hits / support if support.real > 0 else 0 * hits


def share_precise(_support: Number, chosen: Number, hits: Number) -> Number:
    """Precision of one class; 0 where nothing is answered so."""
    return hits / chosen if chosen.real > 0 else 0 * hits


def balance_f1(support: Number, chosen: Number, hits: Number) -> Number:
    """F1 of one class; 0 where neither a row nor an answer is of it."""
    both = support + chosen
    return 2 * hits / both if both.real > 0 else 0 * hits
