"""Values read back from the objects that were really built: what ran, not what was meant."""

from typing import Any

import torch
from torch import nn

from brittlestar.study.settings import TrainingSettings
from brittlestar.training.adam import Adam
from brittlestar.training.altering import uses_stored
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
