"""The objective, the optimiser and the learning-rate schedule, built from settings.

`torch.optim.Adam(fused=True)` computes the same numbers as `Adam` here, but building one imports PyTorch's compiler,
which takes as long as PyTorch itself, and its step costs more around the kernel than in it. A study trains many small
models, so both would be paid many times.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from brittlestar.core.errors import InputError
from brittlestar.study.settings import ScheduleSettings, TrainingSettings

BETAS = (0.9, 0.999)  # Kingma & Ba 2015
EPSILON = 1e-8  # Kingma & Ba 2015


class Adam:
    """Adam (Kingma and Ba 2015), or AdamW (Loshchilov and Hutter 2019) where `decoupled`, over floating-point
    parameters on the CPU: the numbers of `torch.optim.Adam(fused=True)` and `AdamW(fused=True)` to the last bit.

    `param_groups` holds one group in PyTorch's form; its `lr` may be changed between steps.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], lr: float, weight_decay: float, decoupled: bool) -> None:
        self.decoupled = decoupled
        self.param_groups: list[dict[str, Any]] = [
            {
                "params": list(parameters),
                "lr": lr,
                "betas": BETAS,
                "eps": EPSILON,
                "weight_decay": weight_decay,
                "amsgrad": False,
                "maximize": False,
                "decoupled_weight_decay": decoupled,
            }
        ]
        self._kernel: Callable[..., None] = getattr(torch, "_fused_adamw_" if decoupled else "_fused_adam_")
        self._count: Callable[..., None] = getattr(torch, "_foreach_add_")  # noqa: B009 - neither is in the stubs
        self._state: dict[nn.Parameter, tuple[Tensor, Tensor, Tensor]] = {}

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget all gradients."""
        for parameter in self.param_groups[0]["params"]:
            parameter.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """One step with the gradients that are there."""
        group = self.param_groups[0]
        weights = [parameter for parameter in group["params"] if parameter.grad is not None]
        if not weights:
            return
        means, squares, steps = zip(*map(self._state_of, weights), strict=True)
        self._count(steps, 1)
        self._kernel(
            weights,
            [parameter.grad for parameter in weights],
            means,
            squares,
            [],
            steps,
            lr=group["lr"],
            beta1=group["betas"][0],
            beta2=group["betas"][1],
            weight_decay=group["weight_decay"],
            eps=group["eps"],
            amsgrad=False,
            maximize=False,
        )

    def _state_of(self, parameter: nn.Parameter) -> tuple[Tensor, Tensor, Tensor]:
        """Running mean of gradients and of their squares, and steps taken."""
        found = self._state.get(parameter)
        if found is None:
            zeros = torch.zeros((), dtype=torch.float32)
            found = self._state[parameter] = torch.zeros_like(parameter), torch.zeros_like(parameter), zeros
        return found


def build_optimiser(parameters: Iterable[nn.Parameter], settings: TrainingSettings) -> torch.optim.Optimizer | Adam:
    """Adam, AdamW or SGD over the parameters that require gradients. Raises InputError when there are none."""
    trainable = [parameter for parameter in parameters if parameter.requires_grad]
    if not trainable:
        raise InputError("the model has no parameter to train", "model", "leave at least one layer unfrozen")
    rate, decay = settings.learning_rate, settings.weight_decay
    if settings.optimiser == "sgd":
        return torch.optim.SGD(trainable, lr=rate, momentum=settings.momentum, weight_decay=decay)
    decoupled = settings.optimiser == "adamw"
    if all(parameter.is_floating_point() and parameter.device.type == "cpu" for parameter in trainable):
        return Adam(trainable, rate, decay, decoupled)
    return (torch.optim.AdamW if decoupled else torch.optim.Adam)(trainable, lr=rate, weight_decay=decay)


def rate_factor(schedule: ScheduleSettings, epochs: int, step: int, steps_per_epoch: int) -> float:
    """What the learning rate is multiplied with at `step` (0-based, over the whole training).

    Linear warm-up over `warmup` epochs, already above 0 at the first step; then constant, half a cosine towards 0 at
    the last epoch (Loshchilov and Hutter 2017, without restarts), or times `gamma` every `every` epochs.
    """
    warmup = schedule.warmup * steps_per_epoch
    if step + 1 < warmup:
        return (step + 1) / warmup
    if schedule.kind == "cosine":
        span = max(epochs * steps_per_epoch - warmup, 1.0)
        return 0.5 * (1 + math.cos(math.pi * min(max(step - warmup, 0.0) / span, 1.0)))
    if schedule.kind == "step":
        return schedule.gamma ** (step // (schedule.every * steps_per_epoch))
    return 1.0


def class_weights(settings: TrainingSettings, classes: tuple[str, ...], labels: np.ndarray) -> torch.Tensor | None:
    """Weight of each class (C,), or None. `balanced` is n / (C * count), as scikit-learn defines it; a class without
    rows in this (re)drawn train split gets weight 0. Raises InputError for a class that train does not have."""
    if settings.class_weights == "none":
        return None
    if settings.class_weights == "balanced":
        counts = np.bincount(labels, minlength=len(classes))
        weights = np.divide(len(labels), len(classes) * counts, out=np.zeros(len(classes)), where=counts > 0)
        return torch.tensor(weights, dtype=torch.float32)
    unknown = sorted(set(settings.class_weights) - set(classes))
    if unknown:
        raise InputError(
            f"no class {', '.join(unknown)} in train", "training.class_weights", f"classes: {', '.join(classes)}"
        )
    return torch.tensor([settings.class_weights.get(name, 1.0) for name in classes], dtype=torch.float32)


def summed_loss(
    logits: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor | None, smoothing: float
) -> torch.Tensor:
    """Cross-entropy summed over rows; divide by `total_weight` of the whole batch for PyTorch's weighted mean."""
    weights = None if weights is None else weights.to(logits.dtype)
    return functional.cross_entropy(logits, labels, weight=weights, reduction="sum", label_smoothing=smoothing)


def total_weight(labels: torch.Tensor, weights: torch.Tensor | None) -> float:
    """What PyTorch's mean reduction divides by: rows, or the sum of their class weights."""
    return float(len(labels)) if weights is None else float(weights[labels].sum())
