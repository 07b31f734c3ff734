"""Two published approaches, restated from their papers and thresholds, asked about the same run beside ours.

Both judge one training by fixed thresholds while it goes on. What they need is taken from what a run stores: curves of
a factory, and what was seen of the loop of a fit function. Where an approach needs what no run stores, it is silent.
Their names for problems are given the codes that say the same, so that one list of accepted codes grades all.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from brittlestar.core.results import CellRecord

APPROACHES = ("AutoTrainer", "UMLAUT")
EXPLODE = ("train.gradient-exploding", "train.nonfinite", "train.rate-high")
UNSTABLE = ("train.rate-high", "train.diverging", "train.batching")
SLOW = ("train.rate-low", "train.short", "train.plateau")
LEAK = ("leak.selection", "leak.duplicates")


def ask_others(cell: CellRecord) -> dict[str, tuple[str, ...]]:
    """{approach: codes of what it says of a run}."""
    return {"AutoTrainer": tuple(_ask_autotrainer(cell)), "UMLAUT": tuple(_ask_umlaut(cell))}


def _ask_autotrainer(cell: CellRecord) -> Iterator[str]:
    """Zhang et al., AUTOTRAINER (ICSE 2021), with the thresholds of its implementation.

    Gradients explode where a loss or weight is not finite, or where training misses an accuracy of .7, or gains less
    than .01 in any epoch, and the first layer's gradient is 70 times the last one's; vanish where it is a thousandth,
    and below 1e-4; units are dead where 70 % of gradients are zero (here: of units). Training is slow where no epoch
    gains .01. It is unstable where neighbouring extremes of train accuracy are .03 apart in a fifth of the epochs.
    """
    train, dev = _accuracies(cell)
    if cell.state == "failed" or not _all_finite(cell):
        yield from EXPLODE
        return
    slow = max(_largest_gain(train), _largest_gain(dev)) < 0.01
    if _misses(train) or _misses(dev) or (slow and max(len(train), len(dev)) > 1):
        first, last = _gradients(cell)
        dead = [float(curve[-1]) for name, curve in cell.curves.items() if name.startswith("dead_units.")]
        if max(dead, default=0.0) >= 0.7:
            yield "train.dead-units"
        elif last > 0 and first / last > 70:
            yield from EXPLODE
        elif last > 0 and first / last < 1e-3 and first < 1e-4:
            yield "train.gradient-vanishing"
        elif slow:
            yield from SLOW
    elif len(train) > 2 and _count_swings(train, 0.03) >= 0.2 * len(train):
        yield from UNSTABLE


def _ask_umlaut(cell: CellRecord) -> Iterator[str]:
    """Schoop et al., UMLAUT (CHI 2021), with the thresholds of its implementation.

    A loss that is not a number; a rate above .01 or below 1e-7; a loss on unnormalised outputs that takes
    probabilities; an epoch in which the loss of dev rises and that of train does not; from the fourth epoch on,
    dev accuracy above .95, or above that of train.
    """
    seen = cell.seen
    if cell.state == "failed" or not _all_finite(cell):
        yield "train.nonfinite"
    rates = [] if seen is None or seen.rate is None else [*seen.rate, seen.usual_rate or seen.rate[0]]
    if any(rate > 0.01 for rate in rates):
        yield "train.rate-high"
    if any(rate < 1e-7 for rate in rates):
        yield "train.rate-low"
    if seen is not None and seen.loss is not None and seen.loss.function == "nll_loss" and seen.loss.form == "scores":
        yield "train.loss-mismatch"
    loss, held_out = cell.curves.get("train.loss", np.empty(0))[1:], cell.curves.get("dev.log_loss", np.empty(0))[1:]
    if len(loss) == len(held_out) and bool(((np.diff(held_out) > 0) & (np.diff(loss) <= 0)).any()):
        yield "train.overfit"
    train, dev = _accuracies(cell)
    late = dev[3:]
    if any(one > 0.95 for one in late) or any(one > other for one, other in zip(late, train[3:], strict=False)):
        yield from LEAK


def _accuracies(cell: CellRecord) -> tuple[list[float], list[float]]:
    """Accuracy on train and on dev by epoch; of a fit function, what was seen of passes over dev."""
    train, dev = (list(map(float, cell.curves.get(f"{split}.accuracy", ())))[1:] for split in ("train", "dev"))
    if not dev and cell.seen is not None:
        dev = [one.accuracy for one in cell.seen.passes if one.accuracy is not None]
    return train, dev


def _all_finite(cell: CellRecord) -> bool:
    losses = (curve[1:] for name, curve in cell.curves.items() if name.endswith(("loss",)))
    return all(bool(np.isfinite(one).all()) for one in losses)


def _misses(accuracies: list[float]) -> bool:
    return bool(accuracies) and max(accuracies) < 0.7


def _largest_gain(accuracies: list[float]) -> float:
    return max((later - one for one, later in pairwise(accuracies)), default=0.0)


def _gradients(cell: CellRecord) -> tuple[float, float]:
    """The size of the gradients of the first and the last layer, at the end."""
    curves = [curve for name, curve in cell.curves.items() if name.startswith("gradient_norm.")]
    sizes = [float(curve[-1]) for curve in curves]
    if not sizes and cell.seen is not None:
        sizes = [one.late for one in cell.seen.gradients]
    return (sizes[0], sizes[-1]) if len(sizes) > 1 else (0.0, 0.0)


def _count_swings(values: list[float], least: float) -> int:
    """How many neighbouring extremes are so far apart."""
    high = [b for a, b, c in zip(values, values[1:], values[2:], strict=False) if b >= a and b >= c]
    low = [b for a, b, c in zip(values, values[1:], values[2:], strict=False) if b <= a and b <= c]
    return sum(one - other >= least for one, other in zip(high, low, strict=False))
