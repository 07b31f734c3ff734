"""A factory is called twice, with two seeds, before anything is trained: whether seeds reach the weights."""

import pickle
import random
import time
from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import nn
from torch.nn.parameter import is_lazy

from brittlestar.training.process import seed_frameworks

MOST_SECONDS = 3.0  # budget: a factory that takes longer is called once


def try_build(build: Callable[[], nn.Module], seed: int, name: str) -> tuple[nn.Module, tuple[str, ...]]:
    """The module that a factory builds from `seed`, and what there is to say of how it draws: `name` names the factory
    and its line. Raises what `build` raises, which sees both modules while both are there."""
    seed_frameworks(seed)
    began = time.perf_counter()
    module = build()
    if time.perf_counter() - began > MOST_SECONDS:
        return module, ()
    ends = _read_generators()
    seed_frameworks(seed + 1)
    other = build()
    alike = [name for name, end in _read_generators().items() if end == ends[name]]
    if not _begin_alike(module, other):
        return module, ()
    if alike:
        does = f"seeds {' and '.join(alike)} itself, so that every run begins with the same weights"
        return module, (f"{name} {does}. Leave seeds out of it: each run seeds what a factory draws from.",)
    return module, (f"{name} gives the same weights for every seed: runs differ in what comes after it alone.",)


def _read_generators() -> dict[str, bytes]:
    """Where the generators stand that own code may draw from."""
    return {
        "PyTorch": torch.get_rng_state().numpy().tobytes(),
        "NumPy": pickle.dumps(np.random.get_state()),
        "Python": pickle.dumps(random.getstate()),
    }


def _begin_alike(module: nn.Module, other: nn.Module) -> bool:
    """Whether all that looks drawn is equal; False where nothing does, as in a layer of zeros."""
    pairs = list(zip(_list_drawn(module), _list_drawn(other), strict=False))
    return bool(pairs) and all(one.shape == two.shape and torch.equal(one, two) for one, two in pairs)


def _list_drawn(module: nn.Module) -> Iterator[torch.Tensor]:
    """The trainable weights with more than one value in them."""
    for parameter in module.parameters():
        if parameter.requires_grad and not is_lazy(parameter) and parameter.numel() > 1:
            values = parameter.detach()
            if bool((values != values.flatten()[0]).any()):
                yield values
