"""What the steps of a training loop that is not ours do: rates, updates, gradients."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from brittlestar.core.seen_training import SeenSteps

WHOLE = 12  # budget: the first steps are all looked at
MANY = 1000  # budget: of those before it every 17th is looked at, of those after it every 97th
OFTEN, SELDOM = 17, 97  # budget, and primes: no rhythm of epochs falls into step with them
LARGE = 16  # values of a parameter whose gradients' directions can be told apart
NEAR = 0.01  # convention: clipping brings norms to a bound up to its constant of 1e-6, which small norms feel
FEWEST_LOSSES = 4  # convention: the median of fewer is that of a batch or two
ALIGNED = 0.999  # convention: the cosine of two gradients that are the same but for a factor


class GradientWatch:
    """Whether gradients still hold those of the step before: one parameter's are followed as they are computed."""

    def __init__(self) -> None:
        self._parameter: torch.Tensor | None = None
        self._new: torch.Tensor | None = None
        self._left: torch.Tensor | None = None
        self._found: list[bool] = []
        self._handle: Any = None

    def before_step(self, parameters: Sequence[torch.Tensor]) -> None:
        """With gradients in place: compare what is there with what was computed since the last step."""
        if self._parameter is None:
            self._follow(
                [parameter for parameter in parameters if parameter.requires_grad and parameter.grad is not None]
            )
            return
        if not any(parameter is self._parameter for parameter in parameters):
            return
        there, new, left = self._parameter.grad, self._new, self._left
        if there is None or new is None or left is None or not left.any() or not new.any():
            return
        if not bool(torch.isfinite(there.detach()).all()):  # the weights are lost, and nothing can be told
            return
        self._found.append(not _align(there, new) and _align(there, new + left))

    def after_step(self, parameters: Sequence[torch.Tensor], watching: bool) -> None:
        """What is left in the gradient when a step on these is done; `watching`: the next step is looked at."""
        if self._parameter is not None and not any(parameter is self._parameter for parameter in parameters):
            return
        grad = self._parameter.grad if watching and self._parameter is not None else None
        self._left, self._new = None if grad is None else grad.detach().clone(), None
        self._listen(watching)

    def _follow(self, parameters: Sequence[torch.Tensor]) -> None:
        large = [parameter for parameter in parameters if parameter.numel() >= LARGE] or list(parameters)
        if large:
            self._parameter = min(large, key=lambda one: one.numel())
            self._listen(True)

    def _listen(self, watching: bool) -> None:
        """Have gradients tell that they are computed, where the next step is looked at: hooks cost time."""
        followed = self._parameter
        if watching and self._handle is None and followed is not None and followed.requires_grad:  # not frozen by now
            self._handle = followed.register_hook(self._add)
        elif not watching and self._handle is not None:
            self._handle.remove()
            self._handle = None

    def _add(self, gradient: torch.Tensor) -> None:
        try:
            self._new = gradient.detach().clone() if self._new is None else self._new + gradient.detach()
        except Exception:  # in a backward pass of somebody else's: it must go on
            self._new = None

    def close(self) -> None:
        """Follow no longer, and hold nothing."""
        self._listen(False)
        self._parameter = self._new = self._left = None

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
        self.alike: list[int] = []  # how many steps each of those that are looked at stands for
        self.gradients: list[float] = []
        self.updates: list[float] = []
        self.sizes: list[float] = []
        self.decay: float | None = None
        self.options: dict[str, float] = {}
        self.values = 0
        self._before: list[torch.Tensor] | None = None

    @property
    def usual_rate(self) -> float | None:
        """The median of the rates of all steps; None without any."""
        return float(np.median(np.repeat(self.rates, self.alike))) if self.rates else None

    def before(self, optimiser: torch.optim.Optimizer) -> None:
        """Before a step that is looked at."""
        if self.optimiser is None:
            self.optimiser = type(optimiser).__name__
            self.decay = float(optimiser.param_groups[0].get("weight_decay", 0.0))
            self.options = _find_unusual_options(optimiser)
            self.values = sum(parameter.numel() for parameter in given_parameters(optimiser))
        self.rates.append(float(optimiser.param_groups[0]["lr"]))
        self.alike.append(count_alike(self.steps))
        parameters = given_parameters(optimiser)
        norms = [
            torch.linalg.vector_norm(parameter.grad.detach().float())
            for parameter in parameters
            if parameter.grad is not None
        ]
        self.gradients.append(float(torch.stack(norms).norm()) if norms else 0.0)
        self._before = [parameter.detach().clone() for parameter in parameters]

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
    usual = {
        name: parameter.default for name, parameter in inspect.signature(type(optimiser).__init__).parameters.items()
    }
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


def summarise_steps(losses: Sequence[float], every: Sequence[float], steps: StepWatch) -> SeenSteps | None:
    """The course of the losses that were looked at, (n,), of `every` loss that is known, (m,), and of the steps; None
    without two losses."""
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
        _find_fall(np.asarray(every, np.float64)),
    )


def _find_fall(values: np.ndarray) -> float:
    """What losses (n,) lost from their third quarter to the last one; not a number where there are too few."""
    quarter = len(values) // 4
    if quarter < FEWEST_LOSSES:
        return float("nan")
    return float(np.median(values[-2 * quarter : -quarter]) - np.median(values[-quarter:]))


def _align(tensor: torch.Tensor, other: torch.Tensor) -> bool:
    a, b = tensor.detach().float().reshape(-1), other.detach().float().reshape(-1)
    size = float(a.norm() * b.norm())
    return size > 0 and float(a @ b) / size > ALIGNED
