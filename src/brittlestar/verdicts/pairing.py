"""The runs on both sides of a claim, seed by seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from brittlestar.core.errors import InputError
from brittlestar.study.metric_names import is_fraction
from brittlestar.study.sides import terms
from brittlestar.verdicts.outcomes import Outcomes, Runs, Seed, seed_rank
from brittlestar.verdicts.scoring import Sums

PER_CENT = 1.5
"""A fraction above this is a per cent."""


@dataclass(frozen=True)
class Member:
    """One variant of a pair: how it is written, its sign in the difference, its `scores` float64 (n,), one a seed of
    the pair, its runs, and the outcomes of the split that it is on."""

    label: str
    sign: int
    arm: str
    scores: np.ndarray
    runs: Runs
    on: Outcomes
    picked: np.ndarray

    @property
    def diverged(self) -> np.ndarray:
        """bool (n,): which of these runs diverged."""
        return np.asarray([self.runs.seeds[k] in self.runs.diverged for k in self.picked], np.bool_)


@dataclass(frozen=True)
class Resampling:
    """What a difference is on one split, for a metric that is no mean over rows: signed sums of its variants, whose
    rows are drawn together; `groups` int64 (m,) are rows drawn together, or None."""

    parts: tuple[tuple[int, Sums], ...]
    groups: np.ndarray | None

    @property
    def rows(self) -> int:
        """Rows of the split."""
        return len(self.parts[0][1].shared)

    @property
    def units(self) -> int:
        """What is drawn: rows, or groups of them."""
        return self.rows if self.groups is None else len(np.unique(self.groups))


@dataclass(frozen=True)
class Pair:
    """`first` and `second` float64 (n,): the metric on both sides of a claim, one pair a seed; `members` are the
    variants that they are made of. `table` float64 (n, m): paired differences row by row where the metric is a mean
    over rows, those of several splits side by side, with `groups` int64 (m,) or None; where it is none, `resampling`
    has each split's. `missing[variant]` are seeds that only other variants have; `constant` is what variants that are
    one number add to the difference."""

    seeds: tuple[Seed, ...]
    first: np.ndarray
    second: np.ndarray
    members: tuple[Member, ...]
    table: np.ndarray | None
    groups: np.ndarray | None
    resampling: tuple[Resampling, ...]
    missing: dict[str, tuple[Seed, ...]]
    constant: float

    @property
    def differences(self) -> np.ndarray:
        """float64 (n,): first - second by seed."""
        return self.first - self.second

    @property
    def gone(self) -> int:
        """How many pairs of runs are missing."""
        return len({seed for seeds in self.missing.values() for seed in seeds})

    def first_seeds(self, n: int) -> Pair:
        """The first n pairs of runs alone."""
        table = None if self.table is None else self.table[:n]
        return replace(self, seeds=self.seeds[:n], first=self.first[:n], second=self.second[:n], table=table)

    @property
    def rows(self) -> int | None:
        """Number of rows over all splits, None where only scores are known."""
        if self.table is not None:
            return self.table.shape[1]
        return sum(one.rows for one in self.resampling) or None


def paired(outcomes: Outcomes, arm: str, other: str, metric: str) -> Pair:
    """Pair both sides of a claim by seed; a variant that is a constant is the same in every pair. Raises InputError
    where a variant is not there, where its scores are no such metric, and where no seed is in all of them."""
    named = [(place, term) for place, side in ((1, arm), (-1, other)) for term in terms(side)]
    constants = {term.label: outcomes.constants[term.label] for _, term in named if term.label in outcomes.constants}
    real = [(place, term, _placed(outcomes, term.split, term.label)) for place, term in named]
    real = [one for one in real if one[1].label not in constants]
    if not real:
        outcomes.arm(named[0][1].arm)  # which says what variants there are
    runs = [on.arm(term.arm) for _, term, on in real]
    seeds, missing = _common({term.label: own for (_, term, _), own in zip(real, runs, strict=True)}, outcomes.alike)
    members: list[Member] = []
    for (place, term, on), own in zip(real, runs, strict=True):
        at = {seed: k for k, seed in enumerate(own.seeds)}
        picked = np.asarray([at[seed] for seed in seeds], np.int64)
        scores = on.scores(term.arm, metric)[picked]
        members.append(Member(term.label, place * term.sign, term.arm, scores, own, on, picked))
    _check_scale(metric, {**{one.label: one.scores for one in members}, **_as_arrays(constants)})
    sides = {1: np.zeros(len(seeds)), -1: np.zeros(len(seeds))}
    for place, term in named:
        own = next((one.scores for one in members if one.label == term.label), constants.get(term.label))
        sides[place] = sides[place] + term.sign * np.asarray(own)
    constant = sum(place * term.sign * constants[term.label] for place, term in named if term.label in constants)
    table, groups, resampling = _over_rows(members, metric, constant)
    return Pair(seeds, sides[1], sides[-1], tuple(members), table, groups, resampling, missing, float(constant))


def _as_arrays(constants: dict[str, float]) -> dict[str, np.ndarray]:
    return {name: np.asarray([value]) for name, value in constants.items()}


def _placed(outcomes: Outcomes, split: str, label: str) -> Outcomes:
    """The outcomes of a split that a claim names. Raises InputError where only a study has splits."""
    if not split:
        return outcomes
    if split not in outcomes.elsewhere:
        what = f"'{label}' is a variant on split '{split}', of which nothing is known here"
        raise InputError(what, "claim", "only a study has several splits: brittlestar judge STUDY")
    return outcomes.elsewhere[split]


def _over_rows(
    members: Sequence[Member], metric: str, constant: float
) -> tuple[np.ndarray | None, np.ndarray | None, tuple[Resampling, ...]]:
    """The difference row by row, as a table with its groups or as what is resampled; nothing where only scores are
    known."""
    places: dict[int, list[Member]] = {}
    for member in members:
        places.setdefault(id(member.on.arms), []).append(member)
    tables = [_table(here, metric) for here in places.values()]
    known = [one for one in tables if one is not None]
    splits = [here[0].on for here in places.values()]
    if len(known) == len(tables):
        if len(known) == 1:
            return known[0] + constant if constant else known[0], splits[0].groups, ()
        sizes = [(on.groups, table.shape[1]) for on, table in zip(splits, known, strict=True)]
        return side_by_side(known) + constant, _all_groups(sizes), ()
    found: list[Resampling] = []
    for here in places.values():
        sums = [(one.sign, one.on.sums(one.arm, metric), one.picked) for one in here]
        parts = tuple((sign, _taken(own, picked)) for sign, own, picked in sums if own is not None)
        if len(parts) < len(sums):
            return None, None, ()
        found.append(Resampling(parts, here[0].on.groups))
    return None, None, tuple(found)


def _table(members: Sequence[Member], metric: str) -> np.ndarray | None:
    """Signed sum of the tables of variants on one split, float64 (n, m)."""
    total: np.ndarray | None = None
    for one in members:
        own = one.on.table(one.arm, metric)
        if own is None:
            return None
        mine = own if np.array_equal(one.picked, np.arange(len(own))) else own[one.picked]
        signed = mine if one.sign > 0 else -mine
        total = signed if total is None else total + signed
    return total


def side_by_side(tables: Sequence[np.ndarray]) -> np.ndarray:
    """Signed tables of several splits, float64 (n, m) each, as one (n, sum of m) whose mean is the sum of their means
    and whose rows vary as far as they make these means vary: each row is its linearisation within its split, as in
    stratified sampling (Cochran 1977, chapter 5)."""
    rows = sum(table.shape[1] for table in tables)
    total = np.sum([table.mean(axis=1) for table in tables], axis=0)
    parts = [rows / table.shape[1] * (table - table.mean(axis=1, keepdims=True)) for table in tables]
    return np.concatenate(parts, axis=1) + total[:, None]


def _all_groups(splits: Sequence[tuple[np.ndarray | None, int]]) -> np.ndarray | None:
    """Groups of the rows of several splits side by side; None where none has groups."""
    if all(groups is None for groups, _ in splits):
        return None
    found: list[np.ndarray] = []
    free = 0
    for groups, rows in splits:
        own = np.arange(rows) if groups is None else groups
        found.append(own + free)
        free += int(own.max(initial=0)) + 1
    return np.concatenate(found)


def _taken(sums: Sums, pick: np.ndarray) -> Sums:
    return Sums(sums.runs[pick], sums.shared, sums.combine)


def _common(arms: dict[str, Runs], alike: bool) -> tuple[tuple[Seed, ...], dict[str, tuple[Seed, ...]]]:
    """Seeds of all variants, and those missing in some. Unless all are `alike`, seeds behind the last common one that
    only some variants have were not run yet in the others, and are no loss."""
    first, *others = arms.values()
    theirs = [set(one.seeds) for one in others]
    both = [seed for seed in first.seeds if all(seed in own for own in theirs)]
    if not both:
        names = " and ".join(f"'{name}'" for name in arms)
        what = f"{names} have no seed in common" if others else f"{names} has no run"
        raise InputError(what, "claim", "runs are compared in pairs: give all variants the same seeds")
    lost = {seed for one in arms.values() for seed in one.lost}
    order = sorted({seed for one in arms.values() for seed in one.seeds} | lost, key=seed_rank)
    last = order.index(both[-1])
    considered = [seed for k, seed in enumerate(order) if alike or k <= last or seed in lost]
    known = {name: set(own.seeds) for name, own in arms.items()}
    missing = {name: tuple(seed for seed in considered if seed not in own) for name, own in known.items()}
    return tuple(both), {name: gone for name, gone in missing.items() if gone}


def _check_scale(metric: str, scores: dict[str, np.ndarray]) -> None:
    """Scores of a fraction must be fractions."""
    if not is_fraction(metric):
        return
    for arm, values in scores.items():
        if values.max(initial=0.0) > PER_CENT or values.min(initial=0.0) < 0:
            what = f"{metric} of '{arm}' lies between {values.min():g} and {values.max():g}"
            raise InputError(what, "outcomes", "it is a fraction: 93.1 % is 0.931, and a claim's 1 point is 0.01")


def longer(pair: Pair, differences: np.ndarray) -> Pair:
    """The pair with more runs: `differences` float64 (more,), its own first, each new one the same in every row."""
    more = differences[len(pair.seeds) :]
    table = pair.table
    if table is not None:
        table = np.concatenate([table, np.repeat(more[:, None], table.shape[1], axis=1)])
    return replace(
        pair,
        seeds=(*pair.seeds, *(f"filled {k}" for k in range(len(more)))),
        first=np.r_[pair.first, more],
        second=np.r_[pair.second, np.zeros(len(more))],
        table=table,
    )


def with_missing_filled(pair: Pair, bounds: tuple[float, float]) -> Sequence[np.ndarray]:
    """Per-seed differences with every missing pair filled in the worst and in the best way for the first side: two
    float64 arrays. `bounds` are the smallest and largest score a run can have."""
    low, high = bounds
    gone = {seed for seeds in pair.missing.values() for seed in seeds}
    worst = pair.constant + sum(low if one.sign > 0 else -high for one in pair.members)
    best = pair.constant + sum(high if one.sign > 0 else -low for one in pair.members)
    return [np.r_[pair.differences, np.full(len(gone), value)] for value in (worst, best)] if gone else []
