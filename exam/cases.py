"""A folder of splits in memory, whose answers are known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import polars as pl

from brittlestar.core.hashing import digest

Row = tuple[str, ...]
Form = Literal["words", "characters", "lists"]
VOCABULARY = "vocabulary"
"""Stem of the file, of those that belong to a case, which an audit is given as the vocabulary."""


@dataclass(frozen=True)
class Split:
    """Rows of one split: `rows` are token sequences, one entry a row as in `labels`, `ids` and `groups`."""

    rows: tuple[Row, ...]
    labels: tuple[str, ...]
    ids: tuple[str, ...]
    groups: tuple[str, ...] | None = None

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.rows)

    def take(self, positions: Sequence[int] | np.ndarray) -> Split:
        """The rows at the given positions, each at most once, in that order."""
        places = [int(position) for position in positions]
        return Split(
            tuple(self.rows[i] for i in places),
            tuple(self.labels[i] for i in places),
            tuple(self.ids[i] for i in places),
            None if self.groups is None else tuple(self.groups[i] for i in places),
        )

    def with_rows(self, rows: Mapping[int, Sequence[str]]) -> Split:
        """Other tokens at some positions."""
        changed = list(self.rows)
        for position, row in rows.items():
            changed[position] = tuple(row)
        return replace(self, rows=tuple(changed))

    def with_labels(self, labels: Mapping[int, str]) -> Split:
        """Other labels at some positions."""
        changed = list(self.labels)
        for position, label in labels.items():
            changed[position] = label
        return replace(self, labels=tuple(changed))

    def mapped(self, change: Mapping[int, Row] | None = None, tokens: Mapping[str, str] | None = None) -> Split:
        """Every occurrence of some tokens renamed."""
        names = tokens or {}
        rows = self.rows if change is None else self.with_rows(change).rows
        return replace(self, rows=tuple(tuple(names.get(token, token) for token in row) for row in rows))

    def added(self, other: Split) -> Split:
        """The rows of another split behind these; their ids get a mark where these have them already."""
        taken = set(self.ids)
        ids = tuple(f"{one}+" if one in taken else one for one in other.ids)
        groups = None if self.groups is None or other.groups is None else self.groups + other.groups
        return Split(self.rows + other.rows, self.labels + other.labels, self.ids + ids, groups)

    def shuffled(self, random: np.random.Generator) -> Split:
        """The same rows in random order."""
        return self.take(random.permutation(self.n_rows))

    def frame(self, form: Form = "words") -> pl.DataFrame:
        """Columns id, sequence, label and, where there are groups, group."""
        sequence: list[Any] = [list(row) for row in self.rows]
        if form != "lists":
            sequence = [(" " if form == "words" else "").join(row) for row in self.rows]
        kind = pl.List(pl.String) if form == "lists" else pl.String
        columns = [
            pl.Series("id", self.ids, pl.String),
            pl.Series("sequence", sequence, kind),
            pl.Series("label", self.labels, pl.String),
        ]
        if self.groups is not None:
            columns.append(pl.Series("group", self.groups, pl.String))
        return pl.DataFrame(columns)


def split_of(name: str, rows: Iterable[Sequence[str]], labels: Iterable[Any], random: np.random.Generator) -> Split:
    """A split whose ids say nothing about the order of its rows."""
    kept = tuple(tuple(row) for row in rows)
    numbers = random.permutation(len(kept))
    return Split(kept, tuple(str(label) for label in labels), tuple(f"{name}-{number}" for number in numbers))


@dataclass(frozen=True)
class Case:
    """Splits with settings: `settings` as the command's `--set` takes them, where `{folder}` stands for the folder
    into which `files` (texts by name) are written; `kind` says in a few words what the case is about."""

    name: str
    kind: str
    splits: Mapping[str, Split]
    form: Form = "words"
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    files: Mapping[str, str] = field(default_factory=dict[str, str])

    def frames(self) -> dict[str, pl.DataFrame]:
        """What `audit` takes."""
        return {name: split.frame(self.form) for name, split in self.splits.items()}

    def with_split(self, name: str, split: Split) -> Case:
        """The same case with other rows in one split."""
        return replace(self, splits={**self.splits, name: split})

    def with_vocabulary(self, text: str, suffix: str = ".txt") -> Case:
        """The same case with a vocabulary file."""
        return replace(self, files={**self.files, VOCABULARY + suffix: text})

    def digest(self) -> str:
        """SHA-256 over everything that an audit of the case reads."""
        state = hashlib.sha256()
        for name, split in self.splits.items():
            state.update(digest([name, self.form, split.rows, split.labels, split.ids, split.groups]).encode())
        state.update(digest([dict(self.settings), dict(self.files)]).encode())
        return state.hexdigest()
