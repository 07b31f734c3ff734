"""Watches the training loop of a fit function through PyTorch's own hooks: nothing of it changes, and it need not know.

What is watched: the losses of `torch.nn.functional`, the steps of optimisers, and which modules are called in which
mode. What fails here is never the run's fault: watching then ends, and nothing is said of the run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from brittlestar.core.seen_training import SeenTraining
from brittlestar.models.source import find_calling_line

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from brittlestar.training.step_watch import GradientWatch
    from brittlestar.training.training_watch import TrainingWatch

MOST_CALLS = 200_000  # budget: calls of modules that are looked at; a loop of small modules makes some millions
MOST_MODULES = 64  # budget: modules that a loop makes anew in each step
FEWEST_BACKWARDS = 3  # convention: gradients that are asked for less often train nothing
MOSTLY = 0.5  # convention: of the steps


class OwnLoop:
    """What is seen of one run; empty until PyTorch does something."""

    def __init__(self, watch: TrainingWatch, gradients: GradientWatch) -> None:
        self._watch, self._gradients = watch, gradients
        self._modules: dict[int, Any] = {}
        self._calls = self._added = 0
        self._stepped_at = ""
        self._since_step: Counter[tuple[str, bool]] = Counter()
        self._eval_steps: Counter[str] = Counter()
        self._resting = False  # whether the next step is none of those that are looked at
        self._training = False  # whether a module with weights was called in training mode since the last step
        self._in_train: set[str] = set()
        self._asked = self._broken = False
        self._backwards = 0
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

    def see_module(self, module: Any, *given: Any) -> None:
        """A module is about to be called."""
        import torch

        if not self._asked:
            self._calls += 1
            if self._calls > MOST_CALLS:
                return
            self._watch.note_call(module)
            learns = torch.is_grad_enabled()
            # What is called before any step may make the rows that are learned from: an encoder without gradients.
            if (learns or not self._watch.steps) and id(module) not in self._modules and self._added < MOST_MODULES:
                self._added += 1
                # held: a number of another object must not be taken for it
                self._modules.update((id(part), part) for part in module.modules())
                self._watch.add(module)
            if not learns:
                return
            if module.training:
                self._watch.see_inputs(*given)
            if module.training and not self._training:
                self._training = next(module.parameters(recurse=False), None) is not None
        if not _has_modes(module):
            return
        if not self._asked:
            self._since_step[type(module).__name__, module.training] += 1
        elif module.training:
            self._in_train.add(type(module).__name__)

    def see_loss(self, function: str, given: Any, target: Any, value: Any, reduction: str, ignored: int) -> None:
        """A loss was computed, from which gradients may go back."""
        import torch

        if not self._asked and not torch.is_grad_enabled():
            self._watch.passes.see(given, target, value, reduction, self._watch.steps)
            return
        if self._asked or not getattr(value, "requires_grad", False):
            return
        self._watch.losses.count(function, given)
        rows = max(len(target), 1) if reduction == "sum" and getattr(target, "dim", int)() else 1
        if self._resting:
            if _is_cheap(value):
                self._watch.losses.note(function, given, value, rows)
        elif self._watch.steps > 0 or self._watch.wants_loss():  # a loop may never take a step
            self._watch.losses.see(function, given, target, value / rows, find_calling_line)
            self._watch.losses.follow(function, given, value)
            self._watch.pairs.see_targets(given, target)
            if ignored >= 0:
                self._watch.losses.ignore(function, given, target, ignored)

    def see_backward(self, loss: Any) -> None:
        """Gradients of a loss are about to be asked for."""
        from brittlestar.training.step_watch import is_looked_at

        if self._asked:
            return
        self._backwards += 1
        alone = not self._resting and self._watch.steps == 0
        if self._resting or (alone and not is_looked_at(self._backwards - 1)):
            if _is_cheap(loss):
                self._watch.losses.note_whole(loss)
            return
        if alone:
            self._watch.look_without_step()
        self._watch.losses.see_whole(loss, find_calling_line)

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
        if self._resting is not rested:
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
        """What was seen; None where nothing was trained with PyTorch, or by other steps than those of its optimisers,
        or watching failed."""
        untaught = self._backwards >= FEWEST_BACKWARDS and not self._watch.moves
        if self._broken or not (self._watch.steps or untaught):
            return None
        least = MOSTLY * self._watch.steps
        return self._watch.tell(
            stepped_at=self._stepped_at,
            accumulated=self._gradients.accumulated,
            trained_in_eval=tuple(sorted(name for name, times in self._eval_steps.items() if times >= least)),
            predicted_in_train=tuple(sorted(self._in_train)),
            backwards=self._backwards,
        )


class NoLoop:
    """In the place of an OwnLoop where PyTorch is not loaded."""

    def answering(self) -> AbstractContextManager[None]:
        """Nothing."""
        return nullcontext()

    def tell(self) -> None:
        """Nothing was seen."""


def _is_cheap(value: Any) -> bool:
    """Whether the number in a tensor can be read without waiting for a device."""
    return value.device.type == "cpu" and value.numel() == 1


def _has_modes(module: Any) -> bool:
    from torch import nn

    if isinstance(module, nn.modules.dropout._DropoutNd):  # pyright: ignore[reportPrivateUsage]
        return module.p > 0
    if isinstance(module, nn.RNNBase):
        return module.dropout > 0
    return isinstance(module, nn.modules.batchnorm._BatchNorm)  # pyright: ignore[reportPrivateUsage]
