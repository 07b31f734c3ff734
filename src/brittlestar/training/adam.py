"""Adam and AdamW on the CPU with nothing around PyTorch's fused kernel.

`torch.optim.Adam(fused=True)` computes the same numbers, but building one imports PyTorch's compiler, which takes as
long as PyTorch itself, and its step costs more around the kernel than in it. A study trains many small models, so both
would be paid many times.
"""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

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
