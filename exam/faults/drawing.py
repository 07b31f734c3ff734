"""What subjects are drawn with (choices, tasks of distinct rows), and how faults are written into a case."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

import numpy as np

from exam.cases import Case, Row, Split
from exam.planted import Planted, Subject, ids

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
    """How rows of a subject come about. `sample(label, length, random)` makes one row, `uses` names
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


def task_of(subject: Subject) -> Task:
    """The task of a subject; a ValueError where its rows are drawn in another way."""
    if not isinstance(subject.task, Task):
        raise ValueError("not a task of this kind")
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


def spelled(
    onsets: Sequence[str], vowels: Sequence[str], n: int, taken: set[str], random: np.random.Generator
) -> list[str]:
    """New made-up words of two to four syllables."""
    made: list[str] = []
    while len(made) < n:
        word = "".join(
            onsets[int(random.integers(len(onsets)))] + vowels[int(random.integers(len(vowels)))]
            for _ in range(int(random.integers(2, 5)))
        )
        if word not in taken:
            taken.add(word)
            made.append(word)
    return made


def with_table(subject: Subject, table: dict[str, np.ndarray]) -> Subject:
    """The subject with an embedding table of these vectors (in thousandths), frozen."""
    lines = [f"{token} {' '.join(f'{value / 1_000:.3f}' for value in row.tolist())}\n" for token, row in table.items()]
    settings = {
        "model.embedding.table": "{folder}/table.txt",
        "model.embedding.mode": "frozen-pretrained",
        "model.embedding.dim": str(len(next(iter(table.values())))),
    }
    case = replace(subject.case, settings=settings, files={**subject.case.files, "table.txt": "".join(lines)})
    return replace(subject, case=case)


def in_split(subject: Subject, name: str, rows: dict[int, Row], labels: dict[int, str] | None = None) -> Planted:
    """A case with other rows and labels at some positions of one split, which is the place of its fault."""
    changed = subject.split(name).with_rows(rows).with_labels(labels or {})
    return Planted(subject.case.with_split(name, changed), {"split": name})


def written(subject: Subject, name: str, dose: float, random: np.random.Generator, write: dict[int, Row]) -> Planted:
    """A share of one split's rows written in another way, of those that it changes at all."""
    split = subject.split(name)
    able = sorted(i for i, row in write.items() if row != split.rows[i])
    n = round(dose * split.n_rows)
    if n > len(able):
        raise ValueError("too few rows would change")
    at = sorted(able[k] for k in random.choice(len(able), n, replace=False).tolist())
    return replace(in_split(subject, name, {i: write[i] for i in at}), rows={name: ids(split, at)})


def everywhere(case: Case, change: Callable[[Row, str], Row]) -> Case:
    """The case with each row of each split changed, given its label."""
    for name, split in case.splits.items():
        rows = tuple(change(row, label) for row, label in zip(split.rows, split.labels, strict=True))
        case = case.with_split(name, replace(split, rows=rows))
    return case
