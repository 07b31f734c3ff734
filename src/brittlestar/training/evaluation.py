"""From weights to outputs and scores: the checkpoints of a model on every split."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from torch import nn

from brittlestar.core.scores import softmax
from brittlestar.core.splits import EncodedData
from brittlestar.training.scoring import predict
from brittlestar.training.trained import (
    Evaluation,
    Output,
    RunOutcome,
    Trained,
    kept_rows,
    made_finite,
    majority_logits,
    sampling_notes,
    split_scores,
)


@dataclass(frozen=True)
class Checkpoint:
    """Weights of one epoch, and logits (n, C) of splits that they were run on already."""

    epoch: int
    weights: Mapping[str, torch.Tensor]
    logits: Mapping[str, np.ndarray]


def evaluate(
    model: nn.Module | None,
    data: EncodedData,
    names: Sequence[str],
    device: torch.device,
    bf16: bool,
    known: Mapping[str, np.ndarray] = MappingProxyType({}),
) -> Evaluation:
    """Score the named splits; without a model, at the majority class. Rows without a finite output score there too.

    `known` holds logits (n, C) of splits that this model was run on already.
    """
    outputs: dict[str, Output] = {}
    scores: dict[str, dict[str, float | None]] = {}
    notes: list[str] = []
    for name in names:
        split = data.splits[name]
        if model is None or split.n_rows == 0:
            logits = majority_logits(data, split.n_rows)
        else:
            found = known[name] if name in known else predict(model, split, device, bf16)
            logits, bad = made_finite(found, data)
            if bad:
                notes.append(f"{name}: no finite output for {bad} of {split.n_rows} rows; scored at the majority class")
        rows = kept_rows(split.n_rows, len(data.classes))
        outputs[name] = Output(rows, logits[rows])
        scores[name] = split_scores(split, softmax(logits))
    return Evaluation(outputs, scores, tuple(notes))


def trained_record(
    model: nn.Module,
    data: EncodedData,
    best: Checkpoint,
    last: Checkpoint,
    *,
    device: torch.device,
    bf16: bool,
    outcome: RunOutcome,
    **rest: Any,
) -> Trained:
    """Score each checkpoint on every split; the same epoch is scored once, a diverged cell at the majority class."""
    names = tuple(data.splits)
    scored = None if outcome == "diverged" else model

    def result(checkpoint: Checkpoint) -> Evaluation:
        model.load_state_dict(dict(checkpoint.weights))
        return evaluate(scored, data, names, device, bf16, checkpoint.logits)

    of_best = result(best)
    results = {"best": of_best, "last": of_best if best.epoch == last.epoch and scored is not None else result(last)}
    return Trained(
        outcome=outcome,
        best_epoch=best.epoch,
        epochs=last.epoch,
        outputs={name: {c: result.outputs[name] for c, result in results.items()} for name in names},
        scores={name: {c: result.scores[name] for c, result in results.items()} for name in names},
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        notes=tuple(dict.fromkeys([*sampling_notes(data), *(n for r in results.values() for n in r.notes)])),
        **rest,
    )
