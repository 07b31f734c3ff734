"""What an experiment changes in a network before it is trained, whoever wrote it."""

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from brittlestar.study.settings import ModelSettings


def alter(model: nn.Module, settings: ModelSettings) -> nn.Module:
    """The model, with the matrices that it trains multiplied by `initial_scale`, and, where `batch_statistics` are
    `stored`, with layers of batch normalisation that use what they keep in training, too (means of 0 and variances of 1
    in a new one)."""
    if settings.initial_scale != 1:
        with torch.no_grad():
            for parameter in model.parameters():
                if parameter.requires_grad and not is_lazy(parameter) and parameter.dim() > 1:
                    parameter.mul_(settings.initial_scale)
    if settings.batch_statistics == "stored":
        for module in model.modules():
            if isinstance(module, nn.modules.batchnorm._BatchNorm):  # pyright: ignore[reportPrivateUsage]
                module.register_forward_pre_hook(_evaluate)
    return model


def uses_stored(module: nn.Module) -> bool:
    """Whether a layer of batch normalisation uses what it keeps in training, too."""
    return _evaluate in module._forward_pre_hooks.values()  # pyright: ignore[reportPrivateUsage]


def _evaluate(module: nn.Module, _: object) -> None:
    module.eval()
