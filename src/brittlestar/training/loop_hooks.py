"""PyTorch's own functions and hooks, watched while a fit function trains; afterwards all is as it was."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from brittlestar.training.own_loop import NoLoop, OwnLoop

LOSSES = (
    "cross_entropy",
    "nll_loss",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "mse_loss",
    "l1_loss",
    "smooth_l1_loss",
    "huber_loss",
    "kl_div",
    "multi_margin_loss",
    "soft_margin_loss",
)


LOADERS = ("torch", "transformers", "lightning")
"""What brings PyTorch: at once, or when it is first used."""


@contextmanager
def watch_own_loop(files: Sequence[Path] = ()) -> Generator[OwnLoop | NoLoop]:
    """Watch what PyTorch does inside, if it is loaded, or own `files` will load it. Everything is as before
    afterwards."""
    named = (name.encode() in file.read_bytes() for file in files for name in LOADERS)
    loads = any(name in sys.modules for name in LOADERS) or any(named)
    if not loads or importlib.util.find_spec("torch") is None:
        yield NoLoop()
        return
    import torch
    from torch.nn import functional
    from torch.optim import optimizer as optimisers  # pyright: ignore[reportAttributeAccessIssue] - it is there

    from brittlestar.training.step_watch import GradientWatch
    from brittlestar.training.training_watch import TrainingWatch

    loop = OwnLoop(TrainingWatch(), GradientWatch())
    handles = [
        optimisers.register_optimizer_step_pre_hook(loop.guard(loop.before_step)),
        optimisers.register_optimizer_step_post_hook(loop.guard(loop.after_step)),
    ]
    see_loss = loop.guard(loop.see_loss)
    kept = {name: getattr(functional, name) for name in LOSSES}
    watched = {name: _watch_loss(name, function, see_loss) for name, function in kept.items()}
    script, backward = torch.jit.script, torch.Tensor.backward
    try:
        loop.listen()
        _put(functional, watched)
        torch.Tensor.backward = _watch_backward(backward, loop.guard(loop.see_backward))
        torch.jit.script = _script_originals(script, functional, kept, watched)
        yield loop
    finally:
        torch.jit.script, torch.Tensor.backward = script, backward
        _put(functional, kept)
        for handle in handles:
            handle.remove()
        loop.close()


def _put(place: Any, functions: Mapping[str, Callable[..., Any]]) -> None:
    for name, function in functions.items():
        setattr(place, name, function)


def _script_originals(
    script: Callable[..., Any], place: Any, kept: Mapping[str, Any], watched: Mapping[str, Any]
) -> Callable[..., Any]:
    """`torch.jit.script`, which compiles the source of functions: it must meet those of PyTorch."""

    @wraps(script)
    def script_originals(*arguments: Any, **options: Any) -> Any:
        _put(place, kept)
        try:
            return script(*arguments, **options)
        finally:
            _put(place, watched)

    return script_originals


def _watch_backward(backward: Callable[..., Any], see: Callable[..., None]) -> Callable[..., Any]:
    @wraps(backward)
    def see_and_go_back(self: Any, *arguments: Any, **options: Any) -> Any:
        see(self)
        return backward(self, *arguments, **options)

    return see_and_go_back


def _watch_loss(name: str, function: Callable[..., Any], see: Callable[..., None]) -> Callable[..., Any]:
    @wraps(function)
    def call_and_see(input: Any, target: Any, *arguments: Any, **options: Any) -> Any:
        value = function(input, target, *arguments, **options)
        see(name, input, target, value, options.get("reduction", "mean"), options.get("ignore_index", -100))
        return value

    return call_and_see
