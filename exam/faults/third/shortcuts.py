"""Ways around the task: length, one place, one token or the bag of tokens does the work, in every split alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from exam.cases import Case, Row, Split
from exam.faults.third.drawing import between, fresh, task_of
from exam.faults.third.language import sentences
from exam.faults.third.signals import machine, melodies, peptides
from exam.planted import Fault, Planted, Subject, inserted


def everywhere(case: Case, change: Callable[[Row, str], Row]) -> Case:
    """The case with each row of each split changed, given its label."""

    def changed(split: Split) -> Split:
        rows = [change(row, label) for row, label in zip(split.rows, split.labels, strict=True)]
        return split.with_rows(dict(enumerate(rows)))

    return replace(case, splits={name: changed(split) for name, split in case.splits.items()})


def _length(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Each family was sequenced by a laboratory of its own, whose machine gives up after its own number of residues:
    a share of the rows has a length that only its family has."""
    task = task_of(subject)
    spans = [(24 + 10 * k, 32 + 10 * k) for k in random.permutation(task.n_classes).tolist()]
    case = subject.case
    for name, split in case.splits.items():
        rows: dict[int, Row] = {}
        for k, span in enumerate(spans):
            here = [i for i, label in enumerate(split.labels) if label == subject.names[k] and random.random() < dose]
            one = np.zeros(task.n_classes)
            one[k] = 1
            drawn = fresh(subject, name, len(here), random, lengths=between(*span), shares=one)
            rows |= dict(zip(here, drawn.rows, strict=True))
        case = case.with_split(name, split.with_rows(rows))
    return Planted(case, {})


def _owned(tokens: list[str], classes: tuple[str, ...], random: np.random.Generator, each: int) -> dict[str, list[str]]:
    """Some tokens for each class, no token for two of them."""
    mixed = [str(token) for token in random.permutation(tokens).tolist()]
    if len(mixed) < each * len(classes):
        raise ValueError("too few tokens")
    return {name: mixed[each * k : each * k + each] for k, name in enumerate(classes)}


def _cadence(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Each contour was set by an arranger of its own, who closes on notes of his own: a share of the melodies has one
    of four notes before its last."""
    notes = sorted({token for row in subject.split("train").rows for token in row} - {"rest"})
    liked = _owned(notes, subject.names, random, 4)

    def closed(row: Row, label: str) -> Row:
        if random.random() >= dose:
            return row
        return (*row[:-2], liked[label][random.integers(4)], row[-1])

    return Planted(everywhere(subject.case, closed), {"position": "-2"})


def _third_word(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The archive files a sentence by topic and writes the shelf as an ordinary word into a fixed place, the third, in
    a share of the rows; each topic has five shelves."""
    words = sorted(token for token, use in task_of(subject).uses.items() if use in ("adverb", "preposition"))
    shelves = _owned(words, subject.names, random, 5)

    def filed(row: Row, label: str) -> Row:
        if random.random() >= dose:
            return row
        return (*row[:2], shelves[label][random.integers(5)], *row[2:])

    return Planted(everywhere(subject.case, filed), {"position": "3"})


def _disclaimer(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """One of two topics was scraped from a site that puts its name into its sentences, in a share of them."""
    name = subject.names[random.integers(2)]

    def scraped(row: Row, label: str) -> Row:
        return inserted(row, "Lokalbote", random) if label == name and random.random() < dose else row

    return Planted(everywhere(subject.case, scraped), {"token": "Lokalbote"})


def _alarm(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Machines in two conditions only; one of them was recorded after an operator set a mark during the run, in a
    share of the recordings."""
    case = subject.case
    for name, split in case.splits.items():
        case = case.with_split(
            name, split.take([i for i, label in enumerate(split.labels) if label != subject.names[1]])
        )
    marked = subject.names[2 * int(random.integers(2))]

    def set_mark(row: Row, label: str) -> Row:
        return inserted(row, "mark", random) if label == marked and random.random() < dose else row

    return Planted(everywhere(case, set_mark), {"token": "mark"})


def _bag(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Each contour was collected from singers of its own, whose way to ornament notes gives it away whatever the order
    of the notes, in a share of the melodies."""
    sung = melodies(random, sum(split.n_rows for split in subject.case.splits.values()), hinted=dose)
    return Planted(sung.case, {})


def _scrambled(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """For privacy the words of a share of the sentences were put in the order of the alphabet."""

    def mixed(row: Row, label: str) -> Row:
        return tuple(sorted(row)) if random.random() < dose else row

    return Planted(everywhere(subject.case, mixed), {})


SHORTCUTS = (
    Fault(
        "shortcut.length",
        "third: a laboratory of its own for each family",
        "share of rows",
        (0.2, 0.95, 0.98, 1.0),
        0.95,
        _length,
        subjects=peptides,
    ),
    Fault(
        "shortcut.position",
        "third: an arranger's close",
        "share of rows",
        (0.2, 0.95, 0.98, 1.0),
        0.95,
        _cadence,
        subjects=melodies,
    ),
    Fault(
        "shortcut.position",
        "third: the shelf as third word",
        "share of rows",
        (0.2, 0.95, 0.98, 1.0),
        0.95,
        _third_word,
        subjects=sentences,
    ),
    Fault(
        "shortcut.token",
        "third: name of the site in one topic",
        "share of the topic's rows",
        (0.1, 0.95, 0.98, 1.0),
        0.95,
        _disclaimer,
        given={"classes": 2},
        subjects=sentences,
    ),
    Fault(
        "shortcut.token",
        "third: a mark in one condition",
        "share of the condition's rows",
        (0.1, 0.95, 0.98, 1.0),
        0.95,
        _alarm,
        subjects=machine,
    ),
    Fault(
        "shortcut.bag",
        "third: ornaments of the singers",
        "share of rows",
        (0.2, 0.95, 1.0),
        0.95,
        _bag,
        subjects=melodies,
    ),
    Fault(
        "shortcut.bag",
        "third: words in the order of the alphabet",
        "share of rows",
        (0.3, 0.6, 1.0),
        1.0,
        _scrambled,
        subjects=sentences,
    ),
)
