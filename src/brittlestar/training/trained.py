"""What a trained cell is, and how it is made of outputs: what is stored of them, and how they score. NumPy only."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from brittlestar.core.probing import ProbedCell
from brittlestar.core.results import Setting
from brittlestar.core.scores import score
from brittlestar.core.seeds import generator
from brittlestar.core.seen_training import SeenFiles, SeenTraining
from brittlestar.core.splits import EncodedData, EncodedSplit, is_unlabelled
from brittlestar.training.history import History

CHECKPOINTS = ("best", "last")
TellEpoch = Callable[[int, int], None]
"""Is told the epoch that is done, and how many there are."""
LIBRARY = "library."
"""Prefix of settings that nobody stated: defaults of a library, read from the built object."""
RunOutcome = Literal["trained", "diverged", "fitted", "imported"]
MOST_LOGITS = 2_000_000  # budget: 8 MB of logits


@dataclass(frozen=True)
class Output:
    """A model's output on one split: `values` float32 (n, C), logits unless `probabilities`; `rows` int64 (n,) are the
    row numbers they belong to; `hard` marks one-hot values of a model that gives no probabilities."""

    rows: np.ndarray
    values: np.ndarray
    probabilities: bool = False
    hard: bool = False


@dataclass(frozen=True)
class Evaluation:
    """Stored outputs and scores of some splits under one checkpoint, and sentences about what was odd."""

    outputs: Mapping[str, Output]
    scores: Mapping[str, Mapping[str, float | None]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trained:
    """Everything one cell leaves behind, ready to be written.

    `curves[column]` float64 (epochs + 1,), row 0 before any step; `steps[column]` over the recorded steps; `weights`
    are safetensors files as bytes; `outputs[split][checkpoint]`; `scores[split][checkpoint][metric]`; `read_back` maps
    setting paths to values read from the built objects; `timing` holds every clock reading and nothing else does.
    `probed` are the answers to the suite of a model that leaves no weights, None where nobody asked or it gave none;
    `seen` is what was seen while it trained, `opened` which files of splits own code opened, None where nobody looked;
    `held` are settings that own code made itself.
    """

    outcome: RunOutcome
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
    held: tuple[Setting, ...] = ()
    opened: SeenFiles | None = None


def kept_rows(n_rows: int, n_classes: int) -> np.ndarray:
    """Rows whose outputs are stored: all, or a fixed random sample where a split has over 2 million values."""
    if n_rows * n_classes <= MOST_LOGITS:
        return np.arange(n_rows)
    size = max(1, MOST_LOGITS // n_classes)
    return np.sort(generator(0, "kept rows").choice(n_rows, size, replace=False))


def sampling_notes(data: EncodedData) -> tuple[str, ...]:
    """One sentence for each split whose stored predictions are a sample."""
    classes = len(data.classes)
    return tuple(
        f"{name}: predictions of {len(kept_rows(split.n_rows, classes)):,} of {split.n_rows:,} rows are stored "
        "(a fixed sample); scores are over all rows"
        for name, split in data.splits.items()
        if split.n_rows * classes > MOST_LOGITS
    )


def split_scores(split: EncodedSplit, probabilities: np.ndarray, hard: bool = False) -> dict[str, float | None]:
    """Every metric of probabilities (n, C) over all rows of a split; none for a split without rows or labels."""
    if split.n_rows == 0 or is_unlabelled(split.name):
        return {}
    weights = {name: np.asarray(values) for name, values in split.factor_weights.items()}
    return score(probabilities, np.asarray(split.labels), weights, hard=hard)


def majority_logits(data: EncodedData, n_rows: int) -> np.ndarray:
    """Logits float32 (n_rows, C) of train's class shares: what a diverged cell is scored with."""
    counts = np.bincount(np.asarray(data.splits["train"].labels), minlength=len(data.classes))
    shares = np.maximum(counts / counts.sum(), 1e-9)
    return np.tile(np.log(shares).astype(np.float32), (n_rows, 1))


def made_finite(logits: np.ndarray, data: EncodedData) -> tuple[np.ndarray, int]:
    """Rows (n, C) with a non-finite value get the majority's logits; also how many there were."""
    bad = np.logical_not(np.isfinite(logits).all(axis=1))
    if not bad.any():
        return logits, 0
    return np.where(bad[:, None], majority_logits(data, len(logits)), logits), int(bad.sum())


def probabilities_record(
    data: EncodedData,
    probabilities: Mapping[str, np.ndarray],
    hard: Collection[str],
    outcome: RunOutcome,
    *,
    steps: Mapping[str, np.ndarray],
    read_back: Mapping[str, Any],
    notes: Sequence[str] = (),
    timing: Mapping[str, Any],
    history: History | None = None,
    probed: ProbedCell | None = None,
    seen: SeenTraining | None = None,
    held: tuple[Setting, ...] = (),
) -> Trained:
    """A cell that has probabilities and no weights: best and last are the same. `hard` names splits with bare labels;
    `history` has the curves that the model reported of its own training, `probed` its answers to a suite, `seen` what
    was seen while it trained, `held` the settings that own code made itself."""
    history = history or History()
    outputs: dict[str, dict[str, Output]] = {}
    scores: dict[str, dict[str, dict[str, float | None]]] = {}
    for name, values in probabilities.items():
        split = data.splits[name]
        rows = kept_rows(split.n_rows, len(data.classes))
        output = Output(rows, values[rows], probabilities=True, hard=name in hard)
        metrics = split_scores(split, values, hard=name in hard)
        outputs[name] = dict.fromkeys(CHECKPOINTS, output)
        scores[name] = dict.fromkeys(CHECKPOINTS, metrics)
    return Trained(
        outcome=outcome,
        best_epoch=None,
        epochs=history.epochs,
        curves=history.curves,
        steps=steps,
        weights={},
        outputs=outputs,
        scores=scores,
        read_back=read_back,
        parameters=None,
        notes=(*sampling_notes(data), *notes, *history.notes),
        timing=timing,
        probed=probed,
        seen=seen,
        held=held,
    )
