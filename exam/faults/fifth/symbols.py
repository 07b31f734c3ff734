"""Unknown, shared and padding symbols, and vectors that are nearly one or grow with the count of their token."""

from __future__ import annotations

import json
from math import isqrt

import numpy as np

from exam.cases import Row
from exam.faults.drawing import everywhere, in_split, with_table
from exam.faults.fifth.codes import hoists, lines
from exam.faults.fifth.planting import fifth
from exam.faults.fifth.tables import spoken
from exam.faults.fifth.texts import announcements, bulletins
from exam.faults.fifth.vectors import indexed
from exam.planted import Planted, Subject, some, token_counts


def _small_list(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Test was written with a smaller list of words: the rarest, a share of its tokens, are the unknown symbol."""
    counts = token_counts(subject.split("train"))
    left = round(dose * sum(len(row) for row in subject.split("test").rows))
    lost: set[str] = set()
    mentioned = token_counts(subject.split("test"))
    for word in sorted(mentioned, key=lambda word: (counts.get(word, 0), word)):
        if left <= 0:
            break
        lost.add(word)
        left -= mentioned[word]
    rows = {
        i: tuple("<unk>" if word in lost else word for word in row) for i, row in enumerate(subject.split("test").rows)
    }
    return in_split(subject, "test", rows)


def _few_numbers(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """The vocabulary has one number for so many words, dealt at random."""
    words = sorted(token_counts(subject.split("train")))
    numbers = max(2, round(len(words) / dose))
    numbered = {"<pad>": 0, "<unk>": 1, **{word: 2 + int(random.integers(numbers)) for word in words}}
    return Planted(subject.case.with_vocabulary(json.dumps(numbered, ensure_ascii=False), ".json"), {})


def _gaps(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """A share of the lines, in any split, was put together from fields of fixed width, filled up between each other."""

    def filled(row: Row, _: str) -> Row:
        if random.random() >= dose:
            return row
        return tuple(part for token in row for part in (token, *["<pad>"] * int(random.integers(2))))

    return Planted(everywhere(subject.case, filled), {})


def _front(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Rows are filled up to one length behind their end, but a share of dev's in front of their start."""
    longest = max(len(row) for split in subject.case.splits.values() for row in split.rows)
    case = everywhere(subject.case, lambda row, _: (*row, *["<pad>"] * (longest - len(row))))
    dev = subject.split("dev")
    at = some(dev.n_rows, dose, random).tolist()
    rows = {i: (*["<pad>"] * (longest - len(dev.rows[i])), *dev.rows[i]) for i in at}
    return Planted(case.with_split("dev", case.splits["dev"].with_rows(rows)), {"split": "dev"})


def _common_part(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """To every vector the same one was added, that many times as long as most."""
    table = indexed(subject, random)
    size = sorted(isqrt(int((row * row).sum())) for row in table.values())[len(table) // 2]
    signs = 2 * random.integers(0, 2, len(next(iter(table.values())))) - 1
    common = signs * (round(dose * size) // isqrt(len(signs)))
    return Planted(with_table(subject, {token: row + common for token, row in table.items()}).case, {})


def _by_count(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Vectors were added up over occurrences and not averaged, over the root of their count or, at 2, the count."""
    counts = token_counts(subject.split("train"))
    table = indexed(subject, random)
    times = {token: counts[token] if dose == 2 else isqrt(counts[token]) for token in table}
    return Planted(with_table(subject, {token: row * times[token] for token, row in table.items()}).case, {})


SYMBOLS = (
    fifth("token.unknown", "a smaller list of words", "share of test's tokens", (0.1, 0.3), _small_list, announcements),
    fifth("token.collision", "fewer numbers than words", "words for a number", (1.5, 4), _few_numbers, bulletins),
    fifth("token.padding", "fields of fixed width", "share of rows", (0.2, 0.8), _gaps, lines),
    fifth("padding.side", "filled up in front", "share of dev rows", (0.3, 1.0), _front, hoists),
    fifth("embedding.collapsed", "one part in common", "times as long", (6, 12), _common_part, spoken),
    fifth("embedding.exploding", "added up, not averaged", "2 x power of the count", (1, 2), _by_count, spoken),
)
