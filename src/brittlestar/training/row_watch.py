"""Which rows the steps of a training loop read: the same few, or all of them."""

from __future__ import annotations

from statistics import median

import torch

from brittlestar.core.seen_training import SeenRows
from brittlestar.training.batch_inputs import BatchInputs

MOST_ROWS = 20_000  # budget: rows whose digests are kept
SPAN = 2**31  # budget: ids that are the same modulo this number are one
FEWEST_STEPS = 6  # derived: two in each third
MIX = 0x9E3779B97F4A7C15 - 2**64  # derived: an odd number that spreads the powers of itself over 64 bits


class RowWatch:
    """Follows the ids that modules are given in training: a row is known by a digest of its ids and their places.

    Padding by zeros changes no digest. Another id for padding makes one row two, so that rows are never taken for
    fewer than they are."""

    def __init__(self) -> None:
        self._known: set[int] = set()
        self._looked = 0
        self._tokens: list[float] = []
        self._powers = torch.empty(0, dtype=torch.int64)

    def see(self, inputs: BatchInputs) -> None:
        """The rows of one step."""
        if self._looked >= MOST_ROWS:
            return
        longest = int(inputs.places.max()) + 1 if len(inputs.places) else 0
        if len(self._powers) < longest:
            self._powers = torch.full((2 * longest,), MIX, dtype=torch.int64).cumprod(0)
        parts = inputs.ids * self._powers[inputs.places]
        digests = torch.zeros(inputs.rows, dtype=torch.int64).index_add_(0, inputs.row, parts)
        self._looked += inputs.rows
        pairs = inputs.row * SPAN + inputs.ids.remainder(SPAN)
        self._tokens.append(len(pairs.unique()) / max(inputs.rows, 1))
        self._known.update(digests.tolist())

    def tell(self) -> SeenRows | None:
        """How many rows were looked at, and how many different ones they were; None where none was."""
        if not self._looked:
            return None
        third = len(self._tokens) // 3 if len(self._tokens) >= FEWEST_STEPS else 0
        early, late = (median(some) if third else 0.0 for some in (self._tokens[:third], self._tokens[-third:]))
        return SeenRows(self._looked, len(self._known), 0.0, early, late)
