"""Clean subjects that instruments and nature make: peptides by motif, melodies by contour, states of a machine."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from exam.faults.third.drawing import Choices, Task, between, chances, subject_of, uneven
from exam.planted import Subject

_ACIDS = "ACDEFGHIKLMNPQRSTVWY"
_FAMILIES = ("kinase", "lectin", "protease", "zinc-finger", "transporter")
_DEGREES = tuple(f"{note}{octave}" for octave in (3, 4) for note in "CDEFGAB")
_CONTOURS = ("rising", "falling", "turning")
_STEPS = {"rising": (1, 4, 2, 14, 5), "falling": (5, 14, 2, 4, 1), "turning": (3, 8, 2, 8, 3)}
_STATES = ("idle", "warm", "ramp", "feed", "cut", "cool", "purge", "wait")


def peptides(random: np.random.Generator, rows: int | None = None) -> Subject:
    """Peptides by family, as letters: each family has a motif of seven places somewhere in the chain, conserved to
    nine tenths; the share of each amino acid says little. Four labels in a hundred are wrong by nature."""
    families = _FAMILIES[: int(random.integers(3, 6))]
    background = Choices(_ACIDS, random.integers(3, 10, 20).tolist())
    motifs = [
        ["".join(_ACIDS[k] for k in random.choice(20, 2, replace=False).tolist()) for _ in range(7)] for _ in families
    ]

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        row = [background.at(next(draws)) for _ in range(length)]
        places = (0.0, 1.0) if length < 44 else (0.0, 0.5, 1.0)
        for low, high in pairwise(places):
            room = int((high - low) * length) - 7
            start = int(low * length) + int(next(draws) * (room + 1))
            for k, letters in enumerate(motifs[label]):
                if next(draws) < 0.9:
                    row[start + k] = letters[int(next(draws) < 0.25)]
        return row

    task = Task(len(families), between(26, 64), uneven(len(families), random), sample, noise=0.04)
    return subject_of("peptides by family", task, families, random, rows, "characters")


def melodies(random: np.random.Generator, rows: int | None = None, hinted: float = 0.0) -> Subject:
    """Melodies by contour: steps on a scale of two octaves that comes round, from any start, so that only the order
    of the notes tells whether a line rises, falls or turns. In a share `hinted` of the rows half of the notes are
    ornamented in a way that their contour prefers, which a bag of notes can see."""
    ornaments = {name: [f"{degree}~{k}" for degree in _DEGREES[4 * k : 4 * k + 6]] for k, name in enumerate(_CONTOURS)}
    steps = {name: Choices(("-2", "-1", "0", "1", "2"), _STEPS[name]) for name in _CONTOURS}

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        at = int(next(draws) * len(_DEGREES))
        told = next(draws) < hinted
        way = 1
        row: list[str] = []
        for _ in range(length):
            step = int(steps[_CONTOURS[label]].at(next(draws)))
            if _CONTOURS[label] == "turning":
                way = -way if next(draws) < 0.8 else way
                step = way * abs(step)
            at = (at + step) % len(_DEGREES)
            row.append("rest" if next(draws) < 0.06 else _DEGREES[at])
            if hinted and next(draws) < 0.35:
                liked = ornaments[_CONTOURS[label if told and next(draws) < 0.85 else int(next(draws) * 3)]]
                row[-1] = liked[int(next(draws) * len(liked))]
        return row

    task = Task(3, between(9, 26), uneven(3, random), sample)
    return subject_of("melodies by contour", task, _CONTOURS, random, rows)


def machine(random: np.random.Generator, rows: int | None = None) -> Subject:
    """States of a machine by its condition, one a second, in runs: a worn tool cuts for longer, a blocked feed is
    purged and tried again. Five labels in a hundred are wrong by nature."""
    conditions = ("healthy", "worn", "blocked")
    usual = {state: int(random.integers(2, 6)) for state in _STATES}
    cutting = {"healthy": 4, "worn": 8, "blocked": 4}
    again = {"healthy": 0.08, "worn": 0.08, "blocked": 0.6}

    def sample(label: int, length: int, random: np.random.Generator) -> list[str]:
        draws = chances(random)
        condition = conditions[label]
        at = int(next(draws) * len(_STATES))
        row: list[str] = []
        while len(row) < length:
            state = _STATES[at]
            mean = cutting[condition] if state == "cut" else usual[state]
            row += [state] * (1 + int(next(draws) * mean) + int(next(draws) * mean))
            at = (at + 1) % len(_STATES)
            if state == "feed" and next(draws) < again[condition]:
                at = _STATES.index("purge")
            elif state == "purge" and next(draws) < again[condition]:
                at = _STATES.index("feed")
            elif next(draws) < 0.08:
                at = int(next(draws) * len(_STATES))
        return row[:length]

    task = Task(3, between(44, 120), uneven(3, random), sample, noise=0.05)
    return subject_of("machine states by condition", task, conditions, random, rows)
