"""A module that a factory built is tried on a few rows before anything is trained: what cannot be trained is refused,
and what is odd about it is said."""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from brittlestar.core.errors import InputError, Problem, format_error
from brittlestar.core.splits import EncodedSplit
from brittlestar.models.info import ModelInfo
from brittlestar.models.own import OwnCodeError, call_own
from brittlestar.models.source import defined_at, is_library, last_user_frame, name_with_line
from brittlestar.training.batches import pad_rows
from brittlestar.training.loss_graph import describe_outputs
from brittlestar.training.optimisers import summed_loss
from brittlestar.training.process import seed_frameworks
from brittlestar.training.scoring import widen

TRIAL_ROWS = 32  # budget: a batch of a tenth of a second
TRIAL_TOKENS = 1 << 15  # budget: padded tokens of it
MOST_SECONDS = 0.2  # budget: a model that takes longer for a batch is not asked again
SAME_LOGITS = 1e-3  # the least move that `eval.stochastic` counts; of logits here

_KEEPS_NOTHING = "rows come in batches of any size and length: keep nothing of one for the next"


@dataclass(frozen=True)
class TrialRows:
    """A batch: `tokens` int64 (B, L), `lengths` and `labels` int64 (B,)."""

    tokens: Tensor
    lengths: Tensor
    labels: Tensor


def choose_rows(split: EncodedSplit) -> TrialRows:
    """Up to 32 rows of a split, from its shortest to its longest; without the longest where these take many tokens."""
    order = np.argsort(split.lengths, kind="stable")
    order = order[split.lengths[order] * min(TRIAL_ROWS, len(order)) <= TRIAL_TOKENS]
    if not len(order):
        order = np.array([int(np.argmin(split.lengths))])
    rows = order[np.linspace(0, len(order) - 1, min(TRIAL_ROWS, len(order))).round().astype(int)]
    rows = np.repeat(rows, 2) if len(rows) == 1 else rows  # layers that normalise over a batch need two
    tokens, lengths = pad_rows(split, rows)
    labels = np.array(split.labels, dtype=np.int64)[rows]
    return TrialRows(torch.from_numpy(tokens), torch.from_numpy(lengths), torch.from_numpy(labels))


def try_module(module: nn.Module, info: ModelInfo, rows: TrialRows, name: str) -> tuple[str, ...]:
    """Sentences about what is odd about a module, each with a line of the user's; `name` names its factory with its
    line. The module's mode is as before, and gradients are gone; what it keeps of calls stays.

    Raises InputError where what `forward` returns is not finite, has no gradient or is no logits; OwnCodeError where it
    or the backward pass raises.
    """
    trial = _Trial(module, info, rows)
    modes = {one: one.training for one in module.modules()}
    try:
        notes = [*_describe_types(module, name), *trial.evaluate(), *trial.train()]
    finally:
        for one, training in modes.items():
            one.training = training
        module.zero_grad(set_to_none=True)
    return tuple(dict.fromkeys(notes))


