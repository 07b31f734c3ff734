"""Labels that the rest of the data contradicts: by annotator, pair of classes, word, place in the file or closeness."""

from __future__ import annotations

import numpy as np

from exam.cases import Row
from exam.faults.drawing import task_of
from exam.faults.fifth.codes import hoists, lines, openings, pages
from exam.faults.fifth.planting import Wrong, fifth, relabelled
from exam.faults.fifth.subjects import grouped
from exam.faults.fifth.texts import announcements, bulletins, verses
from exam.planted import Planted, Subject, some

Labels = dict[int, str]


def _next(subject: Subject, label: str, step: int) -> str:
    """The class so many places further on."""
    return subject.names[(subject.names.index(label) + step) % len(subject.names)]


def _elsewhere(subject: Subject, label: str, random: np.random.Generator) -> str:
    """Another class, each as likely."""
    return _next(subject, label, int(random.integers(1, len(subject.names))))


def _guess_in(split: str) -> Wrong:
    """Guesses in one split."""

    def wrong(subject: Subject, dose: float, random: np.random.Generator) -> Labels:
        """A share of the rows has another class, each as likely."""
        there = subject.split(split)
        return {i: _elsewhere(subject, there.labels[i], random) for i in some(there.n_rows, dose, random).tolist()}

    return wrong


def _tired(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Each annotator of train labelled about eighty rows, and one of them was wrong in a share of these."""
    made = grouped(subject, "annotator", 80, random)
    train = made.split("train")
    assert train.groups is not None
    theirs = [i for i, group in enumerate(train.groups) if group == "annotator-train-1"]
    at = [theirs[k] for k in some(len(theirs), dose, random).tolist()]
    labels = {i: _elsewhere(made, train.labels[i], random) for i in at}
    return Planted(made.case.with_split("train", train.with_labels(labels)), {"slice": "annotator-train-1"})


def _everywhere(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The labels of a share of the rows of every split were lost, and drawn from the classes at random."""
    case = subject.case
    for name, split in case.splits.items():
        at = some(split.n_rows, dose, random).tolist()
        case = case.with_split(name, split.with_labels({i: _elsewhere(subject, split.labels[i], random) for i in at}))
    return Planted(case, {})


def _taken_for(subject: Subject, dose: float, random: np.random.Generator) -> Labels:
    """A share of one class of train was taken for another one."""
    train = subject.split("train")
    first, second = (subject.names[k] for k in random.choice(len(subject.names), 2, replace=False).tolist())
    theirs = [i for i, label in enumerate(train.labels) if label == first]
    return {theirs[k]: second for k in some(len(theirs), dose, random).tolist()}


def _confused(subject: Subject, dose: float, random: np.random.Generator) -> Labels:
    """Whoever labelled dev could not tell two classes apart: a share of both has the other's name."""
    first, second = (subject.names[k] for k in random.choice(len(subject.names), 2, replace=False).tolist())
    other = {first: second, second: first}
    theirs = [i for i, label in enumerate(subject.split("dev").labels) if label in other]
    return {theirs[k]: other[subject.split("dev").labels[theirs[k]]] for k in some(len(theirs), dose, random).tolist()}


def _support(subject: Subject, row: Row) -> list[int]:
    """How many words of a row each class favours."""
    turns = [int(use.split()[1]) for use in map(task_of(subject).uses.get, row) if use]
    return [turns.count(label) for label in range(len(subject.names))]


def _close_calls(subject: Subject, dose: float, random: np.random.Generator) -> Labels:
    """Of the test rows that say least for their class before others, a share of all rows, each has the other class that
    it says most for."""
    test = subject.split("test")
    leads: list[tuple[int, int, str]] = []
    for i, (row, label) in enumerate(zip(test.rows, test.labels, strict=True)):
        counts = _support(subject, row)
        own = subject.names.index(label)
        best = max((k for k in range(len(counts)) if k != own), key=lambda k: (counts[k], -k))
        leads.append((counts[own] - counts[best], i, subject.names[best]))
    return {i: other for _, i, other in sorted(leads)[: round(dose * test.n_rows)]}


def _cell_below(subject: Subject, dose: float, random: np.random.Generator) -> Labels:
    """A cell was deleted in the column of test's labels, and those of the rows below moved up, for a share of them."""
    test = subject.split("test")
    n = round(dose * test.n_rows)
    start = int(random.integers(test.n_rows - n + 1))
    return {start + k: test.labels[(start + k + 1) % test.n_rows] for k in range(n)}


def _one_word(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the train rows in which one certain word stands is in the next class, as a script took it for a
    sign of that class."""
    train = subject.split("train")
    words = sorted({word for row in train.rows for word in row})
    fitting = [word for word in words if 0.12 <= sum(word in row for row in train.rows) / train.n_rows <= 0.3]
    if not fitting:
        raise ValueError("no word stands in a fitting share of the rows")
    word = fitting[random.integers(len(fitting))]
    labels = {
        i: _next(subject, label, 1)
        for i, (row, label) in enumerate(zip(train.rows, train.labels, strict=True))
        if word in row and random.random() < dose
    }
    return Planted(subject.case.with_split("train", train.with_labels(labels)), {"split": "train"})


_TRAIN, _TEST, _DEV = "share of train rows", "share of test rows", "share of dev rows"

NOISE = (
    fifth("label.noise", "a tired annotator", "share of their rows", (0.5, 0.9), _tired, lines, rows=2_400),
    fifth(
        "label.noise", "one class taken for another", "share of the class", (0.3, 0.5), relabelled("train", _taken_for),
        announcements, rows=2_400,
    ),
    fifth(
        "label.noise", "two classes confused", "share of both", (0.3, 0.5), relabelled("dev", _confused), hoists,
        rows=3_600,
    ),
    fifth("label.noise", "guessed in train", _TRAIN, (0.2, 0.4), relabelled("train", _guess_in("train")), bulletins),
    fifth("label.noise", "lost and drawn", "share of all rows", (0.15, 0.3), _everywhere, verses, rows=2_000),
    fifth("label.noise", "guessed in test", _TEST, (0.2, 0.4), relabelled("test", _guess_in("test")), openings),
    fifth("label.noise", "close calls", _TEST, (0.2, 0.35), relabelled("test", _close_calls), pages, rows=3_000),
    fifth("label.noise", "a cell deleted", _TEST, (0.4, 0.8), relabelled("test", _cell_below), verses, rows=2_400),
    fifth("label.noise", "a sign that is none", "share of its rows", (0.5, 0.8), _one_word, announcements, rows=3_000),
)  # fmt: skip
