"""The clean subjects of the fifth set, some of them with files in order or with traits that only look like faults."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from exam.cases import Split
from exam.faults.fifth.codes import dances, hoists, lines, openings, pages
from exam.faults.fifth.texts import announcements, bulletins, verses, villages
from exam.faults.fifth.vectors import with_strangers
from exam.planted import Subject, token_counts


def grouped(subject: Subject, what: str, size: int, random: np.random.Generator) -> Subject:
    """The subject with groups of about `size` rows, none of which is in two splits."""
    splits: dict[str, Split] = {}
    for name, split in subject.case.splits.items():
        which = random.integers(0, max(2, split.n_rows // size), split.n_rows).tolist()
        splits[name] = replace(split, groups=tuple(f"{what}-{name}-{k + 1}" for k in which))
    return replace(subject, case=replace(subject.case, splits=splits))


def disputed(random: np.random.Generator, rows: int | None = None) -> Subject:
    """Announcements whose matter is a question of taste: a quarter of all labels, in every split, are others."""
    return announcements(random, rows, 2, noise=0.25)


def bulletins_with_table(random: np.random.Generator, rows: int | None = None) -> Subject:
    """Bulletins with a healthy table of vectors."""
    return with_strangers(bulletins(random, rows), random)


def verses_with_vocabulary(random: np.random.Generator, rows: int | None = None) -> Subject:
    """Verses with a vocabulary that was listed from train, the most frequent words first."""
    made = verses(random, rows)
    listed = ["<pad>", "<unk>", *token_counts(made.split("train"))]
    return replace(made, case=made.case.with_vocabulary(json.dumps(listed, ensure_ascii=False), ".json"))


def lines_by_device(random: np.random.Generator, rows: int | None = None) -> Subject:
    """Lines of firewalls, with the device that wrote them; splits were made by device."""
    return grouped(lines(random, rows), "device", 6, random)


SUBJECTS: tuple[Callable[..., Subject], ...] = (
    announcements,
    bulletins,
    verses,
    villages,
    openings,
    pages,
    hoists,
    lines_by_device,
    dances,
    disputed,
    bulletins_with_table,
    verses_with_vocabulary,
)
