"""Weights that two calls of a factory have in common: a run would go on from what the run before it has learned."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from brittlestar.core.errors import InputError
from brittlestar.models.own import OwnModel
from brittlestar.models.source import defined_at

if TYPE_CHECKING:
    from torch import nn


@dataclass
class BuiltWeights:
    """The trainable parameters of every module that a factory built in this process, and the memory that held them
    then, as long as anybody holds on to them. Frozen ones may be shared: no run changes them."""

    parameters: WeakValueDictionary[int, Any] = field(default_factory=WeakValueDictionary[int, Any])
    memory: dict[int, Any] = field(default_factory=dict[int, Any])

    def add(self, own: OwnModel, module: nn.Module) -> None:
        """Remember a module that was just built. Raises InputError where a call before returned the same weights."""
        trainable = [(name, one) for name, one in module.named_parameters() if one.requires_grad and not _is_lazy(one)]
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


def _number(storage: Any) -> int:
    return storage._cdata


def _is_lazy(parameter: nn.Parameter) -> bool:
    from torch.nn.parameter import is_lazy

    return bool(is_lazy(parameter))


BUILT = BuiltWeights()
"""Those of this process: where runs are trained one after another in it, nothing else tells that weights are shared."""
