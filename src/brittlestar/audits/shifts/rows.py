"""Train and one evaluation split side by side, and which of their rows count as independent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from brittlestar.audits.material import Material, Rows
from brittlestar.core.seeds import generator

MOST_ROWS = 30_000
MOST_TOKENS = 1_500_000
FEWEST_SAMPLED = 300
FEWEST_MATCHED = 50
KNOWN_GROUPS = 0.5
LEAST_RATE = 0.25
EXPLAINED = 0.8


@dataclass(frozen=True)
class Side:
    """One of the two. `rows` are all of them or a random sample; `units` int64 (n_rows,) number what was drawn
    together: groups (`by_group`), or copies of one draw; None where every row was drawn alone."""

    rows: Rows
    units: np.ndarray | None
    by_group: bool = False

    def taken(self, chosen: np.ndarray) -> Side:
        """Some of the rows."""
        numbers = None if self.units is None else np.unique(self.units[chosen], return_inverse=True)[1].reshape(-1)
        return Side(self.rows.taken(chosen), numbers, self.by_group)

    @property
    def draws(self) -> Side:
        """The same with one row of each draw, where its units are copies."""
        if self.units is None or self.by_group:
            return self
        first = np.sort(np.unique(self.units, return_index=True)[1])
        return self if len(first) == len(self.units) else Side(self.rows.taken(first), None)

    @staticmethod
    def of(rows: Rows, other: Rows, train: Rows, elsewhere: list[np.ndarray]) -> Side:
        """The side with rows `rows` in a comparison of `train` (all of it) with `other`; `elsewhere` are the hashes of
        every further split."""
        numbers = groups_of(rows, other, train)
        if numbers is not None:
            return Side(rows, numbers, True)
        return Side(rows, copies_of(rows.hashes, elsewhere))


@dataclass(frozen=True)
class Comparison:
    """Train and another split. `train` and `other` hold one row of each draw, `with_copies` both as they are; `whole`
    is all of the other split."""

    material: Material
    train: Side
    other: Side
    with_copies: tuple[Side, Side]
    whole: Rows

    @property
    def name(self) -> str:
        """Name of the other split."""
        return self.whole.name

    @property
    def longest(self) -> int:
        """Tokens in the longest row of all of train; 0 without rows."""
        return int(self.material.train.lengths.max(initial=0))

    @property
    def sampled(self) -> dict[str, int]:
        """Rows that statistics on samples rest on, for evidence."""
        return {"train": self.train.rows.n_rows, self.name: self.other.rows.n_rows}


def comparisons(material: Material) -> Iterator[Comparison]:
    """Every evaluation split with train."""
    samples = {name: sample(rows) for name, rows in material.splits.items()}
    train = samples["train"]
    for rows in material.evaluations:
        other = samples[rows.name]
        first, second = (
            Side.of(one, other, material.train, [rest.hashes for rest in samples.values() if rest is not one])
            for one in (train, other)
        )
        yield Comparison(material, first.draws, second.draws, (first, second), rows)


def matched(comparison: Comparison) -> Comparison | None:
    """The same with train's classes in the shares of the other split, as many rows as that leaves; None where it
    leaves too few or a class of the split is none of train's."""
    labels, wanted = comparison.train.rows.labels, comparison.other.rows.labels
    size = int(max(labels.max(initial=0), wanted.max(initial=0))) + 1
    have, want = np.bincount(labels, minlength=size), np.bincount(wanted, minlength=size)
    scale = float((have[want > 0] / want[want > 0]).min()) if want.any() else 0.0
    many = np.floor(scale * want + 1e-9).astype(np.int64)
    if many.sum() < FEWEST_MATCHED:
        return None
    order = np.lexsort((generator(0, "shift", "matched", comparison.name).random(len(labels)), labels))
    rank = np.arange(len(labels)) - np.repeat(np.cumsum(have) - have, have)
    chosen = np.sort(order[rank < np.repeat(many, have)])
    return replace(comparison, train=comparison.train.taken(chosen))


def sample(rows: Rows) -> Rows:
    """At most 30,000 rows at random, fewer where they are long, in their order."""
    fitting = int(MOST_TOKENS * rows.n_rows / max(len(rows.codes), 1))
    many = min(MOST_ROWS, max(fitting, FEWEST_SAMPLED))
    if rows.n_rows <= many:
        return rows
    return rows.taken(np.sort(generator(0, "shift", rows.name).choice(rows.n_rows, many, replace=False)))


def groups_of(rows: Rows, other: Rows, train: Rows) -> np.ndarray | None:
    """Numbers of the groups of `rows`, where train and `other` were split by group, or None: where most rows of
    `other` belong to groups of train, rows were drawn and not groups."""
    if rows.groups is None or other.groups is None or train.groups is None or not other.n_rows:
        return None
    if np.isin(other.groups, train.groups).mean() >= KNOWN_GROUPS:
        return None
    return np.unique(rows.groups, return_inverse=True)[1].reshape(-1).astype(np.int64)


def copies_of(own: np.ndarray, elsewhere: list[np.ndarray]) -> np.ndarray | None:
    """Numbers of the draws that the rows with hashes `own` go back to, or None where each row is one.

    Copies that were made after drawing are one draw together. Copies that the source itself repeats are draws of their
    own, and are told apart by the other splits, of which one that was drawn alike is enough: there a sequence that
    stands n_c times among n rows is seen among m rows with probability 1 - exp(-n_c m / n). Where every split shows
    repeated sequences less than that by a fifth, those that none shows at a quarter of their rate count as one draw.
    """
    values, place, counts = np.unique(own, return_inverse=True, return_counts=True)
    repeated = counts > 1
    if not repeated.any():
        return None
    rows = (counts * repeated).astype(np.float64)
    ever = np.zeros(len(values), np.bool_)
    for other in elsewhere:
        if not len(other):
            continue
        there, often = np.unique(other, return_counts=True)
        nearest = np.minimum(np.searchsorted(there, values), len(there) - 1)
        rate = counts * (len(other) / len(own))
        seen = np.where(there[nearest] == values, often[nearest], 0) >= np.maximum(LEAST_RATE * rate, 1.0)
        if rows @ seen >= EXPLAINED * float(rows @ -np.expm1(-rate)):
            return None
        ever |= seen
    place = place.reshape(-1)
    one_draw = (repeated & ~ever)[place]
    numbers = np.where(one_draw, place, len(values) + np.arange(len(own)))
    return np.unique(numbers, return_inverse=True)[1].reshape(-1).astype(np.int64)


def drawn(side: Side, chosen: np.ndarray | None = None) -> int:
    """Number of draws that the chosen rows (bool (n_rows,), all where None) go back to."""
    if side.units is None:
        return side.rows.n_rows if chosen is None else int(chosen.sum())
    return len(np.unique(side.units if chosen is None else side.units[chosen]))


def together(values: np.ndarray, numbers: np.ndarray | None) -> float:
    """How much groups inflate the variance of a mean: squared sums over groups by squared values, both centred.
    `values` float (n_rows, k); at least 1."""
    if numbers is None or not len(values):
        return 1.0
    centred = values - values.mean(axis=0)
    alone = float((centred**2).sum())
    sums = [np.bincount(numbers, weights=column) for column in centred.T]
    return max(1.0, float(sum((one**2).sum() for one in sums)) / alone) if alone else 1.0
