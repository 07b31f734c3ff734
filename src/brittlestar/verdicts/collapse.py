"""Which runs collapsed: they stay in every mean, and make a verdict harder to reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NEAR = 2.0
FAR = 5.0


@dataclass(frozen=True)
class Collapse:
    """`collapsed` bool (n,): runs at the trivial score, or diverged, while another run of the variant is far above it;
    `unlearned`: no run of the variant is; `known` says whether there was a trivial score to look for it."""

    collapsed: np.ndarray
    unlearned: bool = False
    known: bool = True


def collapse_of(
    scores: np.ndarray, chance: float | None, rows: int | None, below: float | None, higher_is_better: bool
) -> Collapse:
    """Runs of one variant whose `scores` float64 (n,) collapsed.

    With `below` a run has collapsed where its score is no better than that and another run's is. Else, with `chance`
    and the number of `rows`: no more than 2 standard errors better than chance, while some run is more than 5 better;
    a standard error is sqrt(c (1 - c) / rows). Without either nothing is known.
    """
    sign = 1.0 if higher_is_better else -1.0
    if below is not None:
        low = sign * scores <= sign * below
        return Collapse(low & ~low.all(), bool(low.all()))
    if chance is None or rows is None or not 0 < chance < 1:
        return Collapse(np.zeros(len(scores), np.bool_), False, False)
    distance = sign * (scores - chance) / np.sqrt(chance * (1 - chance) / rows)
    far = bool((distance > FAR).any())
    return Collapse((distance <= NEAR) & far, not far and bool((distance <= NEAR).all()))
