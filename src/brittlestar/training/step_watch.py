"""What the steps of a training loop that is not ours do: losses, rates, updates, gradients, batches."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from brittlestar.core.seen_training import Form, SeenLoss, SeenSteps
from brittlestar.training.output_forms import agree_on_form, describe_column, describe_outputs

WHOLE = 12  # budget: the first steps are all looked at
MANY = 1000  # budget: of those before it every 17th is looked at, of those after it every 97th
OFTEN, SELDOM = 17, 97  # budget, and primes: no rhythm of epochs falls into step with them
LARGE = 16  # values of a parameter whose gradients' directions can be told apart
NEAR = 0.01  # convention: clipping brings norms to a bound up to its constant of 1e-6, which small norms feel
ALIGNED = 0.999  # convention: the cosine of two gradients that are the same but for a factor
FEWEST_ROWS = 4  # derived: smaller batches have one class by chance


class LossWatch:
    """Follows the calls of losses: their values, what they are given, and which classes a batch has. Calls of one
    function on inputs of one width belong together; the loss is what is called most often, the first of those."""

    def __init__(self) -> None:
        self._series: dict[tuple[str, tuple[int, ...]], _LossSeries] = {}

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

    @property
    def _main(self) -> _LossSeries | None:
        return max(self._series.values(), key=lambda one: len(one.values), default=None)

    @property
    def values(self) -> list[float]:
        """The values of the loss."""
        return [] if self._main is None else self._main.values

    def describe(self) -> SeenLoss | None:
        """The loss, with the form that its input had late in training."""
        return None if self._main is None else self._main.describe()

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
        self.rows: list[int] = []
        self._forms: list[Form | None] = []
        self._alone: list[bool] = []
        self._classes: set[float] = set()
        self._signs: list[float] = []

    def follow(self, value: torch.Tensor) -> None:
        """Note the sign with which the gradient of what is optimised reaches this value: its own is 1."""

        def note(gradient: torch.Tensor) -> None:
            try:
                self._signs.append(float(gradient.detach().float().mean().sign()))
            except Exception:  # in a backward pass of somebody else's: it must go on
                return

        value.register_hook(note)

    def see(self, given: torch.Tensor, target: Any, value: float) -> None:
        """One call."""
        self.values.append(value)
        values = given.detach().float().cpu().numpy()
        flat = values.ndim == 1 or (values.ndim == 2 and values.shape[1] == 1)
        self._forms.append(describe_column(values) if flat else describe_outputs(values))
        if not isinstance(target, torch.Tensor) or not target.dim() or target.shape[0] != given.shape[0]:
            return
        self.rows.append(int(target.shape[0]))
        if target.shape[0] >= FEWEST_ROWS:
            self._alone.append(bool((target == target[:1]).all()))
            rows = target if target.dim() == 1 or target.shape[1] == 1 else target.float().argmax(1)
            self._classes |= {*rows.reshape(-1).float().unique()[:3].tolist()}

    def describe(self) -> SeenLoss:
        """The first call, with the form that inputs had late in training."""
        late = self._forms[-max(len(self._forms) // 3, 1) :]
        turned = bool(self._signs) and float(np.median(self._signs)) < 0
        return replace(self._first, form=agree_on_form(late), turned=turned)

    @property
    def one_class(self) -> float | None:
        """As in LossWatch."""
        return float(np.mean(self._alone)) if self._alone and len(self._classes) > 1 else None


class GradientWatch:
    """Whether gradients still hold those of the step before: one parameter's are followed as they are computed."""

    def __init__(self) -> None:
        self._parameter: torch.Tensor | None = None
        self._new: torch.Tensor | None = None
        self._left: torch.Tensor | None = None
        self._found: list[bool] = []
        self._watching = True
        self._handle: Any = None

    def before_step(self, parameters: Sequence[torch.Tensor]) -> None:
        """With gradients in place: compare what is there with what was computed since the last step."""
        if self._parameter is None:
            self._follow([one for one in parameters if one.requires_grad and one.grad is not None])
            return
        if not any(one is self._parameter for one in parameters):
            return
        there, new, left = self._parameter.grad, self._new, self._left
        if there is None or new is None or left is None or not left.any() or not new.any():
            return
        if not bool(torch.isfinite(there.detach()).all()):  # the weights are lost, and nothing can be told
            return
        self._found.append(not _align(there, new) and _align(there, new + left))

    def after_step(self, parameters: Sequence[torch.Tensor], watching: bool) -> None:
        """What is left in the gradient when a step on these is done; `watching`: the next step is looked at."""
        if self._parameter is not None and not any(one is self._parameter for one in parameters):
            return
        grad = self._parameter.grad if watching and self._parameter is not None else None
        self._left, self._new, self._watching = None if grad is None else grad.detach().clone(), None, watching

    def _follow(self, parameters: Sequence[torch.Tensor]) -> None:
        large = [one for one in parameters if one.numel() >= LARGE] or list(parameters)
        if large:
            self._parameter = min(large, key=lambda one: one.numel())
            self._handle = self._parameter.register_hook(self._add)

    def _add(self, gradient: torch.Tensor) -> None:
        if not self._watching:
            return
        try:
            self._new = gradient.detach().clone() if self._new is None else self._new + gradient.detach()
        except Exception:  # in a backward pass of somebody else's: it must go on
            self._watching, self._new = False, None

    def close(self) -> None:
        """Follow no longer, and hold nothing."""
        if self._handle is not None:
            self._handle.remove()
        self._parameter = self._new = self._left = self._handle = None

    @property
    def accumulated(self) -> float | None:
        """The share of steps whose gradient held that of the step before; None where fewer than three could be told."""
        return float(np.mean(self._found)) if len(self._found) >= 3 else None


