"""Which rows the steps of a training loop read: the same few, or all of them."""

from __future__ import annotations

from typing import Any

import torch

from brittlestar.core.seen_training import SeenRows

MOST_ROWS = 20_000  # budget: rows whose digests are kept
MIX = 0x9E3779B97F4A7C15 - 2**64  # derived: an odd number that spreads the powers of itself over 64 bits


class RowWatch:
    """Follows the ids that modules are given in training: a row is known by a digest of its ids and their places.

    Padding by zeros changes no digest. Another id for padding makes one row two, so that rows are never taken for
    fewer than they are."""

    def __init__(self) -> None:
        self._known: set[int] = set()
        self._looked = 0
        self._read = False
        self._powers = torch.empty(0, dtype=torch.int64)

    def see(self, arguments: Any) -> None:
        """What a module is called with: the first whole numbers (n, L) since the last step are its rows."""
        if self._read or self._looked >= MOST_ROWS or not isinstance(arguments, tuple):
            return
        ids = next((one for one in arguments if _are_ids(one)), None)
        if ids is None:
            return
        self._read = True
        if len(self._powers) < ids.shape[1]:
            self._powers = torch.full((2 * ids.shape[1],), MIX, dtype=torch.int64).cumprod(0)
        digests = (ids.detach().cpu().long() * self._powers[: ids.shape[1]]).sum(1)
        self._looked += len(digests)
        self._known.update(digests.tolist())

    def end_step(self) -> None:
        """A step was taken: what is read next is another batch."""
        self._read = False

    def tell(self) -> SeenRows | None:
        """How many rows were looked at, and how many different ones they were; None where none was."""
        return SeenRows(self._looked, len(self._known)) if self._looked else None


def _are_ids(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.dim() == 2 and value.dtype in (torch.int64, torch.int32)
