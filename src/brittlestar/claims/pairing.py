"""The runs on both sides of a claim, with what is drawn together, and the difference row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from brittlestar.claims.outcomes import Outcomes, Runs, Seed, seed_rank
from brittlestar.core.errors import InputError
from brittlestar.core.metrics import metric_of
from brittlestar.statistics.row_bounds import SplitRows
from brittlestar.study.claims import Pairing
from brittlestar.study.sides import Term, terms


@dataclass(frozen=True)
class Member:
    """One variant of a claim: how it is written, its sign in the difference, the side that it is on (1 or -1), its
    `scores` float64 (n,), one a run of its block, which of its runs these are, `picked` int64 (n,), and the outcomes of
    the split that it is `on`. `exact` says that nothing but its score is known, which is taken as exact; the last
    `filled` scores are of runs that are missing, and have that score in every row."""

    label: str
    sign: int
    side: int
    variant: str
    scores: np.ndarray
    on: Outcomes
    picked: np.ndarray
    exact: bool = False
    filled: int = 0

    @property
    def diverged(self) -> np.ndarray:
        """bool (n,): which of these runs diverged."""
        runs = self.on.find_runs(self.variant)
        return np.asarray([runs.seeds[k] in runs.diverged for k in self.picked.tolist()], np.bool_)

    def take(self, kept: np.ndarray) -> Member:
        """The runs at some places, int64, alone."""
        return replace(self, scores=self.scores[kept], picked=self.picked[kept])


@dataclass(frozen=True)
class Block:
    """Variants whose runs share luck, seed by seed: all of a claim where it is paired, each by itself where it is not.

    `order` are the planned seeds, lost ones among them; `seeds` those that every variant has. `missing[label]` are
    seeds that this variant lacks.
    """

    order: tuple[Seed, ...]
    seeds: tuple[Seed, ...]
    members: tuple[Member, ...]
    missing: Mapping[str, tuple[Seed, ...]]

    @property
    def values(self) -> np.ndarray:
        """float64 (n,): what each run adds to the difference."""
        return sum((member.sign * member.scores for member in self.members), np.zeros(len(self.seeds)))

    @property
    def lost(self) -> int:
        """Planned runs that are not there."""
        return len(self.order) - len(self.seeds)

    def take_first(self, planned: int) -> Block:
        """The first planned runs alone, as far as they are there."""
        order = self.order[:planned]
        here = set(order)
        found = self.take(np.flatnonzero([seed in here for seed in self.seeds]))
        cut = {label: tuple(seed for seed in gone if seed in here) for label, gone in self.missing.items()}
        return replace(found, order=order, missing={label: gone for label, gone in cut.items() if gone})

    def take(self, kept: np.ndarray) -> Block:
        """The runs at some places, int64, alone; nothing counts as lost by that."""
        if len(kept) == len(self.seeds):
            return self
        seeds = tuple(self.seeds[k] for k in kept.tolist())
        return replace(self, seeds=seeds, members=tuple(member.take(kept) for member in self.members))


@dataclass(frozen=True)
class Pair:
    """Both sides of a claim under a metric: `blocks` of runs that were drawn by seed, one where the sides are paired,
    and `seedless` variants, whose one run stands for every seed."""

    metric: str
    blocks: tuple[Block, ...]
    seedless: tuple[Member, ...]

    @property
    def n(self) -> int:
        """Runs of the side that has the fewest."""
        return min(len(block.seeds) for block in self.blocks)

    @property
    def planned(self) -> int:
        """Runs that were planned, lost ones counted, of the side that has the fewest."""
        return min(len(block.order) for block in self.blocks)

    @property
    def members(self) -> tuple[Member, ...]:
        """Every variant with runs by seed."""
        return tuple(member for block in self.blocks for member in block.members)

    @property
    def offset(self) -> float:
        """What variants without seeds add to the difference."""
        return sum(one.sign * float(one.scores[0]) for one in self.seedless)

    @property
    def value(self) -> float:
        """The mean difference, first side − second side."""
        return sum(float(block.values.mean()) for block in self.blocks) + self.offset

    @property
    def reach(self) -> tuple[float, float]:
        """The least and the most that the difference can be."""
        low, high = metric_of(self.metric).range
        signs = [one.sign for one in (*self.members, *self.seedless)]
        up, down = signs.count(1), signs.count(-1)
        return up * low - down * high, up * high - down * low

    @property
    def differences(self) -> np.ndarray | None:
        """float64 (n,): first − second by seed; None where the sides are not paired."""
        return self.blocks[0].values + self.offset if len(self.blocks) == 1 else None

    @property
    def missing(self) -> dict[str, tuple[Seed, ...]]:
        """Seeds that a variant lacks, by variant."""
        return {label: seeds for block in self.blocks for label, seeds in block.missing.items()}

    @property
    def places(self) -> list[list[Member]]:
        """Variants with outcomes, by the split that they are on."""
        found: dict[int, list[Member]] = {}
        for one in (*self.members, *self.seedless):
            if not one.exact:
                found.setdefault(id(one.on.variants), []).append(one)
        return list(found.values())

    @property
    def rows(self) -> int | None:
        """Number of rows over all splits, None where only scores are known."""
        sizes = [[one.on.n_rows(one.variant) for one in here] for here in self.places]
        known = [size for size in (here[0] for here in sizes) if size is not None]
        return sum(known) if all(None not in here for here in sizes) else None

    def side(self, side: int) -> np.ndarray | None:
        """float64 (n,): the metric of each run on one side, 1 or -1; None where its variants are not paired."""
        blocks = [block for block in self.blocks if any(member.side == side for member in block.members)]
        if len(blocks) > 1:
            return None
        mine = [member for block in blocks for member in block.members if member.side == side]
        fixed = sum(side * one.sign * float(one.scores[0]) for one in self.seedless if one.side == side)
        n = len(blocks[0].seeds) if blocks else self.n
        return sum((side * one.sign * one.scores for one in mine), np.full(n, fixed))

    def take_first(self, planned: int) -> Pair:
        """The first planned runs of each side alone."""
        return replace(self, blocks=tuple(block.take_first(planned) for block in self.blocks))

    def take(self, kept: Sequence[np.ndarray]) -> Pair:
        """Some runs of each block, by their places, int64."""
        return replace(self, blocks=tuple(block.take(k) for block, k in zip(self.blocks, kept, strict=True)))


def pair_runs(outcomes: Outcomes, variant: str, other: str, metric: str, pairing: Pairing | None = None) -> Pair:
    """The runs on both sides of a claim, paired by seed unless `pairing` says that sides are `independent`.

    Where each side has a single run, the two are a pair whatever their seeds are. Raises InputError where a variant is
    not there, and where no seed is in all of them.
    """
    named = [(side, term) for side, text in ((1, variant), (-1, other)) for term in terms(text)]
    exact = {
        term.label for _, term in named if term.label in outcomes.constants and term.variant not in outcomes.variants
    }
    real = [(side, term, _place(outcomes, term)) for side, term in named if term.label not in exact]
    seeded = [one for one in real if one[1].variant not in one[2].seedless]
    if not seeded:
        outcomes.find_runs(named[0][1].variant)  # which says what variants there are
        raise InputError("no variant of the claim has seeds", "claim", "compare a variant that was trained")
    if pairing == "independent":
        names = dict.fromkeys(term.variant for _, term, _ in seeded)
        sides = [[one for one in seeded if one[1].variant == name] for name in names]
    else:
        sides = [seeded]
    blocks = tuple(_block(side, outcomes.alike and pairing != "independent", metric) for side in sides)
    whole = np.zeros(1, np.int64)
    seedless = [_member(side, term, on, whole, metric) for side, term, on in real if term.variant in on.seedless]
    for side, term in named:
        if term.label in exact:
            score = np.asarray([outcomes.constants[term.label]], np.float64)
            seedless.append(
                Member(term.label, side * term.sign, side, term.variant, score, outcomes, whole, exact=True)
            )
    return Pair(metric, blocks, tuple(seedless))


Placed = tuple[int, Term, Outcomes]  # a side, 1 or -1; a variant of it; and the outcomes of the split that it is on


def _block(seeded: Sequence[Placed], alike: bool, metric: str) -> Block:
    runs = {term.label: on.find_runs(term.variant) for _, term, on in seeded}
    order, seeds, missing = _common(runs, alike)
    picked = {label: np.zeros(1, np.int64) for label in runs}
    if seeds is None:  # one run on each side, by different seeds
        order = seeds = next(iter(runs.values())).seeds
    else:
        for label, run in runs.items():
            at = {seed: k for k, seed in enumerate(run.seeds)}
            picked[label] = np.asarray([at[seed] for seed in seeds], np.int64)
    members = (_member(side, term, on, picked[term.label], metric) for side, term, on in seeded)
    return Block(order, seeds, tuple(members), missing)


def _member(side: int, term: Term, on: Outcomes, picked: np.ndarray, metric: str) -> Member:
    scores = on.scores(term.variant, metric)[picked]
    return Member(term.label, side * term.sign, side, term.variant, scores, on, picked)


def _place(outcomes: Outcomes, term: Term) -> Outcomes:
    """The outcomes of the split that a term names. Raises InputError where only a study has splits."""
    if not term.split:
        return outcomes
    if term.split not in outcomes.elsewhere:
        what = f"'{term.label}' is a variant on split '{term.split}', of which nothing is known here"
        raise InputError(what, "claim", "only a study has several splits: judge its folder")
    return outcomes.elsewhere[term.split]


def _common(
    variants: Mapping[str, Runs], alike: bool
) -> tuple[tuple[Seed, ...], tuple[Seed, ...] | None, dict[str, tuple[Seed, ...]]]:
    """The planned seeds, those of all variants, and those missing in some. Unless all are `alike`, seeds behind the
    last common one that only some variants have were not run yet in the others, and are no loss. None in place of the
    common seeds where there is none and each variant has a single run."""
    first, *others = variants.values()
    theirs = [set(one.seeds) for one in others]
    both = [seed for seed in first.seeds if all(seed in own for own in theirs)]
    if not both:
        if others and all(len(variant.seeds) == 1 for variant in variants.values()):
            return (), None, {}
        names = " and ".join(f"'{name}'" for name in variants)
        what = f"{names} have no seed in common" if others else f"{names} has no run"
        raise InputError(what, "claim", "they are no pairs: judge them with {claim: …, pairing: independent}")
    lost = {seed for variant in variants.values() for seed in variant.lost}
    order = sorted({seed for variant in variants.values() for seed in variant.seeds} | lost, key=seed_rank)
    last = order.index(both[-1])
    planned = tuple(seed for k, seed in enumerate(order) if alike or k <= last or seed in lost)
    known = {name: set(variant.seeds) for name, variant in variants.items()}
    missing = {name: tuple(seed for seed in planned if seed not in own) for name, own in known.items()}
    return planned, tuple(both), {name: gone for name, gone in missing.items() if gone}


def read_rows(pair: Pair) -> tuple[SplitRows, ...]:
    """The difference row by row; nothing where only scores are known."""
    found = [_split_rows(pair, here) for here in pair.places]
    known = [one for one in found if one is not None]
    return tuple(known) if len(known) == len(found) else ()


def _split_rows(pair: Pair, here: Sequence[Member]) -> SplitRows | None:
    """The variants of one split; None where one of them has scores alone."""
    size = here[0].on.n_rows(here[0].variant)
    whole = [(member, member.on.table(member.variant, pair.metric)) for member in here]
    if size is None or any(table is None for _, table in whole):
        return None
    tables = {id(one): _of_runs(one, table) for one, table in whole if table is not None}
    found: list[np.ndarray] = []
    for block in pair.blocks:
        mine = [member.sign * tables[id(member)] for member in block.members if id(member) in tables]
        none = np.broadcast_to(0.0, (len(block.seeds), size))
        found.append(sum(mine[1:], mine[0]) if mine else none)
    fixed = sum((one.sign * tables[id(one)][0] for one in pair.seedless if id(one) in tables), np.zeros(size))
    signs = [member.sign for member in here]
    fraction = metric_of(pair.metric).is_share and metric_of(pair.metric).additive
    bounded = all(_is_bounded(table, fraction) for table in tables.values())
    reach = (float(-signs.count(-1)), float(signs.count(1))) if bounded else None
    return SplitRows(tuple(found), fixed, here[0].on.groups, reach, tuple(one.mean(axis=0) for one in tables.values()))


def _is_bounded(table: np.ndarray, fraction: bool) -> bool:
    """Whether outcomes can only lie between 0 and 1: those of a fraction that do, and those that are 0 or 1."""
    inside = table.min(initial=0) >= 0 and table.max(initial=1) <= 1
    return bool(inside and (fraction or np.isin(table, (0.0, 1.0)).all()))


def _of_runs(member: Member, table: np.ndarray) -> np.ndarray:
    mine = table if np.array_equal(member.picked, np.arange(len(table))) else table[member.picked]
    if not member.filled:
        return mine
    return np.concatenate(
        [mine, np.broadcast_to(member.scores[-member.filled :, None], (member.filled, table.shape[1]))]
    )
