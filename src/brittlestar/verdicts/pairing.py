"""The runs of two arms, seed by seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brittlestar.core.errors import InputError
from brittlestar.core.metrics import metric_names
from brittlestar.study.claims import SPLIT_MARK
from brittlestar.verdicts.outcomes import Outcomes, Runs, Seed, seed_rank
from brittlestar.verdicts.scoring import Sums

PER_CENT = 1.5
"""A fraction above this is a per cent."""


@dataclass(frozen=True)
class Apart:
    """The second of two splits: its number of `rows`, and `groups` int64 (rows,) or None."""

    rows: int
    groups: np.ndarray | None


@dataclass(frozen=True)
class Pair:
    """`first` and `second` float64 (n,): the metric of the runs of both arms, one pair a seed. `table` float64 (n, m):
    paired differences row by row where the metric is a mean over rows; `sums`: both arms as sums over rows where it is
    not; `groups` int64 (m,) or None. `missing[arm]` are seeds that only the other arm has. Where the arms are on two
    splits, rows of both stand side by side in `table`, and `apart` are the groups of the second."""

    arm: str
    other: str
    seeds: tuple[Seed, ...]
    first: np.ndarray
    second: np.ndarray
    table: np.ndarray | None
    sums: tuple[Sums, Sums | None] | None
    groups: np.ndarray | None
    missing: dict[str, tuple[Seed, ...]]
    apart: Apart | None = None

    @property
    def differences(self) -> np.ndarray:
        """float64 (n,): arm - other by seed."""
        return self.first - self.second

    @property
    def rows(self) -> int | None:
        """Number of rows, None where only scores are known."""
        if self.table is not None:
            return self.table.shape[1]
        return None if self.sums is None else len(self.sums[0].shared)


def paired(outcomes: Outcomes, arm: str, other: str, metric: str) -> Pair:
    """Pair two arms by seed; one that is a constant is the same in every pair. Raises InputError where an arm is not
    there, where its scores are no such metric, and where no seed is in both."""
    if SPLIT_MARK in other or SPLIT_MARK in arm:
        return _paired_across(outcomes, arm, other, metric)
    swapped = arm in outcomes.constants
    name, against = (other, arm) if swapped else (arm, other)
    runs = outcomes.arm(name)
    if against in outcomes.constants:
        seeds, missing = runs.seeds, {name: runs.lost} if runs.lost else {}
        pick = second_pick = np.arange(len(seeds))
    else:
        rest = outcomes.arm(against)
        seeds, missing = _common(name, runs, against, rest)
        pick = np.asarray([runs.seeds.index(seed) for seed in seeds], np.int64)
        second_pick = np.asarray([rest.seeds.index(seed) for seed in seeds], np.int64)
    first = outcomes.scores(name, metric)[pick]
    table = outcomes.table(name, metric)
    sums = outcomes.sums(name, metric)
    mine = None if table is None else table[pick]
    if against in outcomes.constants:
        second = np.full(len(seeds), outcomes.constants[against])
        difference = None if mine is None else mine - outcomes.constants[against]
        both: tuple[Sums, Sums | None] | None = None if sums is None else (_taken(sums, pick), None)
    else:
        second = outcomes.scores(against, metric)[second_pick]
        theirs = outcomes.table(against, metric)
        difference = None if mine is None or theirs is None else mine - theirs[second_pick]
        rest_sums = outcomes.sums(against, metric)
        both = None if sums is None or rest_sums is None else (_taken(sums, pick), _taken(rest_sums, second_pick))
    _check_scale(metric, {name: first, against: second})
    found = Pair(name, against, seeds, first, second, difference, both, outcomes.groups, missing)
    return _turned(found) if swapped else found


def _paired_across(outcomes: Outcomes, arm: str, other: str, metric: str) -> Pair:
    """Pair the runs of two arms on two splits by seed: `ARM@SPLIT` is an arm on a split of its own."""
    (name, here), (against, there) = (_placed(outcomes, one) for one in (arm, other))
    runs, rest = here.arm(name), there.arm(against)
    seeds, missing = _common(arm, runs, other, rest)
    pick = np.asarray([runs.seeds.index(seed) for seed in seeds], np.int64)
    second_pick = np.asarray([rest.seeds.index(seed) for seed in seeds], np.int64)
    first, second = here.scores(name, metric)[pick], there.scores(against, metric)[second_pick]
    _check_scale(metric, {arm: first, other: second})
    mine, theirs = here.table(name, metric), there.table(against, metric)
    sums = here.sums(name, metric), there.sums(against, metric)
    table: np.ndarray | None = None
    both: tuple[Sums, Sums | None] | None = None
    apart: Apart | None = None
    groups = here.groups
    if mine is not None and theirs is not None:
        table = _side_by_side(mine[pick], theirs[second_pick])
        groups = _two_groups((here.groups, mine.shape[1]), (there.groups, theirs.shape[1]))
    elif sums[0] is not None and sums[1] is not None:
        both = _taken(sums[0], pick), _taken(sums[1], second_pick)
        apart = Apart(len(sums[1].shared), there.groups)
    return Pair(arm, other, seeds, first, second, table, both, groups, missing, apart)


def _placed(outcomes: Outcomes, name: str) -> tuple[str, Outcomes]:
    """The arm of `ARM@SPLIT` and its outcomes. Raises InputError where only a study has splits."""
    arm, _, split = name.partition(SPLIT_MARK)
    if not split:
        return arm, outcomes
    if split not in outcomes.elsewhere:
        what = f"'{name}' is an arm on split '{split}', of which nothing is known here"
        raise InputError(what, "claim", "only a study has several splits: brittlestar judge STUDY")
    return arm, outcomes.elsewhere[split]


def _side_by_side(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Rows of two splits, float64 (n, m) and (n, k), as one table (n, m + k) whose mean is mean(first) - mean(second)
    and whose rows vary as far as they make these means vary: each row is its linearisation within its split, as in
    stratified sampling (Cochran 1977, chapter 5)."""
    (m, k), difference = (first.shape[1], second.shape[1]), first.mean(axis=1) - second.mean(axis=1)
    parts = [
        sign * (m + k) / size * (table - table.mean(axis=1, keepdims=True))
        for sign, size, table in ((1.0, m, first), (-1.0, k, second))
    ]
    return np.concatenate(parts, axis=1) + difference[:, None]


