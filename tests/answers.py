"""Answers of made runs: labels, what runs say of them, and a split of a study that has both."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from brittlestar.core.answers import Answers, Probabilities, Rows
from brittlestar.core.results import SplitAnswers
from brittlestar.data.joining import number_units


def make_answers(
    predicted: np.ndarray,
    labels: np.ndarray,
    own: np.ndarray | None = None,
    *,
    n_classes: int = 2,
    weights: Mapping[str, np.ndarray] | None = None,
) -> Answers:
    """What runs answer, (n, m), to rows with these labels, (m,), each drawn alone; bare labels without `own`."""
    return Answers(rows=Rows(labels=labels, n_classes=n_classes, weights=weights or {}), predicted=predicted, own=own)


def make_split_answers(
    labels: np.ndarray,
    runs: Mapping[str, Answers],
    *,
    n_classes: int = 2,
    hashes: np.ndarray | None = None,
    in_train: np.ndarray | None = None,
    trivial: Mapping[str, Answers] | None = None,
    columns: Mapping[str, np.ndarray] | None = None,
) -> SplitAnswers:
    """A split without groups, answered by variants and trivial baselines: rows are different sequences that train lacks
    unless `hashes` and `in_train` say otherwise."""
    n = len(labels)
    hashes = np.arange(n, dtype=np.uint64) if hashes is None else hashes.astype(np.uint64)
    rows = Rows(labels=labels, n_classes=n_classes, units=number_units(hashes, None))
    asked, beside = ({name: replace(one, rows=rows) for name, one in each.items()} for each in (runs, trivial or {}))
    seen = np.zeros(n, np.bool_) if in_train is None else in_train
    return SplitAnswers(rows, hashes, None, seen, asked, beside, columns=columns or {})


def make_probabilities(values: np.ndarray, *, bare: bool = False) -> Probabilities:
    """What one run answers to every row of a split, from probabilities (m, C)."""
    return Probabilities(values=values[None], bare=bare, places=np.arange(len(values)))
