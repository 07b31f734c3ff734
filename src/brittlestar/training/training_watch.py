"""What is seen of a run while it trains, in our loop and in others."""

from __future__ import annotations

from typing import Any

import torch

from brittlestar.core.seen_training import SeenTraining
from brittlestar.training.batch_inputs import read_ids
from brittlestar.training.loss_watch import LossWatch
from brittlestar.training.pair_watch import PairWatch
from brittlestar.training.parameter_watch import ParameterWatch
from brittlestar.training.pass_watch import PassWatch
from brittlestar.training.row_watch import RowWatch
from brittlestar.training.step_watch import StepWatch, given_parameters, is_looked_at, summarise_steps


class TrainingWatch:
    """Follows modules, losses and steps of optimisers. Nothing that it does changes what is computed."""

    def __init__(self) -> None:
        self.losses, self.passes, self.rows, self.pairs = LossWatch(), PassWatch(), RowWatch(), PairWatch()
        self._parameters = ParameterWatch()
        self._by_optimiser: dict[int, tuple[Any, StepWatch]] = {}  # with the optimiser, so that no number is used again
        self._loss_calls = 0
        self._has_read = False  # whether the rows of this step are known

    @property
    def steps(self) -> int:
        """How many steps the optimiser with the most parameters took."""
        return self._main.steps if self._by_optimiser else 0

    @property
    def _main(self) -> StepWatch:
        watches = [watch for _, watch in self._by_optimiser.values()]
        return max(watches, key=lambda one: one.values) if watches else StepWatch()

    @property
    def rests(self) -> bool:
        """Whether no optimiser's next step is looked at."""
        return all(not is_looked_at(watch.steps) for _, watch in self._by_optimiser.values())

    def steps_of(self, optimiser: Any) -> int:
        """How many steps one optimiser took."""
        return self._watch_of(optimiser).steps

    def _watch_of(self, optimiser: Any) -> StepWatch:
        if id(optimiser) not in self._by_optimiser:
            self._by_optimiser[id(optimiser)] = (optimiser, StepWatch())
        return self._by_optimiser[id(optimiser)][1]

    def add(self, module: torch.nn.Module) -> None:
        """Follow a module's parameters, from before the first step."""
        self._parameters.add(module)

    def see_inputs(self, arguments: Any) -> None:
        """What a module is called with in training: the first whole numbers since the last step are its rows."""
        if self._has_read:
            return
        inputs = read_ids(arguments)
        self.pairs.see_inputs(inputs, arguments)
        if inputs is not None:
            self._has_read = True
            self.rows.see(inputs)

    def note_call(self, module: torch.nn.Module) -> None:
        """A module was called while the model trained."""
        self._parameters.note_call(module)

    def wants_loss(self) -> bool:
        """Whether the next loss is one of those that are looked at; each is asked for once."""
        self._loss_calls += 1
        return is_looked_at(self._loss_calls - 1)

    def look_without_step(self) -> None:
        """Gradients were asked for once more, and no optimiser has taken a step: is something else moving weights?"""
        self._parameters.look(())
        self._parameters.compare()

    @property
    def moves(self) -> bool:
        """Whether any followed parameter has moved."""
        return self._parameters.moves

    def before_step(self, optimiser: Any) -> None:
        """Before an optimiser's step, with gradients in place."""
        watch = self._watch_of(optimiser)
        if is_looked_at(watch.steps):
            self._parameters.look(given_parameters(optimiser))
            watch.before(optimiser)

    def after_step(self, optimiser: Any) -> None:
        """After it."""
        watch = self._watch_of(optimiser)
        if is_looked_at(watch.steps):
            watch.after(optimiser)
            self._parameters.compare()
        watch.steps += 1
        self.pairs.end_step()
        self._has_read = False

    def tell(self, **rest: Any) -> SeenTraining:
        """What was seen, with what else is known of it."""
        main = self._main
        rates = main.rates
        return SeenTraining(
            self.steps,
            self._parameters.values,
            self.losses.describe(),
            summarise_steps(self.losses.values, self.losses.every, main),
            main.optimiser,
            (rates[0], rates[-1]) if rates else None,
            main.usual_rate,
            main.decay,
            self._parameters.dropout,
            one_class=self.losses.one_class,
            batch=self.losses.rows,
            still=self._parameters.find_still(),
            equal=self._parameters.find_equal(),
            narrowest=self._parameters.find_narrowest(),
            stale=self._parameters.find_stale(),
            options=main.options,
            gradients=self._parameters.list_gradients(),
            passes=self.passes.list_passes(),
            rows=self.rows.tell(),
            pairs=self.pairs.tell(),
            **rest,
        )
