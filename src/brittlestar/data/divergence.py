"""How far two sets of rows are apart in what they are made of: one minus the Chernoff coefficient."""

import numpy as np

ATOMS = 0.5
"""Weight of train for atoms: how often each occurs should be the same on both sides."""
COMPOUNDS = 0.1
"""Weight of train for compounds: whether train has one at all counts more than how often."""


def divergence(train: np.ndarray, shifted: np.ndarray, alpha: float) -> float:
    """1 - sum of p ** alpha * q ** (1 - alpha), in [0, 1]: 0 for equal distributions, 1 where they share nothing.

    `train` and `shifted` (n_kinds,) are counts, which are made frequencies p and q. One side without any is at
    distance 1 from a side with some. Keysers et al. (2020), Measuring Compositional Generalization.
    """
    sums = float(train.sum()), float(shifted.sum())
    if not all(sums):
        return float(sums[0] != sums[1])
    return max(0.0, 1.0 - float(np.sum((train / sums[0]) ** alpha * (shifted / sums[1]) ** (1 - alpha))))
