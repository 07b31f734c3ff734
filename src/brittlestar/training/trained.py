"""What a trained cell is: the record that the loop returns and the store writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from brittlestar.core.probing import ProbedCell
from brittlestar.core.seen_training import SeenTraining

CHECKPOINTS = ("best", "last")
TellEpoch = Callable[[int, int], None]
"""Is told the epoch that is done, and how many there are."""
LIBRARY = "library."
"""Prefix of settings that nobody stated: defaults of a library, read from the built object."""
Outcome = Literal["trained", "diverged", "fitted", "imported"]


@dataclass(frozen=True)
class Output:
    """A model's output on one split: `values` float32 (n, C), logits unless `probabilities`; `rows` int64 (n,) are the
    row numbers they belong to; `hard` marks one-hot values of a model that gives no probabilities."""

    rows: np.ndarray
    values: np.ndarray
    probabilities: bool = False
    hard: bool = False


@dataclass(frozen=True)
class Trained:
    """Everything one cell leaves behind, ready to be written.

    `curves[column]` float64 (epochs + 1,), row 0 before any step; `steps[column]` over the recorded steps; `weights`
    are safetensors files as bytes; `outputs[split][checkpoint]`; `scores[split][checkpoint][metric]`; `read_back` maps
    setting paths to values read from the built objects; `timing` holds every clock reading and nothing else does.
    `probed` are the answers to the suite of a model that leaves no weights, None where nobody asked or it gave none;
    `seen` is what was seen while it trained, None where nobody looked.
    """

    outcome: Outcome
    best_epoch: int | None
    epochs: int | None
    curves: Mapping[str, np.ndarray]
    steps: Mapping[str, np.ndarray]
    weights: Mapping[str, bytes]
    outputs: Mapping[str, Mapping[str, Output]]
    scores: Mapping[str, Mapping[str, Mapping[str, float | None]]]
    read_back: Mapping[str, Any]
    parameters: int | None
    notes: tuple[str, ...] = ()
    timing: Mapping[str, Any] = field(default_factory=dict[str, Any])
    probed: ProbedCell | None = None
    seen: SeenTraining | None = None
