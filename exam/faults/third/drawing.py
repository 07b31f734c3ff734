"""What the subjects of the third set are drawn with: weighted choices, tasks of distinct rows, splits of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from exam.cases import Case, Form, Row, Split, split_of
from exam.planted import Subject

Lengths = Callable[[int, np.random.Generator], np.ndarray]
Sample = Callable[[int, int, np.random.Generator], list[str]]


class Choices:
    """Items that are picked by whole-number weights, so that the pick is the same on every machine."""

    def __init__(self, items: Sequence[str], weights: Sequence[int] | None = None) -> None:
        self.items = tuple(items)
        self._ends = list(accumulate(weights if weights is not None else [1] * len(self.items)))

    def at(self, chance: float) -> str:
        """The item that a number in [0, 1) falls on."""
        return self.items[min(bisect_right(self._ends, chance * self._ends[-1]), len(self.items) - 1)]


def zipf(items: Sequence[str]) -> Choices:
    """Choices whose weights fall with the rank, as the frequencies of words do."""
    return Choices(items, [1_000_000 // (rank + 3) for rank in range(len(items))])


def chances(random: np.random.Generator) -> Iterator[float]:
    """An endless row of numbers in [0, 1)."""
    while True:
        yield from random.random(48).tolist()


def between(low: int, high: int) -> Lengths:
    """Lengths between two bounds, the middle ones more often: the mean of two dice."""

    def drawn(n: int, random: np.random.Generator) -> np.ndarray:
        return (random.integers(low, high + 1, n) + random.integers(low, high + 1, n)) // 2

    return drawn


def uneven(classes: int, random: np.random.Generator) -> tuple[float, ...]:
    """Class shares that differ by less than a factor of two."""
    weights = random.integers(6, 12, classes)
    return tuple(float(weight) / float(weights.sum()) for weight in weights)


@dataclass(frozen=True)
class Task:
    """How rows of a subject of the third set come about. `sample(label, length, random)` makes one row, `uses` names
    for each token the role in which it is used (tokens of one role occur in the same company), and a share `noise` of
    the labels is wrong by nature."""

    n_classes: int
    lengths: Lengths
    shares: tuple[float, ...]
    sample: Sample
    uses: Mapping[str, str] = field(default_factory=dict[str, str])
    noise: float = 0.0

    def draw(
        self, n: int, random: np.random.Generator, lengths: Lengths | None = None, shares: np.ndarray | None = None
    ) -> tuple[list[Row], np.ndarray]:
        """`n` distinct rows and their labels int64 (n,), under other lengths or class shares where given."""
        weights = np.asarray(self.shares if shares is None else shares, dtype=np.float64)
        labels = random.choice(self.n_classes, n, p=weights / weights.sum()).astype(np.int64)
        wanted = (lengths or self.lengths)(n, random)
        rows: dict[Row, None] = {}
        for label, length in zip(labels.tolist(), wanted.tolist(), strict=True):
            for _ in range(60):
                row = tuple(self.sample(label, length, random))
                if row not in rows:
                    rows[row] = None
                    break
            else:
                raise ValueError("the task has too few distinct rows")
        if self.noise:
            wrong = random.random(n) < self.noise
            labels = np.where(wrong, (labels + random.integers(1, self.n_classes, n)) % self.n_classes, labels)
        return list(rows), labels


def sizes(random: np.random.Generator, rows: int | None) -> tuple[int, int, int]:
    """Rows of train, dev and test: of 1,000 to 6,000 in total, unless it is given, 20 to 45 % are for evaluation."""
    total = int(random.integers(1_000, 6_001)) if rows is None else rows
    held = round(total * float(random.uniform(0.2, 0.45)))
    dev = round(held * float(random.uniform(0.4, 0.6)))
    return total - held, dev, held - dev


def subject_of(
    kind: str, task: Task, names: Sequence[str], random: np.random.Generator, rows: int | None, form: Form = "words"
) -> Subject:
    """A clean subject: distinct rows of a task, dealt to train, dev and test at random."""
    parts = sizes(random, rows)
    drawn, labels = task.draw(sum(parts), random)
    splits: dict[str, Split] = {}
    start = 0
    for name, n in zip(("train", "dev", "test"), parts, strict=True):
        told = [names[label] for label in labels[start : start + n].tolist()]
        splits[name] = split_of(name, drawn[start : start + n], told, random)
        start += n
    return Subject(Case(f"third: {kind}", kind, splits, form), task, tuple(names))


def task_of(subject: Subject) -> Task:
    """The task of a subject of the third set; a ValueError for any other subject."""
    if not isinstance(subject.task, Task):
        raise ValueError("not a subject of the third set")
    return subject.task


def fresh(
    subject: Subject,
    name: str,
    n: int,
    random: np.random.Generator,
    lengths: Lengths | None = None,
    shares: np.ndarray | None = None,
) -> Split:
    """New rows of the subject's task that none of its splits has."""
    known = {row for split in subject.case.splits.values() for row in split.rows}
    drawn = subject.fresh(name, n + n // 8 + 8, random, lengths, shares)
    kept = [i for i, row in enumerate(drawn.rows) if row not in known][:n]
    if len(kept) < n:
        raise ValueError("too few new rows")
    return drawn.take(kept)


def by_class(split: Split, classes: Sequence[str]) -> dict[str, np.ndarray]:
    """In how many rows of each class (int64, one per class) each token stands; tokens in the order of their names."""
    place = {name: k for k, name in enumerate(classes)}
    counts: dict[str, np.ndarray] = {}
    for row, label in zip(split.rows, split.labels, strict=True):
        for token in sorted({*row}):
            counts.setdefault(token, np.zeros(len(classes), dtype=np.int64))[place[label]] += 1
    return {token: counts[token] for token in sorted(counts)}


def marked(subject: Subject, at_least: int) -> dict[str, list[str]]:
    """For each class the tokens that stand in at least so many train rows and at least half of them in this class,
    the most frequent first."""
    found: dict[str, list[tuple[int, str]]] = {name: [] for name in subject.names}
    for token, counts in by_class(subject.split("train"), subject.names).items():
        top = int(counts.argmax())
        if counts.sum() >= at_least and 2 * counts[top] >= counts.sum():
            found[subject.names[top]].append((-int(counts.sum()), token))
    return {name: [token for _, token in sorted(entries)] for name, entries in found.items()}
