"""What speaks against a verdict: second opinions, collapsed runs, and missing runs, which must not change it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from brittlestar.claims.collapse import any_collapsed
from brittlestar.claims.judgement import SecondOpinions
from brittlestar.claims.measuring import (
    FEWEST_UNCHANGED,
    ClaimInput,
    ClaimTest,
    DifferenceEstimate,
    count_row_units,
    weigh,
)
from brittlestar.claims.pairing import Block, Pair, read_rows
from brittlestar.claims.sentences import too_few_seeds
from brittlestar.claims.settling import SEEDS_WITH_COLLAPSE
from brittlestar.core.metrics import metric_of
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.statistics.randomisation import (
    find_permutation_p,
    find_share_above,
    find_sign_flip_p,
    find_superiority,
)
from brittlestar.statistics.row_bounds import BoundedEstimate
from brittlestar.study.claims import Claim


def find_opinions(claim: Claim, pair: Pair, value: float) -> SecondOpinions | None:
    """Second opinions on the side of the threshold that the estimate lies on; None for claims of equality, and for
    sides of several variants that are not paired."""
    first, second = pair.side(1), pair.side(-1)
    if claim.relation != ">" or first is None or second is None:
        return None
    side = 1.0 if value >= claim.threshold else -1.0
    better = find_superiority(first, second)
    if pair.differences is None:
        near, far = side * (first - claim.threshold), side * second
        return SecondOpinions(find_permutation_p(near, far), find_superiority(near, far), better)
    distances = side * (pair.differences - claim.threshold)
    return SecondOpinions(find_sign_flip_p(distances), find_share_above(distances), better)


NEGLIGIBLE = 1e-12  # rounding of double precision
ALIKE = "both variants have the same outcome in every run: they may be the same thing"
"""Why nothing is decided, where no exact interval says what rows without a difference show; else a note."""


def why_unjudged(case: ClaimInput, found: ClaimTest) -> str:
    """Why a claim cannot be settled by these runs, or an empty text."""
    if degenerate := _find_degeneracy(case.pair, found.measured):
        return degenerate
    if case.claim.population == "this-model":
        return ""
    if case.pair.n < MIN_SEEDS:
        return too_few_seeds(case.pair.n)
    if case.plan.reached is None and not case.plan.anytime:
        return f"its first look is planned at {case.claim.looks[0]} seeds, and {case.pair.n} are there"
    if not np.isfinite(found.interval[0]):
        return f"{case.pair.n} seeds are too few for an interval that holds wherever one stops"
    return ""


def find_objections(case: ClaimInput, found: ClaimTest, opinions: SecondOpinions | None) -> list[str]:
    """Why a verdict does not hold."""
    if found.verdict == "inconclusive" or case.claim.population == "this-model":
        return []
    against: list[str] = []
    if not found.measured.unchanged:
        against += _doubts(case, opinions)
    if case.pair.missing:
        filled = (weigh(case, pair).verdict for pair in fill_missing(case.pair))
        if any(verdict != found.verdict for verdict in filled):
            gone = ", ".join(f"{variant} {', '.join(map(str, seeds))}" for variant, seeds in case.pair.missing.items())
            against.append(f"runs are missing ({gone}), and filling them in at their worst or best changes the verdict")
    return against


def _doubts(case: ClaimInput, opinions: SecondOpinions | None) -> list[str]:
    found: list[str] = []
    if opinions is not None and opinions.above < 0.5:
        found.append(f"only {opinions.above:.0%} of the seeds lie on the side that their mean does")
    if opinions is not None and opinions.sign_flip > 0.5:
        found.append("the sign-flip test points the other way")
    if any_collapsed(case.collapses):
        if case.pair.n < SEEDS_WITH_COLLAPSE:
            found.append(f"with collapsed runs a verdict needs {SEEDS_WITH_COLLAPSE} seeds")
        elif opinions is not None and opinions.sign_flip > case.plan.level:
            found.append("with collapsed runs a verdict needs a sign-flip test that agrees")
    return found


def _find_degeneracy(pair: Pair, measured: DifferenceEstimate) -> str:
    """Why the outcomes cannot be judged at all, or an empty text."""
    if measured.unfit:
        return measured.unfit
    if pair.rows == 1:
        return "one row is no evidence about anything but itself"
    if are_alike(pair):
        return "" if isinstance(measured.estimate, BoundedEstimate) else ALIKE
    if measured.estimate.se > _find_negligible(pair):
        return ""
    splits = read_rows(pair)
    if not measured.unchanged and measured.population != "this-model":
        more = "" if splits else "; give outcomes row by row"
        return f"every seed shows the same difference, so that its spread over seeds is not known{more}"
    units = count_row_units(splits) if splits else measured.units or 0
    if units < FEWEST_UNCHANGED:
        least = f"with {units} rows or groups that shows little, {FEWEST_UNCHANGED} are the least"
        return f"neither seeds nor rows change anything; {least}"
    if measured.population == "fixed-test-set" or isinstance(measured.estimate, BoundedEstimate):
        return ""
    return "nothing varies, so that there is nothing to judge by"


def _find_negligible(pair: Pair) -> float:
    scores = [float(np.abs(one.scores).max()) for one in (*pair.members, *pair.seedless)]
    return NEGLIGIBLE * max(np.finfo(float).tiny, *scores)


def are_alike(pair: Pair) -> bool:
    """Whether both sides have the same outcome in every run, and in every row where these are known. A variant that
    answers as a trivial baseline does is no second copy of it."""
    if pair.seedless:
        return False
    negligible, splits = _find_negligible(pair), read_rows(pair)
    values = [block.values for block in pair.blocks]
    if abs(pair.value) > negligible or max(float(np.ptp(value)) for value in values) > negligible:
        return False
    if len(values) == 1:
        return not any(bool(split.tables[0].any()) for split in splits)
    varied = any(bool(np.ptp(table, axis=0).any()) for split in splits for table in split.tables)
    return not varied and not any(bool(split.mean.any()) for split in splits)


def fill_missing(pair: Pair) -> Iterator[Pair]:
    """The pair with every missing run filled in the worst, and in the best way for the first side; nothing where none
    is missing. A run that is filled in has that score in every row: the least or the most that the metric can be, else
    as far beyond those seen as they lie apart."""
    if not any(block.lost for block in pair.blocks):
        return
    scores = np.concatenate([one.scores for one in (*pair.members, *pair.seedless)])
    low, high = metric_of(pair.metric).range
    if not np.isfinite([low, high]).all() or scores.max() > high:
        low, high = float(scores.min() - np.ptp(scores)), float(scores.max() + np.ptp(scores))
    for worst, best in ((low, high), (high, low)):
        yield replace(pair, blocks=tuple(_fill(block, worst, best) for block in pair.blocks))


def _fill(block: Block, worst: float, best: float) -> Block:
    """The block with its lost runs: variants that are added have the worst score, those taken away the best."""
    seeds = (*block.seeds, *(f"filled {k}" for k in range(block.lost)))
    more = {sign: np.full(block.lost, score) for sign, score in ((1, worst), (-1, best))}
    members = (
        replace(member, scores=np.r_[member.scores, more[member.sign]], filled=block.lost) for member in block.members
    )
    return replace(block, order=seeds, seeds=seeds, members=tuple(members))
