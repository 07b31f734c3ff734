"""Clean subjects of language: announcements, bulletins in four languages, Cyrillic verses, names of villages."""

from __future__ import annotations

import numpy as np

from exam.faults.drawing import Task, between, spelled, uneven
from exam.faults.fifth.languages import CZECH, FRENCH, GERMAN, POLISH, SPANISH
from exam.faults.fifth.phrases import Phrasebook, dealt, listed, speaker_of, spoken, task_in
from exam.planted import Subject

_MATTERS = ("Ausfall", "Verspätung", "Gleiswechsel", "Anschluss", "Hinweis")
_DANGERS = ("wind", "snow", "flood", "fog", "heat", "thunder")
_MOODS = ("осень", "дорога", "море", "война")
_REGIONS = ("north", "lakes", "border", "coast")
_SOUNDS = tuple("бвгджзклмнпрстфхцчш")
_VOWELS = (*"аеиоуыэюя", "ай", "ой", "ер", "ан", "ост")


def announcements(
    random: np.random.Generator, rows: int | None = None, classes: int | None = None, noise: float = 0.0
) -> Subject:
    """Announcements at railway stations by what they are about, in German: nouns with capitals, umlauts, times."""
    names = _MATTERS[: int(random.integers(3, 6)) if classes is None else classes]
    task = task_in([speaker_of(GERMAN, len(names), random)], len(names), between(12, 36), random, noise)
    return dealt("announcements by matter", task, names, random, rows)


def bulletins(random: np.random.Generator, rows: int | None = None, classes: int | None = None) -> Subject:
    """Bulletins by the danger that they warn of, each in Spanish, French, Czech or Polish."""
    names = _DANGERS[: int(random.integers(2, 7)) if classes is None else classes]
    speakers = [speaker_of(book, len(names), random) for book in (SPANISH, FRENCH, CZECH, POLISH)]
    task = task_in(speakers, len(names), between(14, 40), random)
    return dealt("bulletins by danger", task, names, random, rows)


def verses(
    random: np.random.Generator, rows: int | None = None, classes: int | None = None, words: int = 160
) -> Subject:
    """Verses by their mood, in made-up Russian, with dashes and quotation marks between words of three kinds."""
    names = _MOODS[: int(random.integers(2, 5)) if classes is None else classes]
    taken: set[str] = set()
    many = {"N": words, "V": words // 2, "A": 60}
    lists = {gap: spelled(_SOUNDS, _VOWELS, n, taken, random) for gap, n in many.items()}
    book = Phrasebook(lists, ("A N V ,", "N V — N .", "« V A N »", "и N , и N V", "не V N .", "V ли A N ?"), tilt=6)
    task = task_in([speaker_of(book, len(names), random)], len(names), between(10, 34), random)
    return dealt("verses by mood", task, names, random, rows)


def villages(random: np.random.Generator, rows: int | None = None, classes: int | None = None) -> Subject:
    """Names of villages by region, letter by letter: syllables and endings that a region favours."""
    names = _REGIONS[: int(random.integers(2, 5)) if classes is None else classes]
    taken: set[str] = set()
    book = Phrasebook(
        {
            "A": spelled("bdfghklmnprstvz", "aeiouáéöü", 40, taken, random),
            "B": listed("holm vik sted ház falu hely berg dorf ovo ice ów nitz mäki järvi"),
            "C": listed("kis nagy új stará dolní ober alt sankt lilla östra"),
        },
        ("C A B", "A B", "A A B"),
    )
    say = spoken([speaker_of(book, len(names), random)], lambda row: [*"".join(row)])
    task = Task(len(names), between(3, 7), uneven(len(names), random), say)
    return dealt("villages by region", task, names, random, rows, "characters")
