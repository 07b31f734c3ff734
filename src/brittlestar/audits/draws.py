"""What was drawn: rows that are copies, near copies, windows of one text or of one group are one unit, not several.

Every test of a difference between splits takes its units from here. What a near copy is, `leak.near` decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.families import MOST_CROSSING, Families, find_families, sample
from brittlestar.baselines.rows import LabelledRows
from brittlestar.data.joining import find_smallest, join

LEAST_RATE = 0.25  # chosen, not measured
EXPLAINED = 0.8  # chosen, not measured


@dataclass(frozen=True)
class Kept:
    """What was kept whole between train and a split, and not dealt row by row: `groups`, `windows` of one text, near
    `copies`."""

    groups: bool
    windows: bool
    copies: bool


@dataclass(frozen=True)
class Draws:
    """What was drawn together in a dataset. `samples`: the rows of each split that comparisons look at, all of them up
    to 30,000; `families` among them; `kept[split]`: by what units each other split was parted from train."""

    samples: Mapping[str, LabelledRows]
    families: Families
    kept: Mapping[str, Kept]

    @property
    def kept_anywhere(self) -> Kept:
        """What was kept whole between train and any other split: what answers on train itself have to be learnt
        without."""
        found = self.kept.values()
        return Kept(*(any(getattr(kept, kind) for kept in found) for kind in ("groups", "windows", "copies")))


def find_draws(dataset: AuditDataset) -> Draws:
    """What was drawn together."""
    samples = {name: sample(rows) for name, rows in dataset.splits.items()}
    families = find_families(samples, dataset.token_hashes)
    train, groups = samples["train"].hashes, dataset.train.groups
    kept: dict[str, Kept] = {}
    for rows in dataset.evaluations:
        other = samples[rows.name].hashes
        windows, copies = (families.only(kind).kept_whole(train, other) for kind in (True, False))
        by_group = groups is not None and rows.groups is not None and kept_whole(groups, rows.groups)
        kept[rows.name] = Kept(by_group, windows, copies)
    return Draws(samples, families, kept)


def units_of(rows: LabelledRows, families: Families, kept: Kept) -> np.ndarray | None:
    """int64 (n_rows,), numbers of the units by which rows were dealt; None where they were dealt one by one."""
    if kept.windows != kept.copies:
        families = families.only(kept.windows)
    names = families.of(rows.hashes) if kept.windows or kept.copies else None
    if kept.groups and rows.groups is not None:
        return join(names, rows.groups).component if names is not None else renumber(rows.groups)
    return None if names is None else renumber(names)


def fold_names(rows: LabelledRows, families: Families, kept: Kept) -> np.ndarray:
    """uint64 (n_rows,), equal for rows that belong into one fold: the smallest hash of the unit of each."""
    units = units_of(rows, families, kept)
    return rows.hashes if units is None else find_smallest(rows.hashes, units)[units]


def estimate_design_effect(values: np.ndarray, units: np.ndarray | None) -> float:
    """How many rows count as one in a mean of `values` float (n_rows,): 1 where every row is a unit."""
    return estimate_inflation(values[:, None].astype(np.float64), units)


def renumber(values: np.ndarray) -> np.ndarray:
    """int64 (n,): equal values as equal numbers, from 0 in their order."""
    return np.unique(values, return_inverse=True)[1].reshape(-1).astype(np.int64)


def kept_whole(first: np.ndarray, second: np.ndarray) -> bool:
    """Whether units were dealt to two sides, and not their rows; both int (n_rows,), equal where the unit is.

    Of rows that were dealt at random, one whose unit has s rows in all has another of them on the other side with
    probability 1 - (1 - q)^(s - 1), q being that side's share. Units were kept whole where less than half as many do.
    """
    n, m = len(first), len(second)
    if not n or not m:
        return False
    place = renumber(np.concatenate([first, second]))
    here, there = np.bincount(place[:n], minlength=place.max() + 1), np.bincount(place[n:], minlength=place.max() + 1)
    size = here + there
    shares = np.asarray([n, m]) / max(n + m - 1, 1)
    expected = here @ (1 - (1 - shares[1]) ** (size - 1)) + there @ (1 - (1 - shares[0]) ** (size - 1))
    seen = size[(here > 0) & (there > 0)].sum()
    return bool(seen < MOST_CROSSING * expected)


def copies_of(own: np.ndarray, elsewhere: Sequence[np.ndarray]) -> np.ndarray | None:
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
    return renumber(numbers)


def estimate_inflation(values: np.ndarray, numbers: np.ndarray | None) -> float:
    """How much units inflate the variance of a mean: squared sums over units by squared values, both centred.
    `values` float (n_rows, k); at least 1."""
    if numbers is None or not len(values):
        return 1.0
    centred = values - values.mean(axis=0)
    alone = float((centred**2).sum())
    sums = [np.bincount(numbers, weights=column) for column in centred.T]
    return max(1.0, float(sum((one**2).sum() for one in sums)) / alone) if alone else 1.0
