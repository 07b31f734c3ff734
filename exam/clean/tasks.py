"""Rules that give a row its label, and tasks: a source of rows with a rule."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from brittlestar.core.token_rows import offsets_of, take
from exam.clean.sources import Lengths, Source, counts_per_row, rows_of

PILOT = 4_000
BATCHES = 60

Reader = Callable[[np.ndarray, np.ndarray, np.random.Generator], np.ndarray]
"""`reader(codes, offsets, random)`: the label of every row, -1 for rows that the task does not hold."""
Writer = Callable[[np.ndarray, np.ndarray, np.ndarray, np.random.Generator], None]
"""`writer(codes, offsets, labels, random)` writes into the rows what makes them rows of their labels."""


@dataclass(frozen=True)
class Task:
    """Rows of a source under one rule. `shares` (n_classes,) are the shares of the classes, None for those that the
    source gives. The last `reserved` tokens of the alphabet occur only where the rule writes them."""

    name: str
    alphabet: tuple[str, ...]
    source: Source
    lengths: Lengths
    n_classes: int
    reader: Reader | None = None
    writer: Writer | None = None
    shares: np.ndarray | None = None

    def draw(
        self, n: int, random: np.random.Generator, lengths: Lengths | None = None, shares: np.ndarray | None = None
    ) -> tuple[list[tuple[str, ...]], np.ndarray]:
        """`n` independent rows and their labels int64 (n,), under other lengths or class shares where given."""
        chosen = lengths or self.lengths
        wanted = self.shares if shares is None else shares
        if self.writer is not None:
            p = np.full(self.n_classes, 1 / self.n_classes) if wanted is None else wanted
            labels = random.choice(self.n_classes, n, p=p)
            codes, offsets = self._rows(n, chosen, random)
            self.writer(codes, offsets, labels, random)
            return rows_of(codes, offsets, self.alphabet), labels
        labels = None if wanted is None else random.choice(self.n_classes, n, p=wanted)
        return self._read(n, chosen, labels, random)

    def _rows(self, n: int, lengths: Lengths, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        offsets = offsets_of(lengths(n, random))
        return self.source.draw(offsets, random), offsets

    def _read(
        self, n: int, lengths: Lengths, wanted: np.ndarray | None, random: np.random.Generator
    ) -> tuple[list[tuple[str, ...]], np.ndarray]:
        """Rows until there are enough of every class. Raises ValueError where the source does not give them."""
        assert self.reader is not None
        rows: list[list[tuple[str, ...]]] = [[] for _ in range(self.n_classes)]
        missing = None if wanted is None else np.bincount(wanted, minlength=self.n_classes)
        drawn: list[tuple[tuple[str, ...], int]] = []
        for _ in range(BATCHES):
            codes, offsets = self._rows(2 * n, lengths, random)
            labels = self.reader(codes, offsets, random)
            if missing is None:
                kept = np.flatnonzero(labels >= 0)[: n - len(drawn)]
                drawn += zip(rows_of(*take(codes, offsets, kept), self.alphabet), labels[kept].tolist(), strict=True)
                if len(drawn) == n:
                    return [row for row, _ in drawn], np.asarray([label for _, label in drawn])
                continue
            for label in np.flatnonzero(missing).tolist():
                kept = np.flatnonzero(labels == label)[: missing[label]]
                rows[label] += rows_of(*take(codes, offsets, kept), self.alphabet)
                missing[label] -= len(kept)
            if not missing.any() and wanted is not None:
                waiting = [iter(of_class) for of_class in rows]
                return [next(waiting[label]) for label in wanted.tolist()], wanted
        raise ValueError(f"{self.name}: the source gives too few rows of some class")


def pilot(source: Source, lengths: Lengths, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Some rows of the source, from which a rule takes its thresholds."""
    offsets = offsets_of(lengths(PILOT, random))
    return source.draw(offsets, random), offsets


def shared_out(values: np.ndarray, n_values: int, n_classes: int, random: np.random.Generator) -> np.ndarray:
    """A class for each value, int64 (n_values,), so that classes are about equally frequent among `values`."""
    counts = np.bincount(values, minlength=n_values) + random.random(n_values)
    classes = np.empty(n_values, np.int64)
    load = random.random(n_classes) * 1e-3
    for value in np.argsort(-counts).tolist():
        classes[value] = int(load.argmin())
        load[classes[value]] += counts[value]
    return classes


def at(codes: np.ndarray, offsets: np.ndarray, position: int) -> np.ndarray:
    """The token at one position (negative from the end), int64 (n_rows,); -1 where the row is too short."""
    lengths = np.diff(offsets)
    place = np.full(len(lengths), position) if position >= 0 else lengths + position
    has = (place >= 0) & (place < lengths)
    found = np.full(len(lengths), -1, np.int64)
    found[has] = codes[offsets[:-1][has] + place[has]]
    return found


