"""What is seen of a run while it trains, in our loop and in others."""

from __future__ import annotations

from statistics import median
from typing import Any

import torch

from brittlestar.core.seen_training import SeenPass, SeenRows, SeenTraining
from brittlestar.training.batches import BatchInputs, read_ids
from brittlestar.training.loss_watch import LossWatch
from brittlestar.training.pair_watch import PairWatch
from brittlestar.training.parameter_watch import ParameterWatch
from brittlestar.training.step_watch import StepWatch, given_parameters, is_looked_at, summarise_steps

MOST_PASSES = 500  # budget: later ones are not noted
MOST_CALLS = 20_000  # budget: calls of losses in all passes
MOST_DIGESTS = 20_000  # budget: rows whose digests are kept
SPAN = 2**31  # budget: ids that are the same modulo this number are one
FEWEST_STEPS = 6  # derived: two in each third
MIX = 0x9E3779B97F4A7C15 - 2**64  # derived: an odd number that spreads the powers of itself over 64 bits


class PassWatch:
    """Follows the calls of losses from which no gradient goes back. Those between two steps are one pass."""

    def __init__(self) -> None:
        self._passes: list[SeenPass] = []
        self._calls = self._rows = self._right = 0
        self._loss = 0.0
        self._named = True
        self._step = -1

    def see(self, given: torch.Tensor, target: Any, value: torch.Tensor, reduction: str, step: int) -> None:
        """One call after `step` steps: outputs (n, C), the numbers of the classes (n,), and the loss."""
        if self._calls >= MOST_CALLS or len(self._passes) >= MOST_PASSES:
            return
        self._calls += 1
        if step != self._step:
            self._end()
            self._step = step
        if not isinstance(target, torch.Tensor) or target.dim() == 0 or target.shape[:1] != given.shape[:1]:
            self._named = False
            return
        rows = int(target.shape[0])
        total = float(value.detach().float().sum())
        self._loss += total if reduction in ("sum", "none") else total * rows
        self._rows += rows
        if given.dim() == 2 and target.dim() == 1:
            self._right += int((given.argmax(1) == target).sum())
        elif given.shape == target.shape and (given.dim() == 1 or given.shape[1] == 1):
            self._right += int(((given > 0) == (target > 0.5)).sum())
        else:
            self._named = False

    def _end(self) -> None:
        if self._rows:
            right = self._right / self._rows if self._named else None
            self._passes.append(SeenPass(max(self._step, 0), self._rows, self._loss / self._rows, right))
        self._rows = self._right = 0
        self._loss, self._named = 0.0, True

    def list_passes(self) -> tuple[SeenPass, ...]:
        """All passes, in their order."""
        self._end()
        return tuple(self._passes)


class RowWatch:
    """Follows the ids that modules are given in training: a row is known by a digest of its ids and their places.

    Padding by zeros changes no digest. Another id for padding makes one row two, so that rows are never taken for
    fewer than they are."""

    def __init__(self) -> None:
        self._known: set[int] = set()
        self._looked = 0
        self._tokens: list[float] = []
        self._powers = torch.empty(0, dtype=torch.int64)

    def see(self, inputs: BatchInputs) -> None:
        """The rows of one step."""
        if self._looked >= MOST_DIGESTS:
            return
        longest = int(inputs.places.max()) + 1 if len(inputs.places) else 0
        if len(self._powers) < longest:
            self._powers = torch.full((2 * longest,), MIX, dtype=torch.int64).cumprod(0)
        parts = inputs.ids * self._powers[inputs.places]
        digests = torch.zeros(inputs.rows, dtype=torch.int64).index_add_(0, inputs.row, parts)
        self._looked += inputs.rows
        pairs = inputs.row * SPAN + inputs.ids.remainder(SPAN)
        self._tokens.append(len(pairs.unique()) / max(inputs.rows, 1))
        self._known.update(digests.tolist())

    def tell(self) -> SeenRows | None:
        """How many rows were looked at, and how many different ones they were; None where none was."""
        if not self._looked:
            return None
        third = len(self._tokens) // 3 if len(self._tokens) >= FEWEST_STEPS else 0
        early, late = (median(some) if third else 0.0 for some in (self._tokens[:third], self._tokens[-third:]))
        return SeenRows(self._looked, len(self._known), 0.0, early, late)


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
            trainable=self._parameters.trainable,
            start=self._parameters.start,
            batches=self.losses.calls,
            reached=self.losses.reached,
            **rest,
        )
