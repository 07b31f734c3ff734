"""Clean subjects in code: moves of games, pages of markup, hoists of flags, lines of firewalls, calls of dances."""

from __future__ import annotations

import numpy as np

from exam.faults.drawing import Task, between, chances, uneven
from exam.faults.fifth.languages import LINES, MARKUP
from exam.faults.fifth.phrases import Phrasebook, dealt, listed, speaker_of, task_in
from exam.planted import Subject

_SYSTEMS = ("gambit", "closed", "flank", "exchange", "modern")
_PAGES = ("shop", "forum", "events", "docs")
_MESSAGES = ("distress", "pilot", "cargo", "health", "tow")
_EVENTS = ("probe", "leak", "worm", "misrule", "backup")
_FLAGS = listed(
    "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa "
    "Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu"
)
_PENNANTS = listed("Nadazero Unaone Bissotwo Terrathree Kartefour Pantafive Soxisix Setteseven Oktoeight Novenine")
_CALLS = listed(
    "circle promenade chain star pass swing bow ladies gents through weave hey cross cast lead balance dosado allemande"
)


def openings(random: np.random.Generator, rows: int | None = None, classes: int | None = None) -> Subject:
    """Games by their opening, as numbered moves of both sides: systems differ in early moves and, less, in late ones;
    capital and small letters mean different pieces."""
    names = _SYSTEMS[: int(random.integers(2, 6)) if classes is None else classes]
    squares = [f"{file}{rank}" for file in "abcdefgh" for rank in range(2, 8)]
    moves = [piece + square for piece in ("", "N", "B", "R", "Q", "K") for square in squares]
    mixed = [moves[k] for k in random.permutation(len(moves)).tolist()]
    books = (
        Phrasebook({"W": [*mixed[start : start + 40], "O-O"], "B": mixed[start + 30 : start + 70]}, ("W B",), tilt)
        for start, tilt in ((0, 6), (60, 2))
    )
    early, late = (speaker_of(book, len(names), random) for book in books)

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        row: list[str] = []
        for k in range(length):
            row += [f"{k + 1}.", *(early if k < 6 else late).say(label, draws)]
        return row

    task = Task(len(names), between(6, 18), uneven(len(names), random), sample, {**late.uses, **early.uses})
    return dealt("games by opening", task, names, random, rows)


def pages(random: np.random.Generator, rows: int | None = None, classes: int | None = None) -> Subject:
    """Pages by kind, as tags, words and entities of their markup: here markup is what the task is about."""
    names = _PAGES[: int(random.integers(2, 5)) if classes is None else classes]
    task = task_in([speaker_of(MARKUP, len(names), random)], len(names), between(20, 70), random)
    return dealt("markup by kind of page", task, names, random, rows)


def hoists(random: np.random.Generator, rows: int | None = None, classes: int | None = None) -> Subject:
    """Hoists of signal flags by message, as lists: letters and pennants, some kinds of message with more of some."""
    names = _MESSAGES[: int(random.integers(3, 6)) if classes is None else classes]
    book = Phrasebook(
        {"L": _FLAGS, "M": _FLAGS[::-1], "P": _PENNANTS},
        ("L M P", "L L", "M P P", "Answer L M", "L P M P", "Repeat L"),
        tilt=8,
    )
    task = task_in([speaker_of(book, len(names), random)], len(names), between(9, 26), random)
    return dealt("hoists of flags by message", task, names, random, rows, "lists")


def lines(random: np.random.Generator, rows: int | None = None, classes: int | None = None) -> Subject:
    """Lines of firewalls by event, as pairs of a key and a value."""
    names = _EVENTS[: int(random.integers(2, 6)) if classes is None else classes]
    task = task_in([speaker_of(LINES, len(names), random)], len(names), between(12, 40), random)
    return dealt("lines of firewalls by event", task, names, random, rows)


def dances(random: np.random.Generator, rows: int | None = None) -> Subject:
    """Calls of dances by the side on which they end: an odd number of turns changes it, which few models learn."""

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        places = random.integers(0, len(_CALLS) + 4, length).tolist()
        row = [_CALLS[k] if k < len(_CALLS) else "turn" for k in places]
        if row.count("turn") % 2 != label:
            k = int(random.integers(length))
            row[k] = "turn" if row[k] != "turn" else "swing"
        return row

    task = Task(2, between(9, 20), uneven(2, random), sample)
    return dealt("dances by side", task, ("near", "far"), random, rows)
