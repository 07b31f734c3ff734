"""Rows that are put together from phrases with gaps; each class has favourite phrases and words among common ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from exam.cases import Case, Form, Split, split_of
from exam.faults.drawing import Choices, Lengths, Sample, Task, chances, uneven
from exam.planted import Subject

COMMON = 2
"""For each word that a class favours, at least so many stand beside it that no class favours, over all classes."""


def listed(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


def mixed_up(items: Sequence[str], random: np.random.Generator) -> list[str]:
    """The items in random order."""
    return [items[int(k)] for k in random.permutation(len(items))]


@dataclass(frozen=True)
class Phrasebook:
    """`words` by gap, and `phrases` of gaps and fixed words. A class says what it favours `tilt` times as often."""

    words: Mapping[str, Sequence[str]]
    phrases: Sequence[str]
    tilt: int = 5


@dataclass(frozen=True)
class Speaker:
    """What each class says: `phrases` and `words` (by gap) are choices by class, `uses` the gap of a word and who
    favours it."""

    phrases: tuple[Choices, ...]
    words: Mapping[str, tuple[Choices, ...]]
    uses: Mapping[str, str]

    def say(self, label: int, draws: Iterator[float]) -> list[str]:
        """One phrase."""
        parts = self.phrases[label].at(next(draws)).split()
        return [self.words[part][label].at(next(draws)) if part in self.words else part for part in parts]


def favoured(items: Sequence[str], n_classes: int, tilt: int) -> tuple[Choices, ...]:
    """Choices by class: weights fall with the rank, but each class has favourites in turn."""
    turn = n_classes + COMMON
    weights = [
        [1_000_000 // (rank + 4) * (tilt if rank % turn == label else 1) for rank in range(len(items))]
        for label in range(n_classes)
    ]
    return tuple(Choices(items, of_class) for of_class in weights)


def speaker_of(book: Phrasebook, n_classes: int, random: np.random.Generator) -> Speaker:
    """Somebody who speaks from a phrasebook; which words are frequent, and whose favourites, is random."""
    mixed = {gap: mixed_up(words, random) for gap, words in book.words.items()}
    phrases = mixed_up(book.phrases, random)
    turn = n_classes + COMMON
    uses = {word: f"{gap} {k % turn}" for gap, words in mixed.items() for k, word in enumerate(words)}
    words = {gap: favoured(words, n_classes, book.tilt) for gap, words in mixed.items()}
    return Speaker(favoured(phrases, n_classes, 2), words, uses)


def spoken(speakers: Sequence[Speaker], finish: Callable[[list[str]], list[str]] = lambda row: row) -> Sample:
    """Rows of whole phrases, each row of one speaker's, until they are long enough."""

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        speaker = speakers[int(next(draws) * len(speakers))]
        row: list[str] = []
        while len(row) < length:
            row += speaker.say(label, draws)
        return finish(row)

    return sample


def task_in(
    speakers: Sequence[Speaker], n_classes: int, lengths: Lengths, random: np.random.Generator, noise: float = 0.0
) -> Task:
    """The task to tell classes by what is said."""
    uses = {word: use for speaker in speakers for word, use in speaker.uses.items()}
    return Task(n_classes, lengths, uneven(n_classes, random), spoken(speakers), uses, noise)


def dealt(
    kind: str, task: Task, names: Sequence[str], random: np.random.Generator, rows: int | None, form: Form = "words"
) -> Subject:
    """A clean subject: distinct rows, dealt to train, dev and test class by class."""
    total = int(random.integers(700, 2_501)) if rows is None else rows
    drawn, labels = task.draw(total, random)
    held = float(random.choice([0.1, 0.15, 0.2]))
    order = random.permutation(total)
    taken: dict[str, list[int]] = {"train": [], "dev": [], "test": []}
    for label in range(len(names)):
        here = order[labels[order] == label].tolist()
        n = max(4, round(held * len(here)))
        if len(here) < 4 * n:
            raise ValueError("a class is too rare")
        taken["dev"] += here[:n]
        taken["test"] += here[n : 2 * n]
        taken["train"] += here[2 * n :]
    splits: dict[str, Split] = {}
    for name, places in taken.items():
        mixed = [places[k] for k in random.permutation(len(places)).tolist()]
        notes = [names[int(labels[i])] for i in mixed]
        splits[name] = split_of(name, [drawn[i] for i in mixed], notes, random)
    return Subject(Case(f"fifth: {kind}", kind, splits, form), task, tuple(names))
