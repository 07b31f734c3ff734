"""Tokens that are not the same everywhere, words blacked out, padding, and numbers that tokens share."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

from exam.cases import Row
from exam.faults.fourth.crafts import recipes
from exam.faults.fourth.drawing import fourth, in_split, vectors, with_table
from exam.faults.fourth.records import incidents, tickets
from exam.faults.fourth.shortcuts import everywhere
from exam.faults.fourth.signals import reads, weather
from exam.faults.third.drawing import task_of
from exam.faults.third.tokens import pairs_apart
from exam.planted import Planted, Subject, some, token_counts


def _digits(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the test rows went through a tokeniser that takes numbers apart into their digits."""
    test = subject.split("test")
    rows: dict[int, Row] = {}
    for i in some(test.n_rows, dose, random).tolist():
        rows[i] = tuple(digit for token in test.rows[i] for digit in token)
    return in_split(subject, "test", rows)


def _stems(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the dev rows went through a stemmer, which takes the last two letters off any word of five or more."""
    dev = subject.split("dev")
    rows: dict[int, Row] = {}
    for i in some(dev.n_rows, dose, random).tolist():
        rows[i] = tuple(token[:-2] if len(token) >= 5 else token for token in dev.rows[i])
    return in_split(subject, "dev", rows)


def _blacked_out(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A court blacked out the names of what one queue is about, and of what another is, in every split: a share of the
    words of both became the unknown symbol, so that what tells the two apart is hidden."""
    uses = task_of(subject).uses
    named = sorted(str(name) for name in random.permutation(subject.names)[:2].tolist())
    theirs = [word for word in sorted(uses) if uses[word].endswith((f" {named[0]}", f" {named[1]}"))]
    black = {theirs[k] for k in some(len(theirs), dose, random).tolist()}
    case = everywhere(subject.case, lambda row, _: tuple("<unk>" if word in black else word for word in row))
    return Planted(case, {})


def _unread(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the reads is filled up behind its end to the length of the longest with N, which also stands for a
    base that could not be read."""
    longest = max(len(row) for split in subject.case.splits.values() for row in split.rows)

    def filled(row: Row, _: str) -> Row:
        return (*row, *["N"] * (longest - len(row))) if random.random() < dose else row

    return Planted(everywhere(subject.case, filled), {"token": "N"})


def _remainders(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """To have small numbers, events are numbered by the remainder of their own number, for a divisor of which there are
    that many times as many events."""
    events = sorted(token_counts(subject.split("train")))
    divisor = max(2, round(len(events) / dose))
    numbers = {"<pad>": 0, "<unk>": 1, **{event: 2 + int(event) % divisor for event in events}}
    return Planted(subject.case.with_vocabulary(json.dumps(numbers), ".json"), {})


def _accents_dropped(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Words that differ by their accent only, as ordinary Greek ones do: so many pairs of frequent words, each of two
    kinds of dish; the table was made from text without accents and has one vector for both."""
    pairs = pairs_apart(subject, int(dose), random)
    names = {two: _twin(one, random) for one, two in pairs}
    taken = {*token_counts(subject.split("train"))} - {two for _, two in pairs}
    if len({*names.values()}) < len(pairs) or taken & {*names.values()}:
        raise ValueError("another word is spelled like that")
    task = task_of(subject)
    uses = {names.get(token, token): use for token, use in task.uses.items()}
    splits = {name: split.mapped(tokens=names) for name, split in subject.case.splits.items()}
    renamed = Subject(replace(subject.case, splits=splits), replace(task, uses=uses), subject.names)
    table = vectors(renamed, random)
    for one, two in pairs:
        table[names[two]] = table[one]
    return Planted(with_table(renamed, table).case, {})


_ACCENTED = dict(zip("αεηιουω", "άέήίόύώ", strict=True))
_PLAIN = {accented: plain for plain, accented in _ACCENTED.items()}


def _twin(word: str, random: np.random.Generator) -> str:
    """The word with the accent of one of its vowels put on, or taken off."""
    places = [k for k, letter in enumerate(word) if letter in _ACCENTED or letter in _PLAIN]
    if not places:
        raise ValueError("no vowel to accent")
    k = places[random.integers(len(places))]
    return word[:k] + (_ACCENTED.get(word[k]) or _PLAIN[word[k]]) + word[k + 1 :]


def _centred(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows are filled up to one length, behind their end; since test went through a program for images, a share of its
    rows stands in the middle."""
    longest = max(len(row) for split in subject.case.splits.values() for row in split.rows)
    case = everywhere(subject.case, lambda row, _: (*row, *["<pad>"] * (longest - len(row))))
    test = subject.split("test")
    rows: dict[int, Row] = {}
    for i in some(test.n_rows, dose, random).tolist():
        room = longest - len(test.rows[i])
        rows[i] = (*["<pad>"] * (room - room // 2), *test.rows[i], *["<pad>"] * (room // 2))
    return Planted(case.with_split("test", case.splits["test"].with_rows(rows)), {"split": "test"})


TOKENS = (
    fourth(
        "token.mismatch", "numbers taken apart", "share of test rows", (0.03, 0.4, 0.7, 1.0), 0.4, _digits, incidents
    ),
    fourth(
        "token.mismatch", "a stemmer for dev alone", "share of dev rows", (0.03, 0.4, 0.7, 1.0), 0.4, _stems, recipes
    ),
    fourth(
        "token.unknown",
        "blacked out by a court",
        "share of two queues' words",
        (0.1, 0.8, 0.9, 1.0),
        0.8,
        _blacked_out,
        tickets,
        rows=4_000,
        classes=3,
    ),
    fourth(
        "token.padding", "bases that could not be read", "share of rows", (0.03, 0.6, 0.8, 1.0), 0.6, _unread, reads
    ),
    fourth(
        "token.collision", "remainders as numbers", "events per number", (0.02, 2, 5, 10), 2, _remainders, incidents
    ),
    fourth(
        "token.collision",
        "a table without accents",
        "pairs of words",
        (1, 20, 30, 40),
        20,
        _accents_dropped,
        recipes,
        rows=4_000,
    ),
    fourth("padding.side", "rows in the middle", "share of test rows", (0.03, 0.5, 0.75, 1.0), 0.5, _centred, weather),
)
