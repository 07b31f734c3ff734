"""What runs and trivial baselines answer in every row of a split: what claims are judged on."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from brittlestar.core.ladder import RowAnswers
from brittlestar.core.results import StudyRecord


@dataclass(frozen=True)
class RunAnswers:
    """The best checkpoints of a variant's finished runs, in the order of `StudyRecord.list_finished`: `predicted` int64
    (n_runs, n_rows), classes; `own` float64 (n_runs, n_rows), the probability of the row's label, 0 where train lacks
    that label. `hard` says that some run gave predictions alone, whose probabilities mean nothing."""

    predicted: np.ndarray
    own: np.ndarray
    hard: bool


@dataclass(frozen=True)
class SplitAnswers:
    """One split: `labels` int64 (n_rows,), -1 for one that train lacks; `hashes` uint64 (n_rows,) of sequences;
    `groups` int64 (n_rows,) or None; `weights[factor]` float64 (n_rows,); `in_train` bool (n_rows,), whether a row of
    train has the same sequence. `runs` are variants of which every finished run is stored row by row; `trivial` the
    trivial baselines that are, by name."""

    labels: np.ndarray
    hashes: np.ndarray
    groups: np.ndarray | None
    weights: Mapping[str, np.ndarray]
    in_train: np.ndarray
    runs: Mapping[str, RunAnswers]
    trivial: Mapping[str, RowAnswers]


StudyAnswers = Mapping[str, SplitAnswers]
"""{split: its answers}."""


@dataclass(frozen=True)
class AnsweredStudy:
    """A study with what its runs answer in every row: what checks that need `answers` read."""

    record: StudyRecord
    answers: StudyAnswers
