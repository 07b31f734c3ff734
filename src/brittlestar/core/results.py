"""What was done, as later stages read it: no stage after execution opens a cell folder itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from brittlestar.core.answers import Answers, Rows
from brittlestar.core.brief import brief_repr
from brittlestar.core.commands import store_name
from brittlestar.core.seen_training import SeenFiles, SeenTraining
from brittlestar.core.splits import headline_split

if TYPE_CHECKING:
    from brittlestar.core.audit_record import Audit
    from brittlestar.core.probing import ProbeRecord
    from brittlestar.core.tracing import Tracing

State = Literal["planned", "running", "done", "failed", "lost"]


REPORTED = ("fitted", "logged")
"""Outcomes of runs whose curves are what somebody reports: a fit function, or a log made elsewhere."""
DEFAULTS = ("our default", "library default")
"""Origins of settings that nobody chose."""


@dataclass(frozen=True)
class TokenRows:
    """Which rows have which token: row `rows[k]` has the token `codes[k]` of `names`, each pair once, both int64."""

    names: tuple[str, ...]
    rows: np.ndarray
    codes: np.ndarray


@dataclass(frozen=True)
class SplitAnswers:
    """One split: who was asked, and by whom. `rows` are numbered by what was drawn together, as sequences and groups
    say; `hashes` uint64 (n_rows,) of sequences; `groups` int64 (n_rows,) or None; `in_train` bool (n_rows,), whether a
    row of train has the same sequence. `runs` are variants of which every finished run is stored row by row, best
    checkpoints in the order of `StudyRecord.list_finished`; `trivial` the trivial baselines that are, by name. `ids`
    are the names of the rows, str (n_rows,), None where nobody has them. `columns` are what else is known of rows, by
    name: `length` int64 (n_rows,) in tokens, and texts of the columns that the study keeps as slices. `read_tokens`
    reads which rows have which token, None where nobody kept them."""

    rows: Rows
    hashes: np.ndarray
    groups: np.ndarray | None
    in_train: np.ndarray
    runs: Mapping[str, Answers]
    trivial: Mapping[str, Answers]
    ids: np.ndarray | None = None
    columns: Mapping[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])
    read_tokens: Callable[[], TokenRows] | None = field(default=None, compare=False)

    @property
    def labels(self) -> np.ndarray:
        """int64 (n_rows,), -1 for one that train lacks."""
        return self.rows.labels


StudyAnswers = Mapping[str, SplitAnswers]
"""{split: its answers}."""


@dataclass(frozen=True)
class AnsweredStudy:
    """A study with what its runs answer in every row: what checks that need `answers` read."""

    record: StudyRecord
    answers: StudyAnswers


@dataclass(frozen=True)
class CellRecord:
    """One cell as it stands.

    `outcome` is None until the cell is done, then `trained`, `diverged`, `fitted` or `imported` (of curves made
    elsewhere, which no store keeps, `logged`); `best_epoch` and `epochs` are None where nothing was trained by epochs.
    `curves[column]` is float64 (epochs + 1,), row 0 before any step; columns are `train.METRIC` and `dev.METRIC`
    (scored without dropout), `train.loss` (the objective, mean over the epoch's steps; it and `clipped_share` are NaN
    in row 0), `learning_rate`, `clipped_share`,
    `gradient_norm.LAYER`, `update_ratio.LAYER`, `dead_units.LAYER`, `saturated_units.LAYER`,
    `embedding_norm.{mean,min,max}`; of a model that fits itself those that it reports, NaN where it reports none and
    infinite where no finite value. `scores[split][checkpoint][metric]` with checkpoint `best` or `last`; None where a
    metric cannot be computed. `majority[split]` is not stored here: it belongs to the split. `timing` holds clocks,
    which no finding may read; `notes` say what was odd about the run; `seen` is what was seen while it trained,
    None where nobody looked; `held` are settings that own code made itself; `opened` are files of splits that own code
    opened meanwhile, None where nobody looked.
    """

    hash: str
    variant: str
    seed: int
    state: State
    outcome: str | None = None
    best_epoch: int | None = None
    epochs: int | None = None
    curves: Mapping[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])
    scores: Mapping[str, Mapping[str, Mapping[str, float | None]]] = field(default_factory=dict[str, Any])
    log_tail: tuple[str, ...] = ()
    error: str | None = None
    timing: Mapping[str, Any] = field(default_factory=dict[str, Any])
    notes: tuple[str, ...] = ()
    seen: SeenTraining | None = None
    held: tuple[Setting, ...] = ()
    opened: SeenFiles | None = None

    def score(self, split: str, metric: str, checkpoint: str = "best") -> float | None:
        """What it scores, None where it has no such score."""
        return self.scores.get(split, {}).get(checkpoint, {}).get(metric)


@dataclass(frozen=True)
class SplitRecord:
    """What is known of a split without any model. `classes` are the labels present; fractions everywhere.

    `majority_rate` is the score of train's most frequent class on this split; `majority[metric]` the trivial score
    under each metric (constant prediction of train's majority class, probabilities = train's class shares).
    """

    name: str
    rows: int
    classes: tuple[str, ...]
    class_counts: Mapping[str, int]
    mean_length: float
    max_length: int
    empty_rows: int
    unknown_label_rows: int
    unseen_token_rate: float
    factor_weight_range: Mapping[str, tuple[int, int]]
    fingerprint: str
    majority: Mapping[str, float]


SET, SEED = "set in your code", "seed."
"""The origin of settings that own code makes, and the prefix of paths of seeds that it sets."""


@dataclass(frozen=True)
class Setting:
    """One setting: its path in the study file, value, origin, and the value read back from the built object.

    `origin` is `file:LINE`, `--set`, `variant NAME`, `our default`, `library default` or `set in your code (PLACE)`;
    `read_back` is None where nothing built carries the value.
    """

    path: str
    value: Any
    origin: str
    read_back: Any = None


@dataclass(frozen=True)
class VariantRecord:
    """A named variant. `changes` are its differences from the study; `title` is what people see; `own` says whose
    model; `shapes` stands for the shapes of its parameters, None where they are not known."""

    name: str
    title: str
    own: bool
    changes: Mapping[str, Any]
    settings: tuple[Setting, ...]
    parameters: int | None
    unequal_budget: str | None = None
    shapes: str | None = None


@dataclass(frozen=True, repr=False)
class StudyRecord:
    """A whole study as it stands in its store: the one input of diagnosis and reports.

    `audit` is what was found in the data before the first cell; None in a store that was written without one.
    `probes` are the answers of its cells to the suite that was asked for last; None where none was. `place` is the
    name of the folder that it was read from. `in_memory`: its data or its model were objects in memory, which no
    command can read again. `traced`: what was changed alone in main's first run; None where nobody did. `unlabelled`
    are splits of rows without labels, which runs answer and nothing scores; `splits` are all others.
    """

    __repr__ = brief_repr

    name: str
    main: str
    metric: str
    metrics: tuple[str, ...]
    classes: tuple[str, ...]
    factors: tuple[str, ...]
    seeds: tuple[int, ...]
    streams: Mapping[str, str]
    splits: Mapping[str, SplitRecord]
    variants: Mapping[str, VariantRecord]
    cells: tuple[CellRecord, ...]
    claims: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...]
    environment: Mapping[str, Any]
    timing: Mapping[str, Any]
    title: str | None = None
    place: str | None = None
    audit: Audit | None = None
    probes: ProbeRecord | None = None
    in_memory: bool = False
    traced: Tracing | None = None
    unlabelled: Mapping[str, SplitRecord] = field(default_factory=dict[str, SplitRecord])

    @property
    def folder(self) -> str:
        """The folder that commands name: the one that the study is in."""
        return self.place or store_name(self.name)

    @property
    def every_split(self) -> dict[str, SplitRecord]:
        """Those with labels, then those without."""
        return {**self.splits, **self.unlabelled}

    @property
    def mean_accuracies(self) -> dict[str, float]:
        """Mean accuracy of main's finished runs by split, as a fraction; train and splits without a score left out."""
        runs = {split: self.list_finished(self.main, split) for split in self.splits if split != "train"}
        scores = {split: [one.score(split, "accuracy") for one in each] for split, each in runs.items()}
        known = {split: [one for one in each if one is not None] for split, each in scores.items()}
        return {split: sum(each) / len(each) for split, each in known.items() if each}

    @property
    def held_out(self) -> str | None:
        """The split that headline numbers are read on: test, else dev; None where there is none. A record has no split
        without rows, but for one of a log, of which nobody knows how many there are."""
        return headline_split(dict.fromkeys(self.splits, 1))

    def cells_of(self, variant: str, *states: State) -> tuple[CellRecord, ...]:
        """The runs of a variant, those in one of these states alone where some are named."""
        mine = (cell for cell in self.cells if cell.variant == variant)
        return tuple(cell for cell in mine if not states or cell.state in states)

    def list_finished(self, variant: str, split: str) -> tuple[CellRecord, ...]:
        """The finished runs of a variant that are scored on a split, all where it has no labels, by seed."""
        done = self.cells_of(variant, "done")
        found = (cell for cell in done if split in cell.scores or split in self.unlabelled)
        return tuple(sorted(found, key=lambda cell: cell.seed))


def same_answers(record: StudyRecord, answers: StudyAnswers, variant: str) -> bool:
    """Whether several finished runs of a variant are one result: the same scores to the last digit, and the same answer
    in every row of test (else dev), as far as answers are stored. An interval is then over rows alone, and more seeds
    bring nothing."""
    done = record.cells_of(variant, "done")
    if len(done) < 2 or len({repr(cell.scores) for cell in done}) > 1:
        return False
    split = headline_split({name: len(answer.labels) for name, answer in answers.items()})
    found = None if split is None else answers[split].runs.get(variant)
    return found is None or bool((found.predicted == found.predicted[:1]).all())
