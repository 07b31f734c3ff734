"""Watches the training loop of a fit function through PyTorch's own hooks: nothing of it changes, and it need not know.

What is watched: the losses of `torch.nn.functional`, the steps of optimisers, and which modules are called in which
mode. What fails here is never the run's fault: watching then ends, and nothing is said of the run.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, nullcontext
from functools import wraps
from typing import TYPE_CHECKING, Any

from brittlestar.core.seen_training import SeenTraining
from brittlestar.models.source import find_calling_line

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from brittlestar.training.step_watch import GradientWatch
    from brittlestar.training.training_watch import TrainingWatch

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
MOST_CALLS = 200_000  # budget: calls of modules that are looked at; a loop of small modules makes some millions
MOST_MODULES = 64  # budget: modules that a loop makes anew in each step
MOSTLY = 0.5  # convention: of the steps


class OwnLoop:
    """What is seen of one run; empty until PyTorch does something."""

    def __init__(self, watch: TrainingWatch, gradients: GradientWatch) -> None:
        self._watch, self._gradients = watch, gradients
        self._modules: dict[int, Any] = {}
        self._calls = 0
        self._stepped_at = ""
        self._since_step: Counter[tuple[str, bool]] = Counter()
        self._eval_steps: Counter[str] = Counter()
        self._resting = False  # whether the next step is none of those that are looked at
        self._training = False  # whether a module with weights was called in training mode since the last step
        self._in_train: set[str] = set()
        self._asked = self._broken = False
        self._hook: Any = None

    @contextmanager
    def answering(self) -> Generator[None]:
        """Inside, the model is asked and not trained."""
        self._asked = True
        self.listen()
        try:
            yield
        finally:
            self._asked = False
            self.listen()

    def listen(self) -> None:
        """Have modules tell that they are called, where that is seen: a hook that does nothing costs time, too."""
        from torch.nn.modules import module as modules

        wanted = not self._broken and (self._asked or not self._resting)
        if wanted and self._hook is None:
            self._hook = modules.register_module_forward_pre_hook(self.guard(self.see_module))
        elif not wanted and self._hook is not None:
            self._hook.remove()
            self._hook = None

    def see_module(self, module: Any, *_: Any) -> None:
        """A module is about to be called."""
        import torch

        if not self._asked:
            self._calls += 1
            if self._calls > MOST_CALLS:
                return
            self._watch.note_call(module)
            if not torch.is_grad_enabled():
                return
            if id(module) not in self._modules and len(self._modules) < MOST_MODULES:
                self._modules[id(module)] = module  # held: a number of another object must not be taken for it
                self._watch.add(module)
            if module.training and not self._training:
                self._training = next(module.parameters(recurse=False), None) is not None
        if not _has_modes(module):
            return
        if not self._asked:
            self._since_step[type(module).__name__, module.training] += 1
        elif module.training:
            self._in_train.add(type(module).__name__)

    def see_loss(self, function: str, given: Any, target: Any, value: Any, reduction: str) -> None:
        """A loss was computed, from which gradients may go back."""
        if self._resting:
            return
        wanted = self._watch.steps > 0 or self._watch.wants_loss()  # a loop may never take a step
        if not self._asked and getattr(value, "requires_grad", False) and wanted:
            rows = max(len(target), 1) if reduction == "sum" and getattr(target, "dim", int)() else 1
            self._watch.losses.see(function, given, target, value / rows, find_calling_line)
            self._watch.losses.follow(function, given, value)

    def before_step(self, optimiser: Any, *_: Any) -> None:
        """An optimiser is about to take a step: what was called in evaluation alone since the last one trained so.
        Steps that are not looked at did as the next one that is."""
        from brittlestar.training.step_watch import count_alike, given_parameters, is_looked_at

        if self._resting:
            return
        self._stepped_at = self._stepped_at or find_calling_line()
        modes = self._since_step
        if not self._training:
            alike = count_alike(self._watch.steps_of(optimiser))
            names = (name for name, training in modes if not training and not modes[name, True])
            self._eval_steps.update(dict.fromkeys(names, alike))
        self._training = False
        self._since_step.clear()
        if is_looked_at(self._watch.steps_of(optimiser)):
            self._gradients.before_step(given_parameters(optimiser))
        self._watch.before_step(optimiser)

    def after_step(self, optimiser: Any, *_: Any) -> None:
        """It took it."""
        from brittlestar.training.step_watch import given_parameters, is_looked_at

        rested = self._resting
        self._watch.after_step(optimiser)
        self._resting = self._watch.rests
        self.listen()
        if not (rested and self._resting):
            self._gradients.after_step(given_parameters(optimiser), is_looked_at(self._watch.steps_of(optimiser)))

    def guard(self, see: Callable[..., None]) -> Callable[..., None]:
        """The same, which ends all watching where it fails."""

        from torch.compiler import is_compiling

        def seeing(*arguments: Any) -> None:
            if self._broken or is_compiling():  # what is traced is not computed yet
                return
            try:
                see(*arguments)
            except Exception:
                self.close()

        return seeing

    def close(self) -> None:
        """Watch no longer, and hold nothing."""
        self._broken = True
        self._gradients.close()
        self._modules.clear()
        self.listen()

    def tell(self) -> SeenTraining | None:
        """What was seen; None where PyTorch took no step, or watching failed."""
        if self._broken or not self._watch.steps:
            return None
        least = MOSTLY * self._watch.steps
        return self._watch.tell(
            stepped_at=self._stepped_at,
            accumulated=self._gradients.accumulated,
            trained_in_eval=tuple(sorted(name for name, times in self._eval_steps.items() if times >= least)),
            predicted_in_train=tuple(sorted(self._in_train)),
        )


class NoLoop:
    """In the place of an OwnLoop where PyTorch is not loaded."""

    def answering(self) -> AbstractContextManager[None]:
        """Nothing."""
        return nullcontext()

    def tell(self) -> None:
        """Nothing was seen."""


@contextmanager
def watch_own_loop() -> Generator[OwnLoop | NoLoop]:
    """Watch what PyTorch does inside, if it is loaded. Everything is as before afterwards."""
    if "torch" not in sys.modules:
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
    script = torch.jit.script
    try:
        loop.listen()
        _put(functional, watched)
        torch.jit.script = _script_originals(script, functional, kept, watched)
        yield loop
    finally:
        torch.jit.script = script
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


def _watch_loss(name: str, function: Callable[..., Any], see: Callable[..., None]) -> Callable[..., Any]:
    @wraps(function)
    def call_and_see(input: Any, target: Any, *arguments: Any, **options: Any) -> Any:
        value = function(input, target, *arguments, **options)
        see(name, input, target, value, options.get("reduction", "mean"))
        return value

    return call_and_see


def _has_modes(module: Any) -> bool:
    """Whether a module computes something else in training than in evaluation."""
    from torch import nn

    if isinstance(module, nn.Dropout):
        return module.p > 0
    if isinstance(module, nn.RNNBase):
        return module.dropout > 0
    return isinstance(module, nn.modules.batchnorm._BatchNorm)  # pyright: ignore[reportPrivateUsage]
