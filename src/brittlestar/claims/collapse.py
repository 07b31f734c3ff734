"""Which runs collapsed: they stay in every mean, are counted, and make a verdict harder to reach."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from brittlestar.claims.pairing import Member, Pair
from brittlestar.core.metrics import metric_of
from brittlestar.statistics.estimates import count_units
from brittlestar.statistics.floors import FAR_ABOVE_TRIVIAL, NEAR_TRIVIAL
from brittlestar.statistics.proportions import bound_share
from brittlestar.study.claims import Claim


@dataclass(frozen=True)
class Collapse:
    """`collapsed` bool (n,): runs at the trivial score, or diverged, while another run of the variant is far above it;
    `unlearned`: no run of the variant is."""

    collapsed: np.ndarray
    unlearned: bool = False


@dataclass(frozen=True)
class CollapseRate:
    """How many of a variant's runs collapsed, with the exact 95 % interval for new seeds (Clopper and Pearson 1934)."""

    collapsed: int
    runs: int
    interval: tuple[float, float]


def find_collapses(pair: Pair, claim: Claim) -> dict[str, Collapse]:
    """Collapsed runs of every variant; those that diverged count where another run did not. A variant on several splits
    has collapsed where it has on all of them: a run that fails on one alone does not hold there, but it has learned."""
    found: dict[str, Collapse] = {}
    for member in pair.members:
        chance = member.on.chance_of(pair.metric) if claim.chance is None else claim.chance
        error = None if chance is None else _error(member, pair.metric, chance)
        collapse = collapse_of(member.scores, chance, error, claim.collapse_below, claim.higher_is_better)
        diverged = member.diverged
        if diverged.any() and not diverged.all():
            collapse = Collapse(collapse.collapsed | diverged)
        if (before := found.get(member.variant)) is not None:
            both = before.collapsed & collapse.collapsed
            collapse = Collapse(both, before.unlearned and collapse.unlearned)
        found[member.variant] = collapse
    return found


def count_collapses(collapses: Mapping[str, Collapse]) -> dict[str, CollapseRate]:
    """The rate of collapsed runs of each variant; nothing where none collapsed."""
    if not any_collapsed(collapses):
        return {}
    counts = {name: (int(collapse.collapsed.sum()), len(collapse.collapsed)) for name, collapse in collapses.items()}
    return {name: CollapseRate(hits, of, bound_share(hits, of)) for name, (hits, of) in counts.items()}


def compare_collapses(pair: Pair, collapses: Mapping[str, Collapse]) -> float | None:
    """P-value of equal rates of collapse on both sides, two-sided: of seeds where one side alone collapsed (McNemar
    1947, exact), or of independent runs (Fisher 1922). None where a side has no seeds, or nothing collapsed."""
    if not any_collapsed(collapses):
        return None
    sides = [_of_side(pair, collapses, side) for side in (1, -1)]
    if any(one is None for one in sides):
        return None
    first, second = (np.asarray(one) for one in sides)
    from scipy.stats import binomtest, fisher_exact

    if len(pair.blocks) > 1:
        counts = [[int(one.sum()), int((~one).sum())] for one in (first, second)]
        return float(fisher_exact(counts).pvalue)  # pyright: ignore[reportAttributeAccessIssue]
    alone = int((first & ~second).sum()), int((second & ~first).sum())
    return float(binomtest(alone[0], sum(alone)).pvalue) if sum(alone) else 1.0


def any_collapsed(collapses: Mapping[str, Collapse]) -> bool:
    """Whether any run of any variant collapsed."""
    return any(bool(collapse.collapsed.any()) for collapse in collapses.values())


def collapse_of(
    scores: np.ndarray, chance: float | None, error: np.ndarray | float | None, below: float | None, higher: bool
) -> Collapse:
    """Runs of one variant whose `scores` float64 (n,) collapsed.

    With `below` a run has collapsed where its score is no better than that and another run's is. Else, with `chance`
    and the standard `error` of a run that guesses, one or one a run: no more than 2 of them better than chance, while
    some run is more than 5 better. Without either none has. `higher` says which way is better.
    """
    sign = 1.0 if higher else -1.0
    if below is not None:
        low = sign * scores <= sign * below
        return Collapse(low & ~low.all(), bool(low.all()))
    if chance is None or error is None:
        return Collapse(np.zeros(len(scores), np.bool_))
    distance = sign * (scores - chance) / np.maximum(error, 1e-12)
    far = bool((distance > FAR_ABOVE_TRIVIAL).any())
    return Collapse((distance <= NEAR_TRIVIAL) & far, not far and bool((distance <= NEAR_TRIVIAL).all()))


def _error(member: Member, metric: str, chance: float) -> np.ndarray | float | None:
    """The standard error of a run that guesses on these very rows. The trivial score there is known; a guess is not. Of
    a fraction it is sqrt(c (1 - c) / units); of another metric, from how outcomes of each run vary over rows."""
    rows = member.on.n_rows(member.variant)
    if rows is None:
        return None
    units = count_units(member.on.groups, rows)
    if metric_of(metric).is_share:
        return float(np.sqrt(chance * (1 - chance) / units)) if 0 < chance < 1 else None
    table = member.on.table(member.variant, metric)
    return None if table is None or rows < 2 else table[member.picked].std(axis=1, ddof=1) / np.sqrt(units)


def _of_side(pair: Pair, collapses: Mapping[str, Collapse], side: int) -> np.ndarray | None:
    """bool (n,): runs of a side in which some variant collapsed; None where it has no seeds, or not the same ones."""
    own = [
        collapses[member.variant].collapsed for block in pair.blocks for member in block.members if member.side == side
    ]
    blocks = [block for block in pair.blocks if any(member.side == side for member in block.members)]
    return None if len(blocks) != 1 else np.logical_or.reduce(own)
