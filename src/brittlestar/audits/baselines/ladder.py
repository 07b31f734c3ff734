"""The trivial baselines: trivial predictors fitted on train, scored on every split, cheapest first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from brittlestar.audits.baselines import occurrences as read
from brittlestar.audits.baselines.bayes import folds_of
from brittlestar.audits.baselines.choosing import Markers, Single, markers, position_singles, singles
from brittlestar.audits.baselines.leading import find_leading
from brittlestar.audits.baselines.linear import answer_linearly
from brittlestar.audits.baselines.occurrences import Reading
from brittlestar.audits.baselines.predictor import Predictor, out_of_fold
from brittlestar.audits.baselines.scoring import Answers, Split, scores_of
from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.audits.draws import Draws, Kept, fold_names, units_of
from brittlestar.core.ladder import BaselineAnswers, Ladder, Population, RowAnswers, Rung, Score
from brittlestar.core.large_arrays import are_in
from brittlestar.core.metric_names import metric_names
from brittlestar.data.factors import distinct_per_row

MOST_TRAIN = 200_000
"""Budget: rows of train that are answered out of fold; models that answer other splits are fitted on all of train."""
LARGEST_FOLD = 0.5
"""Convention: with more of train in one fold, the others say too little."""
MOST_CHOOSING = 50_000
"""Budget: rows of train on which the position and the token are chosen."""


@dataclass(frozen=True)
class Climb:
    """A ladder with the answers it was scored on: `answers[name][split]`, names being those of the trivial baselines
    and `given ARM`. `splits["train"]` holds the rows of train that were answered out of fold; `length`, `positions` and
    `markers` are what was found on train where the single position and token were chosen."""

    ladder: Ladder
    splits: Mapping[str, Split]
    answers: Mapping[str, Mapping[str, Answers]]
    length: Single
    positions: Mapping[int, Single]
    markers: Markers


def best_answers(climb: Climb, rows: Mapping[str, int]) -> BaselineAnswers:
    """The answers, row by row, of each trivial baseline that leads under some metric, by its name and split. A split of
    whose `rows[name]` rows a sample was answered is left out."""
    whole = [name for name, split in climb.splits.items() if len(split.labels) == rows[name]]
    names = sorted({rung.name for metric in climb.ladder.metrics for rung in climb.ladder.leaders(metric)})
    return {
        name: {
            split: RowAnswers(one.predicted, one.own) for split, one in climb.answers[name].items() if split in whole
        }
        for name in names
    }


def climb(dataset: AuditDataset, draws: Draws) -> Climb:
    """Fit, answer and score every trivial baseline; see `Analysis.climb`, which keeps the result."""
    train = dataset.train
    sample = train.thin(MOST_TRAIN, "ladder", "train")
    kept, folds = draws.kept_anywhere, folds_of(fold_names(sample, draws.families, draws.kept_anywhere))
    if np.bincount(folds, minlength=1).max() > LARGEST_FOLD * sample.n_rows:
        kept = Kept(False, False, False)
    splits = {"train": _make_split(dataset, draws, sample, None, draws.kept_anywhere, kept)}
    for rows in dataset.evaluations:
        unseen = np.flatnonzero(~are_in(rows.hashes, dataset.train_hashes))
        splits[rows.name] = _make_split(dataset, draws, rows, unseen, draws.kept[rows.name], kept)
    chosen = train.thin(MOST_CHOOSING, "ladder", "choosing")
    parts = folds_of(fold_names(chosen, draws.families, kept))
    length = singles([read.lengths(chosen).keys], chosen.labels, parts, dataset.n_classes)[0]
    positions = position_singles(chosen, parts, dataset.n_classes)
    marked = markers(chosen, dataset.n_classes)
    answers: dict[str, dict[str, Answers]] = {}
    rungs: list[Rung] = []
    for rung, reading in _rungs(dataset, positions, marked):
        answers[rung.name] = _answers(dataset, splits, reading)
        rungs.append(_score_rung(rung, answers[rung.name], splits, dataset.n_classes))
    notes = _notes(train.n_rows, len(dataset.train_hashes))
    if dataset.study.trivial.linear == "on":
        asked = {name: (split.rows, split.labels) for name, split in splits.items()}
        linear = answer_linearly(asked, splits["train"].folds, len(dataset.tokens), dataset.n_classes)
        answers["linear"] = dict(linear.answers)
        rungs.append(_score_rung(Rung("linear", "linear", linear.detail), linear.answers, splits, dataset.n_classes))
        notes += linear.list_notes(splits["train"].rows.n_rows)
    leading = find_leading(rungs, answers, splits, dataset.n_classes)
    given: dict[str, Rung] = {}
    for arm, predictions in (dataset.predictions or {}).items():
        answers[f"given {arm}"] = {
            name: _make_given_answers(predictions[name], split.labels, train.labels)
            for name, split in splits.items()
            if name != "train" and name in predictions
        }
        given[arm] = _score_rung(Rung(arm, "given"), answers[f"given {arm}"], splits, dataset.n_classes)
    found = Ladder(
        tuple(rungs),
        given,
        metric_names(tuple(dataset.factors)),
        {name: rows.n_rows for name, rows in dataset.splits.items()},
        {name: len(split.unseen) for name, split in splits.items() if split.unseen is not None},
        {str(position): single.accuracy for position, single in positions.items()},
        tuple(notes),
        leading,
    )
    return Climb(found, splits, answers, length, positions, marked)


def _notes(n: int, of: int) -> list[str]:
    notes = [f"All were fitted on {n:,} of train's {of:,} rows, drawn at random."] if n < of else []
    notes += ["Train is answered out of fold; the single position and the single token were chosen on train alone."]
    if n > MOST_TRAIN:
        notes.append(f"Train's own scores are those of {MOST_TRAIN:,} of its {of:,} rows, drawn at random.")
    if n > MOST_CHOOSING:
        notes.append(f"Position and token were chosen on {MOST_CHOOSING:,} of train's {of:,} rows, drawn at random.")
    return notes


def _make_split(
    dataset: AuditDataset, draws: Draws, rows: AuditSplit, unseen: np.ndarray | None, kept: Kept, folding: Kept
) -> Split:
    labels = np.where(rows.labels < dataset.n_classes, rows.labels, -1)
    weights = {
        name: distinct_per_row(values, rows.codes, rows.offsets, len(dataset.factor_values[name]))
        for name, values in dataset.factors.items()
    }
    units = units_of(rows, draws.families, kept)
    return Split(rows, labels, weights, unseen, units, folds_of(fold_names(rows, draws.families, folding)))


def _nothing(rows: AuditSplit) -> read.Occurrences:
    """What the majority class reads."""
    return read.one_each(np.full(rows.n_rows, read.NONE, np.int64), 1)


def _rungs(dataset: AuditDataset, positions: Mapping[int, Single], marked: Markers) -> list[tuple[Rung, Reading]]:
    """Every trivial baseline with what it reads, in the order in which they are shown."""
    n = len(dataset.tokens)
    found: list[tuple[Rung, Reading]] = [
        (Rung("majority class", "majority"), _nothing),
        (Rung("length", "length"), read.lengths),
        (Rung("first token", "first", "1"), read.at_position(1, n)),
        (Rung("last token", "last", "-1"), read.at_position(-1, n)),
    ]
    if positions:
        best = max(positions, key=lambda position: positions[position].accuracy)  # the first on ties
        found.append((Rung("single position", "position", str(best)), read.at_position_or_short(best, n)))
    if marked.best is not None:
        found.append((Rung("single token", "marker", dataset.tokens[marked.best]), read.presence(marked.best)))
    factors = dataset.factors.items()
    return [
        *found,
        (Rung("bag of tokens", "bag"), read.tokens(n)),
        *((Rung(f"bag of {name}", "factor", name), read.factor_values(values)) for name, values in factors),
        (Rung("bigrams", "bigrams"), read.bigrams(n)),
        (Rung("token × position", "placed"), read.placed_tokens(n)),
    ]


def _answers(dataset: AuditDataset, splits: Mapping[str, Split], reading: Reading) -> dict[str, Answers]:
    """Train out of fold, every other split from a model of all of train."""
    train, mine, n_classes = dataset.train, splits["train"], dataset.n_classes
    of_train = reading(train)
    of_mine = of_train if mine.rows is train else reading(mine.rows)
    model = Predictor.fit(of_train, train.labels, n_classes)
    constant = reading is _nothing  # one answer, the same in every fold
    answers = (
        model.answers(of_mine, mine.labels) if constant else out_of_fold(of_mine, mine.labels, mine.folds, n_classes)
    )
    del of_train, of_mine
    return {
        name: answers if name == "train" else model.answers(reading(split.rows), split.labels)
        for name, split in splits.items()
    }


def _make_given_answers(probabilities: np.ndarray, labels: np.ndarray, train: np.ndarray) -> Answers:
    """Answers of predictions at hand; a row with a value that is not finite gets train's class shares."""
    n_classes = probabilities.shape[1]
    shares = np.bincount(train, minlength=n_classes)[:n_classes] / max(len(train), 1)
    usable: np.ndarray = np.asarray(np.isfinite(probabilities).all(axis=1))
    table = np.where(usable[:, None], probabilities, shares).astype(np.float64)
    predicted = table.argmax(axis=1).astype(np.int32)
    own = np.where(labels >= 0, table[np.arange(len(labels)), np.maximum(labels, 0)], 0.0)
    hard = bool(np.isin(table[usable], (0.0, 1.0)).all())
    return Answers(predicted, table.max(axis=1, initial=0.0), own, usable, hard)


def _score_rung(rung: Rung, answers: Mapping[str, Answers], splits: Mapping[str, Split], n_classes: int) -> Rung:
    everything: dict[str, Mapping[str, Score]] = {}
    unseen: dict[str, Mapping[str, Score]] = {}
    for name, given in answers.items():
        split = splits[name]
        everything[name] = scores_of(given, split.labels, n_classes, split.weights, split.rows.groups)
        if split.unseen is not None and len(split.unseen) == len(split.labels):
            unseen[name] = everything[name]
        elif split.unseen is not None:
            groups = None if split.rows.groups is None else split.rows.groups[split.unseen]
            weights = {factor: weight[split.unseen] for factor, weight in split.weights.items()}
            labels = split.labels[split.unseen]
            unseen[name] = scores_of(given.take(split.unseen), labels, n_classes, weights, groups)
    scores: dict[Population, Mapping[str, Mapping[str, Score]]] = {"all": everything, "unseen": unseen}
    return replace(rung, scores=scores)
