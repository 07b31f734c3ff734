"""Train and one evaluation split side by side, and which of their rows count as independent."""

from dataclasses import dataclass, replace

import numpy as np

from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.draws import Clusters, KeptWhole, copies_of, renumber, units_of
from brittlestar.audits.showing import FEWEST_ROWS
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.seeds import generator


@dataclass(frozen=True)
class SplitSide:
    """One of the two. `rows` are all of them or a random sample; `units` int64 (n_rows,) number what was drawn
    together; None where every row was drawn alone. Rows of a group and windows of one text each say something of their
    own (`clustered`): all are counted, and what varies are the sums of units. Copies and near copies say one thing."""

    rows: BaselineRows
    units: np.ndarray | None
    clustered: bool = False

    def take(self, chosen: np.ndarray) -> "SplitSide":
        """Some of the rows."""
        units = None if self.units is None else renumber(self.units[chosen])
        return SplitSide(self.rows.take(chosen), units, self.clustered)

    @property
    def draws(self) -> "SplitSide":
        """The same with one row of each draw, where units are copies: the one with the smallest hash, which
        says nothing about its place in the file."""
        if self.units is None or self.clustered:
            return self
        order = np.lexsort((self.rows.hashes, self.units))
        first = np.sort(order[np.flatnonzero(np.diff(self.units[order], prepend=-1))])
        return self if len(first) == len(self.units) else SplitSide(self.rows.take(first), None)

    @staticmethod
    def of(rows: BaselineRows, draws: Clusters, kept: KeptWhole) -> "SplitSide":
        """The side with the rows in a comparison with a split from which `kept` was kept whole."""
        units = units_of(rows, draws.families, kept)
        if units is not None:
            return SplitSide(rows, units, kept.groups or kept.windows)
        return SplitSide(
            rows, copies_of(rows.hashes, [sample.hashes for sample in draws.samples.values() if sample is not rows])
        )


@dataclass(frozen=True)
class SplitPair:
    """Train and another split. `train` and `other` hold one row of each draw, `with_copies` both as they are; `whole`
    is all of the other split."""

    dataset: AuditDataset
    draws: Clusters
    train: SplitSide
    other: SplitSide
    with_copies: tuple[SplitSide, SplitSide]
    whole: BaselineRows

    @property
    def name(self) -> str:
        """Name of the other split."""
        return self.whole.name

    @property
    def units(self) -> dict[str, int]:
        """How many draws, or groups, each side goes back to."""
        return {"train": count_draws(self.with_copies[0]), self.name: count_draws(self.with_copies[1])}

    @property
    def longest(self) -> int:
        """Tokens in the longest row of all of train; 0 without rows."""
        return int(self.dataset.train.lengths.max(initial=0))

    @property
    def sampled(self) -> dict[str, int]:
        """Rows that statistics on samples rest on, for evidence."""
        return {"train": self.train.rows.n_rows, self.name: self.other.rows.n_rows}

    def describe_rows(self) -> str:
        """Of which rows figures are that are not of all, as a sentence goes on; empty where they are."""
        parts = {self.name: (self.other, self.whole), "train": (self.train, self.dataset.train)}
        fewer = {name: (side.rows.n_rows, rows.n_rows) for name, (side, rows) in parts.items()}
        named = [f"{n:,} of {of:,} rows of {name}" for name, (n, of) in fewer.items() if n < of]
        drawn = any(self.draws.samples[name].n_rows < rows.n_rows for name, (_, rows) in parts.items())
        how = "drawn at random, copies once" if drawn else "copies once"
        return f"; counted in {' and '.join(named)} ({how})" if named else ""


def compare_splits(dataset: AuditDataset, draws: Clusters) -> tuple[SplitPair, ...]:
    """Every evaluation split with train; see `Analysis.comparisons`, which keeps the result."""
    found: list[SplitPair] = []
    for rows in dataset.evaluations:
        kept = draws.kept[rows.name]
        first, second = (SplitSide.of(draws.samples[name], draws, kept) for name in ("train", rows.name))
        found.append(SplitPair(dataset, draws, first.draws, second.draws, (first, second), rows))
    return tuple(found)


def match_classes(comparison: SplitPair) -> SplitPair | None:
    """The same with train's classes in the shares of the other split, as many rows as that leaves; None where it
    leaves too few or a class of the split is none of train's."""
    labels, wanted = comparison.train.rows.labels, comparison.other.rows.labels
    size = int(max(labels.max(initial=0), wanted.max(initial=0))) + 1
    have, want = np.bincount(labels, minlength=size), np.bincount(wanted, minlength=size)
    scale = float((have[want > 0] / want[want > 0]).min()) if want.any() else 0.0
    many = np.floor(scale * want + 1e-9).astype(np.int64)
    if many.sum() < FEWEST_ROWS:
        return None
    order = np.lexsort((generator(0, "shift", "matched", comparison.name).random(len(labels)), labels))
    rank = np.arange(len(labels)) - np.repeat(np.cumsum(have) - have, have)
    chosen = np.sort(order[rank < np.repeat(many, have)])
    return replace(comparison, train=comparison.train.take(chosen))


def count_draws(side: SplitSide, chosen: np.ndarray | None = None) -> int:
    """Number of draws that the chosen rows (bool (n_rows,), all where None) go back to."""
    if side.units is None:
        return side.rows.n_rows if chosen is None else int(chosen.sum())
    return len(np.unique(side.units if chosen is None else side.units[chosen]))
