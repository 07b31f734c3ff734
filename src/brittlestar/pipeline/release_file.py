"""Predictions in a file for the rows of a study: what a gate and a comparison hold a study against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.answers import Answers, Rows, read_answers
from brittlestar.core.errors import InputError
from brittlestar.data.predictions.runs import Given
from brittlestar.data.predictions.sources import sources_of
from brittlestar.pipeline.open import Opened


@dataclass(frozen=True)
class ReleaseFile:
    """Predictions of the files or objects at `place`, by variant and seed, matched to the rows that are `opened`."""

    place: str
    given: Given
    opened: Opened

    @property
    def variants(self) -> tuple[str, ...]:
        """Its variants, as they were given."""
        return tuple(dict.fromkeys(name for name, _ in self.given))

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits that it speaks of."""
        return tuple(dict.fromkeys(split for one in self.given.values() for split in one.probabilities))

    def covers(self, variant: str, split: str) -> bool:
        """Whether a variant has predictions for a split."""
        return any(name == variant and split in one.probabilities for (name, _), one in self.given.items())

    def answer(self, variant: str, split: str, rows: Rows) -> tuple[tuple[int, ...], Answers]:
        """The seeds of a variant on a split, and what its runs answer to the `rows` of the study.
        Raises InputError where there are none."""
        runs = {
            seed: one
            for (name, seed), one in sorted(self.given.items())
            if name == variant and split in one.probabilities
        }
        if not runs:
            raise InputError(f"there are no predictions for {split}", self.place, "add its rows")
        tables = np.stack([run.probabilities[split] for run in runs.values()])
        bare = any(split in run.hard for run in runs.values())
        return tuple(runs), read_answers(rows, tables, bare=bare, keep=True)


def match_release(
    given: Sequence[Any], opened: Opened, columns: Mapping[str, str] | None = None, abstain: str | None = None
) -> ReleaseFile:
    """Read predictions for the rows that are `opened`, files or one object in memory; a prediction of `abstain` is
    wrong. Raises InputError where they do not fit."""
    files = [str(path) for path in given if isinstance(path, Path)]
    sources = sources_of(files or given[0], columns, "against")
    return ReleaseFile(", ".join(files) or "against", opened.match(sources, columns or {}, abstain), opened)