def _two_groups(*splits: tuple[np.ndarray | None, int]) -> np.ndarray | None:
    """Groups of the rows of two splits side by side; None where neither has groups."""
    if all(groups is None for groups, _ in splits):
        return None
    first, second = (np.arange(rows) if groups is None else groups for groups, rows in splits)
    return np.concatenate([first, second + first.max(initial=0) + 1])


def _turned(pair: Pair) -> Pair:
    table = None if pair.table is None else -pair.table
    return Pair(pair.other, pair.arm, pair.seeds, pair.second, pair.first, table, None, pair.groups, pair.missing)


def _taken(sums: Sums, pick: np.ndarray) -> Sums:
    return Sums(sums.runs[pick], sums.shared, sums.combine)


def _common(name: str, runs: Runs, against: str, rest: Runs) -> tuple[tuple[Seed, ...], dict[str, tuple[Seed, ...]]]:
    """Seeds of both arms, and those missing in either. Seeds behind the last common one that one arm alone has were
    not run yet in the other, and are no loss."""
    both = [seed for seed in runs.seeds if seed in set(rest.seeds)]
    if not both:
        what = f"'{name}' and '{against}' have no seed in common"
        raise InputError(what, "claim", "runs are compared in pairs: give both arms the same seeds")
    order = sorted({*runs.seeds, *rest.seeds, *runs.lost, *rest.lost}, key=seed_rank)
    last = order.index(both[-1])
    lost = (*runs.lost, *rest.lost)
    considered = [seed for k, seed in enumerate(order) if k <= last or seed in lost]
    missing = {
        arm: tuple(seed for seed in considered if seed not in own.seeds) for arm, own in ((name, runs), (against, rest))
    }
    return tuple(both), {arm: gone for arm, gone in missing.items() if gone}


def _check_scale(metric: str, scores: dict[str, np.ndarray]) -> None:
    """Scores of a fraction must be fractions."""
    if metric not in metric_names(("shape", "colour")) or metric == "log_loss":
        return
    for arm, values in scores.items():
        if values.max(initial=0.0) > PER_CENT or values.min(initial=0.0) < 0:
            what = f"{metric} of '{arm}' lies between {values.min():g} and {values.max():g}"
            raise InputError(what, "outcomes", "it is a fraction: 93.1 % is 0.931, and a claim's 1 point is 0.01")


def with_missing_filled(pair: Pair, bounds: tuple[float, float]) -> Sequence[np.ndarray]:
    """Per-seed differences with every missing pair filled in the worst and in the best way for the arm: two float64
    arrays. `bounds` are the smallest and largest score a run can have."""
    low, high = bounds
    gone = [seed for seeds in pair.missing.values() for seed in seeds]
    extra = len(dict.fromkeys(gone))
    return [np.r_[pair.differences, np.full(extra, value)] for value in (low - high, high - low)] if extra else []