def places(lengths: np.ndarray, many: int, random: np.random.Generator) -> np.ndarray:
    """`many` distinct random positions in each row, int64 (n_rows, many); rows must be long enough."""
    chosen = np.empty((len(lengths), many), np.int64)
    for k in range(many):
        # Floyd's algorithm: uniform over sets without a permutation of the row.
        bound = lengths - many + k
        position = (random.random(len(lengths)) * (bound + 1)).astype(np.int64)
        taken = (chosen[:, :k] == position[:, None]).any(axis=1)
        chosen[:, k] = np.where(taken, bound, position)
    return np.asarray(random.permuted(chosen, axis=1))


def by_token_at(position: int, classes: np.ndarray) -> Reader:
    """The token at one position decides."""

    def reader(codes: np.ndarray, offsets: np.ndarray, random: np.random.Generator) -> np.ndarray:
        token = at(codes, offsets, position)
        return np.where(token >= 0, classes[token], -1)

    return reader


def by_length(bounds: np.ndarray) -> Reader:
    """Lengths between two bounds are one class."""
    return lambda codes, offsets, random: np.searchsorted(bounds, np.diff(offsets), side="left")


def by_majority(classes: np.ndarray, n_classes: int) -> Reader:
    """The class with most tokens in the row; a row with a tie is no row of the task. `classes` -1: does not count."""

    def reader(codes: np.ndarray, offsets: np.ndarray, random: np.random.Generator) -> np.ndarray:
        counts = counts_per_row(codes, offsets, classes, n_classes)
        ranked = np.sort(counts, axis=1)
        return np.where(ranked[:, -1] > ranked[:, -2], counts.argmax(axis=1), -1)

    return reader


def by_parity(counted: np.ndarray, n_classes: int) -> Reader:
    """The number of some tokens modulo the number of classes; `counted` is 0 for those tokens and -1 for others."""
    return lambda codes, offsets, random: counts_per_row(codes, offsets, counted, 1)[:, 0] % n_classes


def by_conjunction(classes: np.ndarray, needed: np.ndarray) -> Reader:
    """Class 1: the first token is of one half of the alphabet and some needed token (0, others -1) stands behind."""

    def reader(codes: np.ndarray, offsets: np.ndarray, random: np.random.Generator) -> np.ndarray:
        has = counts_per_row(codes, offsets, needed, 1)[:, 0] > 0
        return (has & (classes[at(codes, offsets, 0)] == 1)).astype(np.int64)

    return reader


def by_chance(weights: np.ndarray, slope: float) -> Reader:
    """Two classes at random, with odds that the tokens of the row give: `weights` (n_tokens,) have mean 0 and
    variance 1; a slope of 1.1 puts the ceiling at about .7."""

    def reader(codes: np.ndarray, offsets: np.ndarray, random: np.random.Generator) -> np.ndarray:
        sums = np.add.reduceat(weights[codes], offsets[:-1])
        score = slope * sums / np.sqrt(np.diff(offsets))
        return (random.random(len(score)) < 1 / (1 + np.exp(-score))).astype(np.int64)

    return reader


def write_marker(markers: np.ndarray) -> Writer:
    """One marker of the row's class at a random place; a class whose marker is -1 has none."""

    def writer(codes: np.ndarray, offsets: np.ndarray, labels: np.ndarray, random: np.random.Generator) -> None:
        place = places(np.diff(offsets), 1, random)[:, 0]
        marked = markers[labels] >= 0
        codes[(offsets[:-1] + place)[marked]] = markers[labels][marked]

    return writer


def write_order(markers: np.ndarray) -> Writer:
    """All markers once at random places; that of the row's class stands first."""

    def writer(codes: np.ndarray, offsets: np.ndarray, labels: np.ndarray, random: np.random.Generator) -> None:
        n = len(markers)
        place = np.sort(places(np.diff(offsets), n, random), axis=1)
        order = random.permuted(np.tile(np.arange(n), (len(labels), 1)), axis=1)
        rows = np.arange(len(labels))
        order[rows, (order == labels[:, None]).argmax(axis=1)] = order[:, 0]
        order[:, 0] = labels
        for k in range(n):
            codes[offsets[:-1] + place[:, k]] = markers[order[:, k]]

    return writer


def write_neighbours(first: int, second: int) -> Writer:
    """Two tokens side by side: class 0 has them in one order, class 1 in the other."""

    def writer(codes: np.ndarray, offsets: np.ndarray, labels: np.ndarray, random: np.random.Generator) -> None:
        place = offsets[:-1] + places(np.diff(offsets) - 1, 1, random)[:, 0]
        codes[place] = np.where(labels == 0, first, second)
        codes[place + 1] = np.where(labels == 0, second, first)

    return writer


def write_equal_ends() -> Writer:
    """Class 1: the last token is the first one again; class 0: it is another."""

    def writer(codes: np.ndarray, offsets: np.ndarray, labels: np.ndarray, random: np.random.Generator) -> None:
        first, last = offsets[:-1], offsets[1:] - 1
        codes[last[labels == 1]] = codes[first[labels == 1]]
        equal = np.flatnonzero((labels == 0) & (codes[first] == codes[last]))
        while len(equal):
            codes[last[equal]] = codes[random.integers(0, len(codes), len(equal))]
            equal = equal[codes[first[equal]] == codes[last[equal]]]

    return writer
