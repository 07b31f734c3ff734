"""The baseline `linear`: multinomial logistic regression on TF-IDF of tokens and of pairs of neighbours.

What it reads and how strongly it is held back are chosen on dev, without dev on train out of fold. Features and solver
(`lbfgs`) are scikit-learn's.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from brittlestar.baselines.bayes import FOLDS, prior_of
from brittlestar.baselines.counting import KeyColumns, counts_of
from brittlestar.baselines.readings import Reading, bigrams, placed_tokens, tokens
from brittlestar.baselines.rows import BaselineRows
from brittlestar.baselines.scoring import Split
from brittlestar.core.answers import Answers, Rows, join_rows, read_logits
from brittlestar.core.seeds import generator

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfTransformer

STRENGTHS = (0.1, 1.0, 10.0)
"""Convention: C of the logistic regression, the inverse of what its penalty weighs."""
MOST_CHOOSING, MOST_FITTED = 20_000, 100_000  # budget: rows of train that a choice, and the last fit, learn from
MOST_WORK = 8_000_000
"""Budget: entries times classes that a choice learns from, some seconds; the last fit has five times as many."""
MOST_STEPS = 200  # budget: steps of the solver
PER_ROW = 10  # measured: entries that the probabilities of a row cost as much as
NARROWER = 8
"""Budget: columns times classes are an eighth of those of naive Bayes, since the solver keeps ten pairs of steps."""
TOKENS_ALONE = "tokens"
"""How it says that it reads no order, where dev chose that."""
NEARLY_EQUAL = 0.1
"""Chosen, not measured: positions are read where nine of ten lengths differ by no more than this share."""


@dataclass(frozen=True)
class Features:
    """Columns of each reading of train, and their weights: sublinear TF-IDF, rows of length 1 (Salton and Buckley
    1988)."""

    readings: tuple[Reading, ...]
    columns: tuple[KeyColumns, ...]
    weights: TfidfTransformer | None

    @staticmethod
    def fit(readings: Sequence[Reading], rows: BaselineRows, n_classes: int) -> tuple[Features, sparse.csr_matrix]:
        """The features of the rows of train, and these rows in them."""
        from sklearn.feature_extraction.text import TfidfTransformer

        columns = tuple(KeyColumns.of(reading(rows), NARROWER * n_classes) for reading in readings)
        counts = _count(readings, columns, rows)
        weights = TfidfTransformer(sublinear_tf=True).fit(counts) if counts.nnz else None
        made = Features(tuple(readings), columns, weights)
        return made, made.weigh(counts)

    def read(self, rows: BaselineRows) -> sparse.csr_matrix:
        """Rows of any split in these features: float32 (n_rows, n_columns)."""
        return self.weigh(_count(self.readings, self.columns, rows))

    def weigh(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Counts of rows (n_rows, n_columns) with the weights."""
        if self.weights is None or not _size(counts)[0]:
            return counts
        return sparse.csr_matrix(self.weights.transform(counts))


def _count(readings: Sequence[Reading], columns: Sequence[KeyColumns], rows: BaselineRows) -> sparse.csr_matrix:
    counts = [counts_of(reading(rows), column) for reading, column in zip(readings, columns, strict=True)]
    return sparse.csr_matrix(sparse.hstack(counts))


@dataclass(frozen=True)
class LinearFit:
    """One fitted model: `weights` float32 (n_columns, C) and `start` float64 (C,) give unnormalised log probabilities,
    minus infinity for a class without rows; `steps` is how many the solver took."""

    weights: np.ndarray
    start: np.ndarray
    steps: int

    def logits(self, read: sparse.csr_matrix) -> np.ndarray:
        """float64 (n_rows, C)."""
        return np.asarray(read @ self.weights, np.float64) + self.start


def _fit_each(
    read: sparse.csr_matrix, labels: np.ndarray, n_classes: int, strengths: Sequence[float] = STRENGTHS
) -> Iterator[LinearFit]:
    """A model for each strength, in growing order, each from where the one before it ended."""
    from sklearn.linear_model import LogisticRegression

    there, (_, n_columns) = np.unique(labels), _size(read)
    if len(there) < 2 or not n_columns:
        nothing = LinearFit(np.zeros((n_columns, n_classes)), prior_of(np.bincount(labels, minlength=n_classes)), 0)
        yield from [nothing] * len(strengths)
        return
    model = LogisticRegression(max_iter=MOST_STEPS, warm_start=True)
    for strength in strengths:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the limit of steps, which a note says, and of very many classes
            model.set_params(C=strength).fit(read, labels)
        weights, start = np.zeros((n_columns, n_classes), np.float32), np.full(n_classes, -np.inf)
        weights[:, there[-len(model.coef_) :]] = model.coef_.T  # two classes have one row of weights, the second's
        start[there] = 0.0
        start[there[-len(model.coef_) :]] = model.intercept_
        yield LinearFit(weights, start, int(model.n_iter_.max()))


@dataclass(frozen=True)
class Linear:
    """What was chosen, and what it answers: `detail` says it in words (`tokens and bigrams, C = 1`), `n_fitted` rows of
    train taught the last model, `chosen` says on which rows it was chosen, and `stopped` that its solver ended at its
    limit of steps."""

    detail: str
    n_fitted: int
    chosen: str
    stopped: bool
    answers: Mapping[str, Answers]

    def list_notes(self, n: int) -> list[str]:
        """What a reader has to know of a fit to `n` rows of train."""
        notes = [f"linear reads {self.detail}, chosen on {self.chosen}."]
        if self.n_fitted < n:
            notes.append(f"linear was fitted on {self.n_fitted:,} rows of train, drawn at random.")
        if self.stopped:
            notes.append(f"The solver of linear stopped at its limit of {MOST_STEPS} steps; more may raise its score.")
        return notes


