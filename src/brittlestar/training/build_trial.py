"""A factory is called twice, with two seeds, before anything is trained: whether seeds reach the weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from brittlestar.core.errors import InputError
from brittlestar.models.own import OwnModel
from brittlestar.models.source import defined_at
from brittlestar.training.process import seed_frameworks

MOST_SECONDS = 3.0  # budget: a factory that takes longer is called once


@dataclass
class BuiltWeights:
    """The trainable parameters of every module that a factory built in this process, and the memory that held them
    then, as long as anybody holds on to them. Frozen ones may be shared: no run changes them."""

    parameters: WeakValueDictionary[int, Any] = field(default_factory=WeakValueDictionary[int, Any])
    memory: dict[int, Any] = field(default_factory=dict[int, Any])

    def add(self, own: OwnModel, module: nn.Module) -> None:
        """Remember a module that was just built. Raises InputError where a call before returned the same weights."""
        trainable = [(name, one) for name, one in module.named_parameters() if one.requires_grad and not is_lazy(one)]
        for number in [number for number, held in self.memory.items() if held.expired()]:
            del self.memory[number]
        shared = [name for name, one in trainable if self._knows(one)]
        if shared:
            whole = len(shared) == len(trainable)
            some = f"{', '.join(shared[:2])}{f' and {len(shared) - 2} more' if len(shared) > 2 else ''}"
            what = "the same weights twice" if whole else f"weights that an earlier call returned ({some})"
            raise InputError(
                f"{own.reference} returned {what}: a run would go on from what the run before it learned",
                defined_at(own.object),
                "make the module, and all that is trained in it, anew in each call",
            )
        from torch.multiprocessing.reductions import StorageWeakRef

        for _, parameter in trainable:
            self.parameters[id(parameter)] = parameter
            storage = parameter.untyped_storage()
            if storage.nbytes():
                # Such a reference keeps the number from being given to other memory.
                self.memory[_number(storage)] = StorageWeakRef(storage)

    def _knows(self, parameter: nn.Parameter) -> bool:
        storage = parameter.untyped_storage()
        return self.parameters.get(id(parameter)) is parameter or _number(storage) in self.memory


def try_build(build: Callable[[], nn.Module], seed: int, name: str) -> tuple[nn.Module, tuple[str, ...]]:
    """The module that a factory builds from `seed`, and what there is to say of how it draws: `name` names the factory
    and its line. Raises what `build` raises, which sees both modules while both are there."""
    seed_frameworks(seed)
    began = time.perf_counter()
    module = build()
    if time.perf_counter() - began > MOST_SECONDS:
        return module, ()
    seed_frameworks(seed + 1)
    if not _begin_alike(module, build()):
        return module, ()
    sentence = (
        f"{name} gives the same weights for every seed: does it seed a generator? Each run seeds what it draws from."
    )
    return module, (sentence,)


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


def _number(storage: Any) -> int:
    return storage._cdata


BUILT = BuiltWeights()
"""Those of this process: where runs are trained one after another in it, nothing else tells that weights are shared."""
