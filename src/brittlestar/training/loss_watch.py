"""What the loss of a training loop is given: its values, the form of its inputs, the classes of a batch, its sign."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from brittlestar.core.seen_training import OWN_ARITHMETIC, Form, SeenLoss
from brittlestar.training.loss_graph import agree_on_form, describe_column, describe_outputs, read_squared_error

FEWEST_IN_BATCH = 4  # derived: smaller batches have one class by chance


class LossWatch:
    """Follows the calls of losses: their values, what they are given, and which classes a batch has. Calls of one
    function on inputs of one width belong together; the loss is what is called most often, the first of those."""

    def __init__(self) -> None:
        self._series: dict[tuple[str, tuple[int, ...]], _LossSeries] = {}
        self._calls: Counter[tuple[str, tuple[int, ...]]] = Counter()
        self._whole: _LossSeries | None = None

    def count(self, function: str, given: torch.Tensor) -> None:
        """A call from which gradients may go back, looked at or not."""
        self._calls[function, tuple(given.shape[1:])] += 1

    def see(
        self, function: str, given: torch.Tensor, target: Any, value: torch.Tensor, where: Callable[[], str]
    ) -> None:
        """One call: its input, its target and its result; `where` tells the line that called, of the first call."""
        key = (function, tuple(given.shape[1:]))
        if key not in self._series:
            shape = tuple(target.shape) if isinstance(target, torch.Tensor) else ()
            numbers = _are_numbers(given, target)
            self._series[key] = _LossSeries(SeenLoss(function, where(), "scores", tuple(given.shape), shape, numbers))
        self._series[key].see(given, target, float(value.detach().float().mean()))

    def follow(self, function: str, given: torch.Tensor, value: torch.Tensor) -> None:
        """The result of a call that was seen, as it goes on into what is optimised."""
        series = self._series.get((function, tuple(given.shape[1:])))
        if series is not None and value.requires_grad:
            series.follow(value)

    def ignore(self, function: str, given: torch.Tensor, target: torch.Tensor, ignored: int) -> None:
        """A call that was seen counts no target of this number."""
        series = self._series.get((function, tuple(given.shape[1:])))
        if series is not None and bool((target == ignored).any()):
            series.ignored = ignored

    def see_whole(self, loss: torch.Tensor, where: Callable[[], str]) -> None:
        """What gradients are asked for, where no call of a loss was seen: own arithmetic made it."""
        if self._series or loss.numel() != 1:
            return
        if self._whole is None:
            place = where()
            first = read_squared_error(loss, place) or SeenLoss(OWN_ARITHMETIC, place, "scores", (), ())
            self._whole = _LossSeries(first)
        self._whole.add(float(loss.detach().float().reshape(())))

    def note(self, function: str, given: torch.Tensor, value: torch.Tensor, rows: int) -> None:
        """The value of a call that is not looked at; of a sum over `rows`, its mean."""
        series = self._series.get((function, tuple(given.shape[1:])))
        if series is not None:
            series.every.append(value.item() / rows)

    def note_whole(self, loss: torch.Tensor) -> None:
        """The value of what gradients are asked for in a step that is not looked at."""
        if self._whole is not None and not self._series and loss.numel() == 1:
            self._whole.every.append(loss.item())

    @property
    def _main(self) -> _LossSeries | None:
        return max(self._series.values(), key=lambda one: len(one.values), default=self._whole)

    @property
    def values(self) -> list[float]:
        """The values of the loss."""
        return [] if self._main is None else self._main.values

    @property
    def every(self) -> array[float]:
        """The values of all calls, where noting them costs little; else those that were looked at."""
        return array("d") if self._main is None else self._main.every

    def describe(self) -> SeenLoss | None:
        """The loss, with the form that its input had late in training."""
        return None if self._main is None else self._main.describe()

    @property
    def calls(self) -> int:
        """How often the loss was called, looked at or not; 0 of own arithmetic."""
        return next((self._calls[key] for key, one in self._series.items() if one is self._main), 0)

    @property
    def reached(self) -> float | None:
        """The share of the calls that were followed which gradients went back from; None where none was."""
        return None if self._main is None else self._main.reached

    @property
    def rows(self) -> float | None:
        """Rows of a batch, the median."""
        return float(np.median(self._main.rows)) if self._main is not None and self._main.rows else None

    @property
    def one_class(self) -> float | None:
        """The share of batches, of four rows or more, that hold one class; None where all targets are the same."""
        return None if self._main is None else self._main.one_class


class _LossSeries:
    """The calls of one loss."""

    def __init__(self, first: SeenLoss) -> None:
        self._first = first
        self.values: list[float] = []
        self.every = array("d")
        self.ignored = -1
        self.rows: list[int] = []
        self._forms: list[Form | None] = []
        self._alone: list[bool] = []
        self._classes: set[float] = set()
        self._signs: list[float] = []
        self._followed = 0

    def add(self, value: float) -> None:
        """The value of a call that is looked at."""
        self.values.append(value)
        self.every.append(value)

    def follow(self, value: torch.Tensor) -> None:
        """Note the sign with which the gradient of what is optimised reaches this value: its own is 1."""

        def note(gradient: torch.Tensor) -> None:
            try:
                self._signs.append(float(gradient.detach().float().mean().sign()))
            except Exception:  # in a backward pass of somebody else's: it must go on
                return

        self._followed += 1
        value.register_hook(note)

    def see(self, given: torch.Tensor, target: Any, value: float) -> None:
        """One call."""
        self.add(value)
        values = given.detach().float().cpu().numpy()
        flat = values.ndim == 1 or (values.ndim == 2 and values.shape[1] == 1)
        self._forms.append(describe_column(values) if flat else describe_outputs(values))
        if not isinstance(target, torch.Tensor) or not target.dim() or target.shape[0] != given.shape[0]:
            return
        self.rows.append(int(target.shape[0]))
        if target.shape[0] >= FEWEST_IN_BATCH:
            rows = target if target.dim() == 1 or target.shape[1] == 1 else target.float().argmax(1)
            classes = {*rows.detach().reshape(-1).tolist()}
            self._alone.append(len(classes) == 1 if rows is target else bool((target == target[:1]).all()))
            self._classes |= {*sorted(classes)[:3]}

    def describe(self) -> SeenLoss:
        """The first call, with the form that inputs had late in training."""
        if not self._forms:
            return self._first
        late = self._forms[-max(len(self._forms) // 3, 1) :]
        turned = bool(self._signs) and float(np.median(self._signs)) < 0
        return replace(self._first, form=agree_on_form(late), turned=turned, ignored=self.ignored)

    @property
    def reached(self) -> float | None:
        """As in LossWatch."""
        return len(self._signs) / self._followed if self._followed else None

    @property
    def one_class(self) -> float | None:
        """As in LossWatch."""
        return float(np.mean(self._alone)) if self._alone and len(self._classes) > 1 else None


def _are_numbers(given: torch.Tensor, target: Any) -> bool:
    """Whether targets are whole numbers up to 2 or more: classes by numbers, and not a table of ones and zeros."""
    if not isinstance(target, torch.Tensor) or target.numel() == 0 or target.shape == (given.shape[0], 2):
        return False
    values = target.detach().float()
    return bool((values == values.round()).all()) and float(values.max()) >= 2 and float(values.min()) >= 0
