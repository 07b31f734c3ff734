"""The optimiser and the learning-rate schedule, built from settings."""

import math
from collections.abc import Iterable

import torch
from torch import nn

from brittlestar.core.errors import InputError
from brittlestar.study.settings import ScheduleSettings, TrainingSettings
from brittlestar.training.adam import Adam


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
