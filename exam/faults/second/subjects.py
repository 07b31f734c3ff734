"""Subjects that look like real ones: bracketed expressions, names of several languages, sessions of log keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from exam.cases import Case, Row, split_of
from exam.clean.sources import Lengths, markov, uniform
from exam.planted import Subject

RowOf = Callable[[int, int, np.random.Generator], list[str]]
"""`row(label, length, random)`: one row of about that length."""


@dataclass(frozen=True)
class Rows:
    """Rows made one by one; no row is drawn twice."""

    row: RowOf
    lengths: Lengths
    n_classes: int
    seen: set[Row]

    def draw(
        self, n: int, random: np.random.Generator, lengths: Lengths | None = None, shares: np.ndarray | None = None
    ) -> tuple[list[Row], np.ndarray]:
        """Distinct rows and their labels."""
        labels = random.choice(self.n_classes, n, p=shares)
        wanted = (lengths or self.lengths)(n, random)
        rows: list[Row] = []
        for label, length in zip(labels.tolist(), wanted.tolist(), strict=True):
            for _ in range(200):
                row = tuple(self.row(label, length, random))
                if row not in self.seen:
                    break
            else:
                raise ValueError("the source gives no more new rows")
            self.seen.add(row)
            rows.append(row)
        return rows, labels


def _case(rows: Rows, names: tuple[str, ...], n: int, random: np.random.Generator) -> Subject:
    drawn, labels = rows.draw(n, random)
    cuts = (0, int(0.7 * n), int(0.85 * n), n)
    splits = {
        name: split_of(name, drawn[low:high], [names[k] for k in labels[low:high].tolist()], random)
        for name, low, high in zip(("train", "dev", "test"), cuts[:-1], cuts[1:], strict=True)
    }
    return Subject(Case("", "", splits), rows, names)


PAIRS = (("(", ")"), ("[", "]"), ("{", "}"))
LEAVES = tuple("xyzuvwabc012")
OPERATORS = ("add", "max", "not", "if", "mul", "min")


def expressions(random: np.random.Generator, rows: int = 2_400, classes: int = 2) -> Subject:
    """Nested expressions; the outermost operator, or the kind of the brackets inside it, is the class."""

    def nested(length: int, random: np.random.Generator) -> list[str]:
        if length < 4:
            return [LEAVES[random.integers(len(LEAVES))]]
        left, right = PAIRS[random.integers(len(PAIRS))]
        inner = length - 3
        cut = int(random.integers(1, max(inner, 2)))
        parts = nested(cut, random) + nested(inner - cut, random)
        return [left, OPERATORS[random.integers(len(OPERATORS))], *parts, right]

    def row(label: int, length: int, random: np.random.Generator) -> list[str]:
        made = nested(max(length, 8), random)
        made[1] = OPERATORS[label + classes * int(random.integers(len(OPERATORS) // classes))]
        return made

    return _case(Rows(row, uniform(14, 34), classes, set()), tuple(f"op{k}" for k in range(classes)), rows, random)


LANGUAGES = ("Aremian", "Boskic", "Cadish", "Dorani")


def names(random: np.random.Generator, rows: int = 2_400, classes: int = 3) -> Subject:
    """Names written letter by letter; every language has its own way of going from letter to letter."""
    letters = tuple("abdeghiklmnoprstuvyz")
    chains = [markov(len(letters), 0.15, random) for _ in range(classes)]
    running = [np.cumsum(chain.chain, axis=1) for chain in chains]

    def row(label: int, length: int, random: np.random.Generator) -> list[str]:
        code = int(random.integers(len(letters)))
        made = [letters[code].upper()]
        for draw in random.random(max(length, 8) - 1).tolist():
            code = min(int(np.searchsorted(running[label][code], draw)), len(letters) - 1)
            made.append(letters[code])
        return made

    return _case(Rows(row, uniform(11, 18), classes, set()), LANGUAGES[:classes], rows, random)


def sessions(random: np.random.Generator, rows: int = 2_400, classes: int = 2) -> Subject:
    """Sessions of log keys: opening, work in loops, closing; in a failing one an error key stands before a retry, in a
    healthy one behind it."""
    keys = [f"E{k}" for k in random.permutation(40)]
    work = keys[:24]
    weights = 1 / np.arange(1, len(work) + 1)
    weights /= weights.sum()
    error, retry, slow = keys[24:27]

    def row(label: int, length: int, random: np.random.Generator) -> list[str]:
        body = [work[k] for k in random.choice(len(work), max(length - 5, 4), p=weights)]
        marks = [(error, retry), (retry, error), (slow, retry), (retry, slow)][label]
        for place, mark in zip(
            np.sort(random.choice(len(body), 2, replace=False)).tolist()[::-1], marks[::-1], strict=True
        ):
            body.insert(place, mark)
        return [keys[30], keys[31], *body, keys[32]]

    return _case(Rows(row, uniform(16, 40), classes, set()), ("ok", "failed", "late", "slow")[:classes], rows, random)


SUBJECTS = (expressions, names, sessions)


def any_subject(random: np.random.Generator, **given: int) -> Subject:
    """One of the three."""
    return SUBJECTS[random.integers(3)](random, **given)