class StepWatch:
    """Follows the steps of optimisers: rates, gradients and updates."""

    def __init__(self) -> None:
        self.steps = 0
        self.optimiser: str | None = None
        self.rates: list[float] = []
        self.gradients: list[float] = []
        self.updates: list[float] = []
        self.sizes: list[float] = []
        self.decay: float | None = None
        self.options: dict[str, float] = {}
        self.values = 0
        self._before: list[torch.Tensor] | None = None

    def before(self, optimiser: torch.optim.Optimizer) -> None:
        """Before a step that is looked at."""
        if self.optimiser is None:
            self.optimiser = type(optimiser).__name__
            self.decay = float(optimiser.param_groups[0].get("weight_decay", 0.0))
            self.options = _find_unusual_options(optimiser)
            self.values = sum(one.numel() for one in given_parameters(optimiser))
        self.rates.append(float(optimiser.param_groups[0]["lr"]))
        parameters = given_parameters(optimiser)
        norms = [torch.linalg.vector_norm(one.grad.detach().float()) for one in parameters if one.grad is not None]
        self.gradients.append(float(torch.stack(norms).norm()) if norms else 0.0)
        self._before = [one.detach().clone() for one in parameters]

    def after(self, optimiser: torch.optim.Optimizer) -> None:
        """After it."""
        parameters = given_parameters(optimiser)
        if self._before is None or len(self._before) != len(parameters):
            return
        moved = sum(
            float((now.detach() - then).square().sum()) for now, then in zip(parameters, self._before, strict=True)
        )
        size = sum(float(then.square().sum()) for then in self._before)
        self.sizes.append(float(np.sqrt(size)))
        self.updates.append(float(np.sqrt(moved / size)) if size > 0 else float("nan"))
        self._before = None


def _find_unusual_options(optimiser: torch.optim.Optimizer) -> dict[str, float]:
    """Numbers among the options of an optimiser's first group that its class does not have by default, but the rate and
    the decay: momenta by their place (`betas.0`), switches as 0 or 1."""
    usual = {name: one.default for name, one in inspect.signature(type(optimiser).__init__).parameters.items()}
    found: dict[str, float] = {}
    for name, value in optimiser.param_groups[0].items():
        if name not in usual or name in ("params", "lr", "weight_decay"):
            continue
        values, defaults = (one if isinstance(one, tuple) else (one,) for one in (value, usual[name]))
        for place, one in enumerate(values):
            default = defaults[place] if place < len(defaults) else None
            if isinstance(one, bool | int | float) and one != default:
                found[f"{name}.{place}" if len(values) > 1 else name] = float(one)
    return found


def given_parameters(optimiser: torch.optim.Optimizer) -> list[torch.Tensor]:
    """All parameters that an optimiser was given."""
    return [one for group in optimiser.param_groups for one in group["params"]]


def count_alike(step: int) -> int:
    """How many steps one that is looked at stands for."""
    return 1 if step < WHOLE else (OFTEN if step < MANY else SELDOM)


def is_looked_at(step: int) -> bool:
    """Whether a step, counted from 0, is one of those that are looked at."""
    return step % count_alike(step) == 0


def summarise_steps(losses: Sequence[float], steps: StepWatch) -> SeenSteps | None:
    """The course of the losses, (n,), and of the steps; None without two losses."""
    values = np.asarray(losses, np.float64)
    values = values[np.isfinite(values)]
    if len(values) < 2:
        return None
    third = max(len(values) // 3, 1)
    low, high = np.quantile(values[-third:], (0.25, 0.75))
    norms = np.asarray(steps.gradients or [np.nan])
    part = max(len(norms) // 3, 1)
    bound = float((norms >= (1 - NEAR) * norms.max()).mean()) if norms.max() > 0 else float("nan")
    size = steps.sizes[-1] / steps.sizes[0] if steps.sizes and steps.sizes[0] > 0 else float("nan")
    updates = np.asarray(steps.updates or [np.nan])
    return SeenSteps(
        float(values[0]),
        float(np.median(values[:third])),
        float(np.median(values[-third:])),
        float(values.min()),
        float(values.max()),
        float(high - low),
        float(np.median(updates[np.isfinite(updates)])) if np.isfinite(updates).any() else float("nan"),
        (float(np.median(norms[:part])), float(np.median(norms[-part:]))),
        bound,
        size,
        float(norms.max()),
    )


def _align(one: torch.Tensor, other: torch.Tensor) -> bool:
    a, b = one.detach().float().reshape(-1), other.detach().float().reshape(-1)
    size = float(a.norm() * b.norm())
    return size > 0 and float(a @ b) / size > ALIGNED


def _are_numbers(given: torch.Tensor, target: Any) -> bool:
    """Whether targets are whole numbers up to 2 or more: classes by numbers, and not a table of ones and zeros."""
    if not isinstance(target, torch.Tensor) or target.numel() == 0 or target.shape == (given.shape[0], 2):
        return False
    values = target.detach().float()
    return bool((values == values.round()).all()) and float(values.max()) >= 2 and float(values.min()) >= 0
