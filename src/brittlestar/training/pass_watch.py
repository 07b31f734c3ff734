"""What a training loop computes between its steps without gradients: passes over rows that it holds out."""

from __future__ import annotations

from typing import Any

import torch

from brittlestar.core.seen_training import SeenPass

MOST_PASSES = 500  # budget: later ones are not noted
MOST_CALLS = 20_000  # budget: calls of losses in all passes


class PassWatch:
    """Follows the calls of losses from which no gradient goes back. Those between two steps are one pass."""

    def __init__(self) -> None:
        self._passes: list[SeenPass] = []
        self._calls = self._rows = self._right = 0
        self._loss = 0.0
        self._named = True
        self._step = -1

    def see(self, given: torch.Tensor, target: Any, value: torch.Tensor, reduction: str, step: int) -> None:
        """One call after `step` steps: outputs (n, C), the numbers of the classes (n,), and the loss."""
        if self._calls >= MOST_CALLS or len(self._passes) >= MOST_PASSES:
            return
        self._calls += 1
        if step != self._step:
            self._end()
            self._step = step
        if not isinstance(target, torch.Tensor) or target.dim() == 0 or target.shape[:1] != given.shape[:1]:
            self._named = False
            return
        rows = int(target.shape[0])
        total = float(value.detach().float().sum())
        self._loss += total if reduction in ("sum", "none") else total * rows
        self._rows += rows
        if given.dim() == 2 and target.dim() == 1:
            self._right += int((given.argmax(1) == target).sum())
        elif given.shape == target.shape and (given.dim() == 1 or given.shape[1] == 1):
            self._right += int(((given > 0) == (target > 0.5)).sum())
        else:
            self._named = False

    def _end(self) -> None:
        if self._rows:
            right = self._right / self._rows if self._named else None
            self._passes.append(SeenPass(max(self._step, 0), self._rows, self._loss / self._rows, right))
        self._rows = self._right = 0
        self._loss, self._named = 0.0, True

    def list_passes(self) -> tuple[SeenPass, ...]:
        """All passes, in their order."""
        self._end()
        return tuple(self._passes)
