"""What checks read off curves over epochs. A curve has shape (epochs + 1,): row 0 stands before any step, and
is NaN where a model that fits itself reports nothing of it."""

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np

FEWEST_EPOCHS = 6  # two epochs in each third
WIDTH = 3  # epochs: the smallest odd window that smooths


def onset(curve: np.ndarray) -> int:
    """The first epoch at which the curve has its minimum."""
    return int(np.nanargmin(curve))


def onsets_from_others(curves: Sequence[np.ndarray]) -> list[int]:
    """For each of at least two seeds the onset of the mean curve of the *other* seeds, within its own epochs.

    A minimum picked on a seed's own noisy curve makes any flat curve seem to rise afterwards; picked on the others it
    does not, because their noise is not this seed's.
    """
    padded = np.array([*zip_longest(*curves, fillvalue=np.nan)]).T
    known = np.isfinite(padded)
    filled = np.where(known, padded, 0.0)
    counts, sums = known.sum(axis=0) - known, filled.sum(axis=0) - filled
    means = np.divide(sums, counts, out=np.full(padded.shape, np.inf), where=counts > 0)
    return [onset(mean[: curve.size]) for mean, curve in zip(means, curves, strict=True)]


def value_at(curve: np.ndarray, epoch: int) -> float:
    """The median of three epochs around `epoch` (the nearest three at an end): one noisy epoch does not move it."""
    start = int(np.clip(epoch - 1, 0, max(curve.size - WIDTH, 0)))
    return float(np.nanmedian(curve[start : start + WIDTH]))


def change_after(curve: np.ndarray, epoch: int) -> float:
    """Value at the end less value at `epoch`, both as medians of three epochs."""
    return value_at(curve, curve.size - 1) - value_at(curve, epoch)


def late_change(curve: np.ndarray) -> float:
    """What the last third of the epochs brings: the curve at its end less the curve where that third begins.

    Both are medians over a sixth of the epochs, at least three, that end there; neither place is picked by looking.
    """
    epochs = curve.size - 1
    width = max(WIDTH, epochs // 6)
    turn = curve.size - epochs // 3
    return float(np.median(curve[-width:]) - np.median(curve[max(turn - width, 0) : turn]))


def late_level(curve: np.ndarray) -> float:
    """Median over the last third of the epochs."""
    return float(np.median(curve[-max(1, (curve.size - 1) // 3) :]))