def answer_linearly(splits: Mapping[str, Split], n_tokens: int, n_classes: int, *, keep: bool = False) -> Linear:
    """Choose, fit and answer every split, on one thread; train out of fold. `keep` all probabilities."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return _choose_and_answer(splits, n_tokens, n_classes, keep)


def _choose_and_answer(splits: Mapping[str, Split], n_tokens: int, n_classes: int, keep: bool) -> Linear:
    train, held_out = splits["train"], splits.get("dev", splits["train"])
    rows, labels, folds = train.tokens, train.labels, train.folds
    dev, said = held_out.tokens, held_out.labels
    best: tuple[int, float, str, Features, sparse.csr_matrix] | None = None
    for name, readings in _list_readings(rows, n_tokens):
        features, read = Features.fit(readings, rows, n_classes)
        if dev is not rows and dev.n_rows:
            asked = [(_draw(read, n_classes, "choosing"), features.read(dev), said)]
        else:
            kept = _draw(read, n_classes, "choosing", FOLDS)
            parts = [kept[folds[kept] == fold] for fold in range(FOLDS)]
            asked = [(np.setdiff1d(kept, part), _take(read, part), labels[part]) for part in parts]
        right = np.zeros(len(STRENGTHS), np.int64)
        for taught, questions, truth in asked:
            for k, fit in enumerate(_fit_each(_take(read, taught), labels[taught], n_classes)):
                right[k] += int((fit.logits(questions).argmax(axis=1) == truth).sum())
        k = int(right.argmax())
        if best is None or right[k] > best[0]:
            best = int(right[k]), STRENGTHS[k], name, features, read
    assert best is not None
    _, strength, name, features, read = best
    taught = _draw(read, n_classes, "fit")
    last = next(_fit_each(_take(read, taught), labels[taught], n_classes, [strength]))
    answers = {other: _answer(last, features, split, keep) for other, split in splits.items() if other != "train"}
    answers["train"] = _answer_out_of_fold(read, train, strength, keep)
    chosen = "dev" if dev is not rows and dev.n_rows else "train out of fold"
    return Linear(f"{name}, C = {strength:g}", len(taught), chosen, last.steps >= MOST_STEPS, answers)


def _list_readings(rows: BaselineRows, n_tokens: int) -> list[tuple[str, list[Reading]]]:
    """What may be read, in words: tokens, or tokens and their pairs; positions too where rows are about as long."""
    low, middle, high = np.quantile(rows.lengths, (0.05, 0.5, 0.95)) if rows.n_rows else (0, 0, 1)
    placed = high - low <= NEARLY_EQUAL * middle
    more = [placed_tokens(n_tokens)] if placed else []
    sentence = " and token × position" if placed else ""
    return [
        (f"{TOKENS_ALONE}{sentence}", [tokens(n_tokens), *more]),
        (f"tokens{',' if placed else ' and'} bigrams{sentence}", [bigrams(n_tokens), *more]),
    ]


def _draw(read: sparse.csr_matrix, n_classes: int, use: str, parts: int = 1) -> np.ndarray:
    """int64: the rows that a fit learns from, in their order, or all of several fits together."""
    most, work = (MOST_FITTED, 5 * MOST_WORK) if use == "fit" else (MOST_CHOOSING, MOST_WORK)
    n_rows = _size(read)[0]
    of_row = (PER_ROW + read.nnz / max(n_rows, 1)) * n_classes
    n = min(most, max(int(work / of_row), 1)) // (parts - 1 if parts > 1 else 1)
    return np.arange(n_rows) if n >= n_rows else np.sort(generator(0, "linear", use).choice(n_rows, n, replace=False))


def _answer(fit: LinearFit, features: Features, split: Split, keep: bool) -> Answers:
    """What a model says of the rows of a split, some millions of tokens at a time."""
    parts: list[Answers] = []
    start = 0
    for part in split.tokens.parts():
        asked = split.rows.take(np.arange(start, start + part.n_rows))
        parts.append(_read_answers(fit, features.read(part), asked, keep))
        start += part.n_rows
    return join_rows(parts or [_read_answers(fit, features.read(split.tokens), split.rows, keep)], split.rows)


def _read_answers(fit: LinearFit, read: sparse.csr_matrix, rows: Rows, keep: bool) -> Answers:
    return read_logits(rows, fit.logits(read), np.diff(read.indptr) > 0, keep=keep)


def _answer_out_of_fold(read: sparse.csr_matrix, train: Split, strength: float, keep: bool) -> Answers:
    """Every row by a model of at most 20,000 rows of other folds, whose columns and weights no label decided."""
    rows = train.rows
    drawn = _draw(read, rows.n_classes, "choosing")
    parts: list[Answers] = []
    places = [np.flatnonzero(train.folds == fold) for fold in range(FOLDS)]
    for place in places:
        taught = drawn[~np.isin(drawn, place)]
        fit = next(_fit_each(_take(read, taught), rows.labels[taught], rows.n_classes, [strength]))
        parts.append(_read_answers(fit, _take(read, place), rows.take(place), keep))
    order = np.concatenate(places)
    return replace(join_rows(parts, rows.take(order)).take(np.argsort(order, kind="stable")), rows=rows)


def _take(read: sparse.csr_matrix, rows: np.ndarray) -> sparse.csr_matrix:
    return sparse.csr_matrix(read[rows])


def _size(read: sparse.csr_matrix) -> tuple[int, int]:
    n_rows, n_columns = read.shape or (0, 0)
    return n_rows, n_columns
