"""What an experiment changes in a built network, and values read back from it: what ran, not what was meant."""

from typing import Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from brittlestar.study.settings import ModelSettings, TrainingSettings
from brittlestar.training.optimisers import Adam
from brittlestar.training.trained import LIBRARY

_OPTIMISERS: dict[type, str] = {torch.optim.Adam: "adam", torch.optim.AdamW: "adamw", torch.optim.SGD: "sgd"}


def read_training(
    optimiser: torch.optim.Optimizer | Adam, weights: torch.Tensor | None, settings: TrainingSettings
) -> dict[str, Any]:
    """Setting paths to the values that the optimiser and the objective carry; the library's own under `library.`."""
    group = optimiser.param_groups[0]
    values: dict[str, Any] = {
        "training.optimiser": _name(optimiser),
        "training.learning_rate": group["lr"],
        "training.weight_decay": group["weight_decay"],
        "training.class_weights": "none" if weights is None else [round(float(w), 6) for w in weights],
        "training.device": str(group["params"][0].device.type),
        "library.threads": torch.get_num_threads(),
    }
    if "momentum" in group:
        values["training.momentum"] = group["momentum"]
    stated = {"params", "lr", "initial_lr", "weight_decay", "momentum"}
    name = type(optimiser).__name__
    for key in sorted(set(group) - stated):
        value = group[key]
        values[f"{LIBRARY}{name}.{key}"] = list(value) if isinstance(value, tuple) else value
    return values


def _name(optimiser: torch.optim.Optimizer | Adam) -> str:
    if isinstance(optimiser, Adam):
        return "adamw" if optimiser.decoupled else "adam"
    return _OPTIMISERS.get(type(optimiser), type(optimiser).__name__)


def read_model(model: nn.Module) -> dict[str, Any]:
    """What the modules of any model say of themselves: sizes, layers, dropout, directions, frozen tables.

    For the built-in families the paths are those of the study file; every dropout module is listed by its name.
    """
    values: dict[str, Any] = {"library.model": type(model).__name__}
    for name, module in model.named_modules():
        if isinstance(module, nn.RNNBase):
            values[f"library.{name}.hidden_size"] = module.hidden_size
            values[f"library.{name}.bias"] = module.bias
        elif isinstance(module, nn.Embedding):
            values[f"library.{name}.embedding_dim"] = module.embedding_dim
            values[f"library.{name}.trained"] = module.weight.requires_grad
        elif isinstance(module, nn.Dropout):
            values[f"library.{name}.p"] = module.p
        elif isinstance(module, nn.LayerNorm):
            values[f"library.{name}.eps"] = module.eps
        elif isinstance(module, nn.modules.batchnorm._BatchNorm):  # pyright: ignore[reportPrivateUsage]
            values["model.batch_statistics"] = "stored" if uses_stored(module) else "batch"
    return values


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
