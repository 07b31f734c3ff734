"""The trivial baselines in one table: what each reads and how it is fitted; all fitted, answered and scored."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from brittlestar.baselines import readings as read
from brittlestar.baselines.bayes import BayesModel, answer_out_of_fold
from brittlestar.baselines.choosing import Markers, Single, markers, position_singles, singles
from brittlestar.baselines.linear import TOKENS_ALONE, answer_linearly
from brittlestar.baselines.rows import BaselineRows
from brittlestar.baselines.scoring import Split, Tables, find_leading, score_tables
from brittlestar.core.answers import Answers, Probabilities, Rows, read_answers
from brittlestar.core.metrics import metric_of
from brittlestar.core.scores import tabulate_all
from brittlestar.core.trivial_baselines import (
    BaselineAnswers,
    Population,
    Score,
    TrivialBaseline,
    TrivialBaselines,
)

Reads = Literal["nothing", "length", "tokens", "place", "order"]


@dataclass(frozen=True)
class BaselineTask:
    """What baselines learn and answer.

    `train` is all of train: models that answer other splits are fitted on it. `splits["train"]` holds the rows of it
    that are answered out of fold. The single position and token are chosen on `chosen`, whose `folds` int64 (n_rows,)
    hold. `tokens` are the lexicon, `factors` as in `AuditDataset`; `linear` says whether the baseline linear is wanted;
    `given[variant][split]` are predictions at hand; `metrics` are the names of those that are
    scored.
    """

    train: BaselineRows
    splits: Mapping[str, Split]
    chosen: BaselineRows
    folds: np.ndarray
    n_classes: int
    tokens: tuple[str, ...]
    factors: Mapping[str, np.ndarray]
    linear: bool
    given: Mapping[str, Mapping[str, Probabilities]]
    metrics: tuple[str, ...]

    @cached_property
    def keep(self) -> bool:
        """Whether some metric reads the probabilities of all classes."""
        return any(metric_of(metric).reads_all for metric in self.metrics)


@dataclass(frozen=True)
class Chosen:
    """What the length, each position and the best tokens tell of train, by which the single ones are chosen."""

    length: Single
    positions: Mapping[int, Single]
    markers: Markers

    @staticmethod
    def of(task: BaselineTask) -> "Chosen":
        """Choose on the rows of train that are for that."""
        rows, n_classes = task.chosen, task.n_classes
        length = singles([read.lengths(rows).keys], rows.labels, task.folds, n_classes)[0]
        return Chosen(length, position_singles(rows, task.folds, n_classes), markers(rows, n_classes))


@dataclass(frozen=True)
class Fitted:
    """A baseline that was fitted: `detail` as in `TrivialBaseline`, what it answers on every split, and what a reader
    has to know."""

    detail: str
    answers: Mapping[str, Answers]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Baseline:
    """One line of the table: `name` (braces stand for the detail) and `kind` as documents have them, what it `reads` of
    a row, and how it is fitted: once, several times where it stands for several, or not at all."""

    name: str
    kind: str
    reads: Reads
    fit: Callable[[BaselineTask, Chosen], Iterable[Fitted]]


def fit_position(task: BaselineTask, chosen: Chosen) -> Iterable[Fitted]:
    """The position that is right most often on train, the first on ties."""
    if chosen.positions:
        best = max(chosen.positions, key=lambda position: chosen.positions[position].accuracy)
        yield Fitted(str(best), answer_by_counts(task, read.at_position_or_short(best, len(task.tokens))))


def fit_token(task: BaselineTask, chosen: Chosen) -> Iterable[Fitted]:
    """The token whose presence or absence is right most often."""
    if chosen.markers.best is not None:
        token = chosen.markers.best
        yield Fitted(task.tokens[token], answer_by_counts(task, read.presence(token)))


def fit_factors(task: BaselineTask, _: Chosen) -> Iterable[Fitted]:
    """A bag of the values of each factor."""
    for name, values in task.factors.items():
        yield Fitted(name, answer_by_counts(task, read.factor_values(values)))


def fit_linear(task: BaselineTask, _: Chosen) -> Iterable[Fitted]:
    """Logistic regression; see `linear.py`."""
    if task.linear:
        found = answer_linearly(task.splits, len(task.tokens), task.n_classes, keep=task.keep)
        yield Fitted(found.detail, found.answers, tuple(found.list_notes(task.splits["train"].tokens.n_rows)))


def _counts(
    reading: Callable[[int], read.Reading], detail: str = ""
) -> Callable[[BaselineTask, Chosen], Iterable[Fitted]]:
    """The fit of a baseline that counts one reading; `reading(n_tokens)`."""
    return lambda task, _: [Fitted(detail, answer_by_counts(task, reading(len(task.tokens))))]


BASELINES = (
    Baseline("majority class", "majority", "nothing", _counts(lambda n: read.nothing)),
    Baseline("length", "length", "length", _counts(lambda n: read.lengths)),
    Baseline("first token", "first", "place", _counts(lambda n: read.at_position(1, n), "1")),
    Baseline("last token", "last", "place", _counts(lambda n: read.at_position(-1, n), "-1")),
    Baseline("single position", "position", "place", fit_position),
    Baseline("single token", "marker", "tokens", fit_token),
    Baseline("bag of tokens", "bag", "tokens", _counts(read.tokens)),
    Baseline("bag of {}", "factor", "tokens", fit_factors),
    Baseline("bigrams", "bigrams", "order", _counts(read.bigrams)),
    Baseline("token × position", "placed", "order", _counts(read.placed_tokens)),
    Baseline("linear", "linear", "order", fit_linear),
)
"""In the order in which they are shown. A new one needs its line, its fit and a test."""
READS: Mapping[str, Reads] = {one.kind: one.reads for one in BASELINES}


def what_is_read(baseline: TrivialBaseline) -> Reads | None:
    """What a baseline of a record reads; linear reads order unless dev chose tokens alone. None for predictions."""
    if baseline.kind == "linear" and baseline.detail.partition(", C")[0] == TOKENS_ALONE:
        return "tokens"
    return READS.get(baseline.kind)


@dataclass(frozen=True)
class ScoredBaselines:
    """A baselines with the answers it was scored on: `answers[name][split]`, names being those of the trivial baselines
    and `given VARIANT`. `splits` are those of the task, `chosen` is what single positions and tokens tell of train."""

    trivial: TrivialBaselines
    splits: Mapping[str, Split]
    answers: Mapping[str, Mapping[str, Answers]]
    chosen: Chosen


def score_baselines(task: BaselineTask, rows: Mapping[str, int], notes: Iterable[str]) -> ScoredBaselines:
    """Fit, answer and score every trivial baseline. `rows` are those of each split, of which `task.splits` may hold a
    sample; `notes` say what was sampled."""
    chosen, splits = Chosen.of(task), task.splits
    told = [*notes]
    answers: dict[str, Mapping[str, Answers]] = {}
    members: list[TrivialBaseline] = []
    deciding = "dev" if "dev" in splits and len(splits["dev"].labels) else "train"
    tables: dict[str, Tables] = {}
    for baseline in BASELINES:
        for fitted in baseline.fit(task, chosen):
            name = baseline.name.format(fitted.detail)
            unscored = TrivialBaseline(name, baseline.kind, fitted.detail)
            scored, by_row = _score(unscored, fitted.answers, task)
            members.append(scored)
            told += fitted.notes
            answers[name], tables[name] = fitted.answers, by_row[deciding]
    leading = find_leading(tables)
    given: dict[str, TrivialBaseline] = {}
    for variant, by_split in task.given.items():
        read = {
            name: _read_given(by_split[name], split.rows, task.train.labels, task.keep)
            for name, split in splits.items()
            if name != "train" and name in by_split
        }
        answers[f"given {variant}"] = {name: together for name, (together, _) in read.items()}
        runs = {name: each for name, (_, each) in read.items()}
        given[variant] = _score(TrivialBaseline(variant, "given"), runs, task)[0]
    baselines = TrivialBaselines(
        tuple(members),
        given,
        task.metrics,
        rows,
        {name: len(split.unseen) for name, split in splits.items() if split.unseen is not None},
        {str(position): single.accuracy for position, single in chosen.positions.items()},
        tuple(told),
        leading,
    )
    return ScoredBaselines(baselines, splits, answers, chosen)


def best_answers(scored: ScoredBaselines, rows: Mapping[str, int]) -> BaselineAnswers:
    """The answers, row by row, of each trivial baseline that leads under some metric, by its name and split. A split of
    whose `rows[name]` rows a sample was answered is left out."""
    whole = [name for name, split in scored.splits.items() if len(split.labels) == rows[name]]
    baselines = scored.trivial
    names = sorted({baseline.name for metric in baselines.metrics for baseline in baselines.leaders(metric)})
    return {name: {split: one for split, one in scored.answers[name].items() if split in whole} for name in names}


def answer_by_counts(task: BaselineTask, reading: read.Reading) -> dict[str, Answers]:
    """Train out of fold, every other split from a model of all of train."""
    train, mine, n_classes = task.train, task.splits["train"], task.n_classes
    of_train = reading(train)
    of_mine = of_train if mine.tokens is train else reading(mine.tokens)
    model = BayesModel.fit(of_train, train.labels, n_classes)
    if reading is read.nothing:  # one answer, the same in every fold
        answers = model.answers(of_mine, mine.rows, keep=task.keep)
    else:
        answers = answer_out_of_fold(of_mine, mine.rows, mine.folds, keep=task.keep)
    del of_train, of_mine
    return {
        name: answers if name == "train" else model.answers(reading(split.tokens), split.rows, keep=task.keep)
        for name, split in task.splits.items()
    }


def _read_given(given: Probabilities, rows: Rows, train: np.ndarray, keep: bool) -> tuple[Answers, Answers]:
    """Answers of predictions at hand, of the mean of all runs as one, and of each run; a row with a value that is not
    finite gets train's class shares."""
    n_classes = rows.n_classes
    shares = np.bincount(train, minlength=n_classes)[:n_classes] / max(len(train), 1)
    usable: np.ndarray = np.asarray(np.isfinite(given.values).all(axis=(0, 2)))
    runs = np.where(usable[:, None], given.values, shares).astype(np.float64)
    together, each = (
        read_answers(rows, values, bare=given.bare, keep=keep) for values in (runs.mean(axis=0, keepdims=True), runs)
    )
    return replace(together, predicted=together.predicted.astype(np.int32), known=usable), each


def _score(
    baseline: TrivialBaseline, answers: Mapping[str, Answers], task: BaselineTask
) -> tuple[TrivialBaseline, dict[str, Tables]]:
    """The baseline with its scores on all rows and on those unseen in train, and the former row by row."""
    everything: dict[str, Mapping[str, Score]] = {}
    unseen: dict[str, Mapping[str, Score]] = {}
    tables: dict[str, Tables] = {}
    for name, given in answers.items():
        new = task.splits[name].unseen
        tables[name] = tabulate_all(given, task.metrics)
        everything[name] = score_tables(tables[name], given.rows, task.metrics)
        if new is not None and len(new) == len(given.rows.labels):
            unseen[name] = everything[name]
        elif new is not None:
            some = given.take(new)
            unseen[name] = score_tables(tabulate_all(some, task.metrics), some.rows, task.metrics)
    scores: dict[Population, Mapping[str, Mapping[str, Score]]] = {"all": everything, "unseen": unseen}
    return replace(baseline, scores=scores), tables