class _Trial:
    """The calls, one mode after the other."""

    def __init__(self, module: nn.Module, info: ModelInfo, rows: TrialRows) -> None:
        self._module, self._info, self._rows = module, info, rows
        self._where = defined_at(type(module).forward)
        self._name = f"{type(module).__name__}.forward"
        self._called = name_with_line(self._name, type(module).forward)

    def evaluate(self) -> list[str]:
        """Ask twice in evaluation mode, other rows in between: the answers are to be the same."""
        self._module.eval()
        rows = self._rows
        few = TrialRows(rows.tokens[-2:].flip(0), rows.lengths[-2:].flip(0), rows.labels[-2:].flip(0))
        with torch.no_grad():
            self._ask(few, 0)
            try:
                began = perf_counter()
                first, notes = self._ask(self._rows, 0)
                self._refuse_not_finite(first, "evaluation")
                if perf_counter() - began > MOST_SECONDS:
                    return notes
                first = first.clone()
                self._ask(few, 0)
                again, _ = self._ask(self._rows, 1)
            except OwnCodeError as error:  # it answered two rows before
                told = [
                    Problem(f"{problem.what} (called a second time, with another batch)", problem.where, _KEEPS_NOTHING)
                    for problem in error.problems
                ]
                raise OwnCodeError(told) from error.__cause__
        if not torch.allclose(first.float(), again.float(), rtol=SAME_LOGITS, atol=SAME_LOGITS):
            notes.append(
                f"{self._called} answers the same rows otherwise a second time in evaluation mode. Functional dropout "
                "needs `training=self.training`; nothing may be kept of a call for the next one."
            )
        return notes

    def train(self) -> list[str]:
        """One pass forward and back in training mode, without a step."""
        self._module.train()
        with torch.enable_grad():
            output, notes = self._ask(self._rows, 0)
            self._refuse_not_finite(output, "training")
            trained = {name: one for name, one in self._module.named_parameters() if one.requires_grad}
            if not trained:
                what = (
                    f"{type(self._module).__name__} has no parameter that requires a gradient: nothing can be trained"
                )
                raise InputError(what, self._where, "do not freeze all of them")
            if not output.requires_grad:
                raise InputError(
                    f"{self._name} returned logits without a gradient: nothing can be trained",
                    self._where,
                    "look for detach(), no_grad(), .data, argmax or NumPy between the weights and the logits",
                )
            loss = summed_loss(widen(output), self._rows.labels, None, 0.0) / len(self._rows.labels)
            self._go_back(loss, bool(notes))
        reached = {name: one.grad for name, one in trained.items() if one.grad is not None}
        if not reached:
            what = f"no gradient reaches a parameter of {type(self._module).__name__}: nothing can be trained"
            raise InputError(what, self._where, "look for detach(), no_grad() or a parameter made in forward")
        wild = [name for name, gradient in reached.items() if not bool(torch.isfinite(_values(gradient)).all())]
        if wild:
            what = f"the gradient of {_list_some(wild)} is not finite: the first step would lose all weights"
            raise InputError(what, self._where, "look for a square root or a logarithm of 0, and for a division by 0")
        form = describe_outputs(output.detach().float().numpy())
        if form in ("probabilities", "shares of a batch"):
            notes.append(
                f"{self._called} returns probabilities where logits are expected: softmax is applied twice. Return "
                "what comes before it."
            )
        return notes

    def _ask(self, rows: TrialRows, seed: int) -> tuple[Tensor, list[str]]:
        """What `forward` returns, and a note where it changed what it was given."""
        seed_frameworks(seed)
        tokens, lengths = rows.tokens.clone(), rows.lengths.clone()
        output = call_own(self._module, tokens, lengths, what=self._name)
        expected = (len(rows.tokens), len(self._info.classes))
        if wrong := _find_wrong_output(output, expected):
            mode = " in training mode" if self._module.training else ""
            what = f"{self._name} returned {wrong[0]}{mode}; expected logits {expected}"
            raise InputError(what, self._where, wrong[1])
        given = {"tokens": (tokens, rows.tokens), "lengths": (lengths, rows.lengths)}
        changed = [name for name, (now, before) in given.items() if not torch.equal(now, before)]
        notes = [f"{self._called} changes its {' and '.join(changed)} in place. Change a copy."] if changed else []
        return output, notes

    def _refuse_not_finite(self, output: Tensor, mode: str) -> None:
        wrong = ~torch.isfinite(output.detach()).all(dim=1)
        if not bool(wrong.any()):
            return
        many, first = int(wrong.sum()), int(wrong.int().argmax())
        kind = "NaN" if bool(torch.isnan(output.detach()).any()) else "infinite values"
        raise InputError(
            f"{self._name} returned {kind} for {many} of {len(wrong)} rows in {mode} mode, before any step (the first "
            f"has {int(self._rows.lengths[first])} tokens)",
            self._where,
            "look for a division by 0, a logarithm of 0, or a softmax over nothing but masked places",
        )

    def _go_back(self, loss: Tensor, changed: bool) -> None:
        try:
            loss.backward()
        except Exception as error:
            where = last_user_frame(error.__traceback__)
            where = self._where if is_library(Path(where.rpartition(":")[0])) else where
            hint = "change a copy of tokens and lengths" if changed else "look for changes in place"
            what = f"the backward pass through {self._name} raised {format_error(error, 200)}"
            raise OwnCodeError([Problem(what, where, hint)]) from error


def _find_wrong_output(output: Any, expected: tuple[int, int]) -> tuple[str, str] | None:
    """(what was returned, what to try) when it is not a float tensor of the expected shape."""
    if not isinstance(output, Tensor):
        hint = "return its .logits" if hasattr(output, "logits") else "return the logits alone"
        return f"a {type(output).__name__}", hint
    shape = tuple(output.shape)
    if shape != expected:
        hint = "give one logit per class, len(info.classes)" if len(shape) == 2 else "pool over the tokens first"
        return f"shape {shape}", hint
    if not output.is_floating_point():
        return f"a tensor of {str(output.dtype).removeprefix('torch.')}", "return logits, not predicted classes"
    return None


def _describe_types(module: nn.Module, name: str) -> list[str]:
    kinds = sorted(
        {str(parameter.dtype).removeprefix("torch.") for parameter in module.parameters() if parameter.requires_grad}
    )
    if kinds in ([], ["float32"]):
        return []
    narrow = [kind for kind in kinds if kind in ("float16", "bfloat16")]
    if narrow:
        return [
            f"{name} has weights in {' and '.join(kinds)}: in {' and '.join(narrow)} small updates round to nothing. "
            "Keep weights in float32."
        ]
    return [f"{name} has weights in {' and '.join(kinds)}: they are trained so, and answers are kept in float32."]


def _values(tensor: Tensor) -> Tensor:
    tensor = tensor.coalesce().values() if tensor.is_sparse else tensor
    return torch.view_as_real(tensor) if tensor.is_complex() else tensor


def _list_some(names: list[str]) -> str:
    return f"{', '.join(names[:2])}{f' and {len(names) - 2} more' if len(names) > 2 else ''}"
