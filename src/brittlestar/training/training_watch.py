"""What is seen of a run while it trains, in our loop and in others."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from brittlestar.core.seen_training import SeenTraining
from brittlestar.training.parameter_watch import ParameterWatch
from brittlestar.training.step_watch import LossWatch, StepWatch, given_parameters, is_looked_at, summarise_steps


class TrainingWatch:
    """Follows modules, losses and steps of optimisers. Nothing that it does changes what is computed."""

    def __init__(self) -> None:
        self.losses, self._steps, self._parameters = LossWatch(), StepWatch(), ParameterWatch()
        self._loss_calls = 0

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return self._steps.steps

    def add(self, module: torch.nn.Module) -> None:
        """Follow a module's parameters, from before the first step."""
        self._parameters.add(module)

    def note_call(self, module: torch.nn.Module) -> None:
        """A module was called while the model trained."""
        self._parameters.note_call(module)

    def wants_loss(self) -> bool:
        """Whether the next loss is one of those that are looked at; each is asked for once."""
        self._loss_calls += 1
        return is_looked_at(self._loss_calls - 1)

    def before_step(self, optimiser: Any) -> None:
        """Before an optimiser's step, with gradients in place."""
        if is_looked_at(self.steps):
            self._parameters.look(given_parameters(optimiser))
            self._steps.before(optimiser)

    def after_step(self, optimiser: Any) -> None:
        """After it."""
        if is_looked_at(self.steps):
            self._steps.after(optimiser)
            self._parameters.compare()
        self._steps.steps += 1

    def tell(self, **rest: Any) -> SeenTraining:
        """What was seen, with what else is known of it."""
        rates = self._steps.rates
        return SeenTraining(
            self.steps,
            self._parameters.values,
            self.losses.describe(),
            summarise_steps(self.losses.values, self._steps),
            self._steps.optimiser,
            (rates[0], rates[-1]) if rates else None,
            float(np.median(rates)) if rates else None,
            self._steps.decay,
            self._parameters.dropout,
            one_class=self.losses.one_class,
            batch=self.losses.rows,
            still=self._parameters.find_still(),
            equal=self._parameters.find_equal(),
            gradients=self._parameters.list_gradients(),
            **rest,
        )
