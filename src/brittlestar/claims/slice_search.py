"""Slices that nobody named: where a new release lost most against the last one, or main against the best trivial
baseline, searched on one half of the rows, judged on the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from brittlestar.claims.releases import MatchedReleases, Release, SliceChange, compare_slices
from brittlestar.claims.slices import SliceScore, list_slices, measure_each
from brittlestar.claims.study_outcomes import StudyOutcomes, choose_rows
from brittlestar.core.errors import InputError
from brittlestar.core.results import SplitAnswers, TokenRows
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.row_filters import TOKEN, RowFilter

FEWEST_IN_HALF = 15
"""A slice has so many rows in each half, or nothing could be shown of it (half of what a slice needs elsewhere)."""
MOST_JUDGED = 3
"""So many slices of the searched half are judged on the other, so that few share the error (convention)."""
LEAST_Z = -3.0
"""From so many standard errors below all rows on a slice is judged at all (convention: of a hundred slices without any
change one in eight searches has such a one, and the other half decides about it)."""


@dataclass(frozen=True)
class Candidates:
    """Slices with the rows that they have: row `rows[k]` belongs to slice `codes[k]` of `filters`, each pair once."""

    filters: tuple[RowFilter, ...]
    rows: np.ndarray
    codes: np.ndarray

    def rank(self, changes: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """float64 (n_filters,): the mean of `changes` (n_rows,) on the `chosen` rows, bool (n_rows,), of each slice
        less that of all chosen rows, in standard errors of as many rows drawn without replacement. NaN where a slice
        has too few rows in either half."""
        n, size = int(chosen.sum()), len(self.filters)
        mean, spread = float(changes[chosen].mean()), float(changes[chosen].std())
        inside = chosen[self.rows]
        counts = np.bincount(self.codes[inside], minlength=size).astype(np.float64)
        others = np.bincount(self.codes[~inside], minlength=size)
        sums = np.bincount(self.codes[inside], changes[self.rows[inside]], size)
        kept = (np.minimum(counts, others) >= FEWEST_IN_HALF) & (counts < n)
        error = spread * np.sqrt((1 - counts / n) / np.maximum(counts, 1))
        scale = np.where(kept & (error > 0), error, np.nan)
        return (sums / np.maximum(counts, 1) - mean) / scale

    def find_lowest(self, changes: np.ndarray, chosen: np.ndarray) -> list[RowFilter]:
        """The few slices that stand out by `changes` on the `chosen` rows, the lowest first."""
        if not self.filters or not chosen.any():
            return []
        ranks = self.rank(changes, chosen)
        return [self.filters[k] for k in np.argsort(ranks)[:MOST_JUDGED].tolist() if ranks[k] <= LEAST_Z]


def search_changes(
    found: MatchedReleases, new: Release, classes: Sequence[str], split: str, by: float
) -> tuple[SliceChange, ...]:
    """The slices by which the new release lost most on one half of the rows that both have, judged on the other half:
    the accuracy of a slice falls by at most `by`, a fraction. All share one error (Holm). Slices are rows with a token,
    the shortest and the longest third, and values of kept columns. Halves are drawn by the sequences, so that rows that
    were drawn together stay together. Empty where no slice stands out."""
    searched = split_rows(new.rows)[found.places]
    changes = np.zeros(len(new.rows.labels))
    changes[found.places] = found.find_changes()
    chosen = np.zeros(len(changes), bool)
    chosen[found.places[searched]] = True
    candidates = list_candidates(new.rows, classes)
    lowest = candidates.find_lowest(changes, chosen)
    return compare_slices(found.take(~searched), new, lowest, split, by) if lowest else ()


def search_weak(outcomes: StudyOutcomes, split: str) -> tuple[SliceScore, ...]:
    """The rows with a token on which main is right least often beside the best trivial baseline on one half of the
    rows, that are far below all others on the other half, as they are measured there."""
    record, rows = outcomes.record, outcomes.answers[split]
    try:
        here = outcomes.on(split, "accuracy")
        main, trivial = (here.table(name, "accuracy") for name in (record.main, BEST_TRIVIAL))
    except InputError:
        return ()
    if rows.read_tokens is None or main is None or trivial is None:
        return ()
    searched = split_rows(rows)
    lowest = _list_tokens(rows.read_tokens()).find_lowest(main.mean(axis=0) - trivial.mean(axis=0), searched)
    found = measure_each(outcomes, split, lowest, len(lowest), among=~searched) if lowest else None
    return tuple(one for one in found or () if one.is_far_below)


def split_rows(here: SplitAnswers) -> np.ndarray:
    """bool (n_rows,): a half of the rows, by a bit of the hash of the first row that each was drawn together with."""
    units = np.arange(len(here.hashes)) if here.rows.units is None else here.rows.units
    _, first, place = np.unique(units, return_index=True, return_inverse=True)
    return (here.hashes[first] >> np.uint64(17) & np.uint64(1)).astype(bool)[place]


def list_candidates(here: SplitAnswers, classes: Sequence[str]) -> Candidates:
    """Every slice of a split that can be searched."""
    parts = [*_list_columns(here, classes)]
    tokens = here.read_tokens() if here.read_tokens else None
    if tokens is not None:
        parts.append(_list_tokens(tokens))
    sizes = np.cumsum([0, *(len(part.filters) for part in parts)])
    return Candidates(
        tuple(one for part in parts for one in part.filters),
        np.concatenate([part.rows for part in parts] or [np.zeros(0, np.int64)]),
        np.concatenate(
            [part.codes + size for part, size in zip(parts, sizes, strict=False)] or [np.zeros(0, np.int64)]
        ),
    )


def _list_tokens(tokens: TokenRows) -> Candidates:
    return Candidates(tuple(RowFilter(TOKEN, "=", name) for name in tokens.names), tokens.rows, tokens.codes)


def _list_columns(here: SplitAnswers, classes: Sequence[str]) -> Iterator[Candidates]:
    for column in sorted(here.columns):
        filters = list_slices(here, column, classes)
        inside = [np.flatnonzero(choose_rows(here, one, classes)) for one in filters]
        codes = np.repeat(np.arange(len(filters)), [len(rows) for rows in inside])
        yield Candidates(filters, np.concatenate(inside or [np.zeros(0, np.int64)]), codes)
