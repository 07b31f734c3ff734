"""Finding `shift.composition`."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import bag
from brittlestar.audits.holding import format_tokens
from brittlestar.audits.shifts.chance import Drift, Shares, drift
from brittlestar.audits.shifts.rows import Comparison
from brittlestar.audits.shifts.saying import MOST_NAMED, Verdict, each_split
from brittlestar.audits.showing import Rule, percent
from brittlestar.audits.tokens.surplus import find_surplus
from brittlestar.core.findings import Finding

CODE = "shift.composition"
LEAST_EXCESS = 0.03  # chosen, not measured
LEAST_PER_ROW = 0.05  # chosen, not measured: one occurrence in 20 rows
LEAST_RATIO = 2.0  # chosen, not measured
FEWEST_ROWS_HOLDING = 20  # chosen, not measured: fewer give no variance
MOST_TOKENS = 2000  # budget: columns of one table
THRESHOLD = (
    "Token shares differ from train's by 3 points of total variation more than sampling gives, or one token doubles "
    "or halves by 0.05 occurrences a row (p at most 0.0001): a warning, info on shifted splits."
)


def check(analysis: Analysis) -> Iterator[Finding]:
    """Tokens are more or less frequent in an evaluation split than in train.

    **What it means.** What is rare in train is poorly learnt, and a model that leans on how often a token occurs
    answers from a source that is no longer the one.

    **How it is decided.** Shares of tokens among all tokens are compared, for tokens that train shows and that at least
    20 rows hold (the 2,000 most frequent). The total variation distance is the share of tokens that would have to be
    replaced; its mean under sampling of rows is taken off. A single token can move without moving that sum, so each is
    also looked at alone. Each token is tested against the variance of its share over rows: tokens of one row belong
    together, and so do copies and groups. Where factors are declared, shares of their values are tested too. Where
    class shares differ as well (`shift.label`), the comparison is repeated with classes of train drawn in the split's
    shares; what that explains is a note.

    **Thresholds.** Present: the excess is at least 0.03; or a token at least doubles or halves, by at least 0.05
    occurrences per row, with p below 0.001 after Bonferroni; and p of the split at most 0.0001. A warning; info on
    splits whose name starts with `shift`.

    **What it cannot see.** Tokens unseen in train (`shift.vocabulary`), and tokens in another order (`shift.order`).

    **What to do.** Look at the tokens that moved most: a filter, another source or another time may explain them. Draw
    the splits again, or say that the split tests another composition.
    """
    yield from each_split(analysis, Rule(CODE, THRESHOLD), _examine)


def _examine(comparison: Comparison) -> Verdict:
    dataset, name = comparison.dataset, comparison.name
    sides = (comparison.train, comparison.other)
    bags = [bag(side.rows, len(dataset.tokens)) for side in sides]
    # Rare tokens are told by rows of both splits, so that neither is favoured.
    train, other = (np.bincount(one.indices, minlength=len(dataset.tokens)) for one in bags)
    both = train + other
    able = np.flatnonzero((train > 0) & (both >= FEWEST_ROWS_HOLDING))
    frequent = np.sort(able[np.argsort(-both[able], kind="stable")[:MOST_TOKENS]])
    if not len(frequent):
        return Verdict(f"{name}: no token of train stands in {FEWEST_ROWS_HOLDING} rows", {"tokens_compared": 0})
    counts = [sparse.csr_matrix(one[:, frequent]) for one in bags]

    def compare(things: sparse.csr_matrix | None = None) -> Drift:
        each = (one if things is None else one @ things for one in counts)
        first, second = (Shares.of(one, None, side.units) for one, side in zip(each, sides, strict=True))
        return drift(first, second)

    found, tokens = compare(), [dataset.tokens[k] for k in frequent.tolist()]
    values = {factor: names[1:] for factor, names in dataset.factor_values.items() if len(names) > 1}
    factors: dict[str, Drift] = {}
    for factor in values:
        value, size = dataset.factors[factor][frequent], max(int(dataset.factors[factor].max()), 1)
        has = np.flatnonzero(value > 0)  # a token without a value has 0
        ones = (np.ones(len(has)), (has, value[has] - 1))
        factors[factor] = compare(sparse.csr_matrix(ones, shape=(len(frequent), size)))
    p = min(1.0, min(one.least_p for one in (found, *factors.values())) * (1 + len(factors)))
    size = np.abs(found.other.rates - found.train.rates) * float(comparison.other.rows.lengths.mean())
    alone: list[int] = np.flatnonzero((size >= LEAST_PER_ROW) & found.have_moved(LEAST_RATIO, 0.001)).tolist()
    top = _list_moved(found, tokens, name)
    evidence: dict[str, Any] = {
        "variation": found.variation,
        "chance": found.by_chance,
        "excess": found.excess,
        "tokens_compared": len(frequent),
        "tokens": top,
        "tokens_doubled_or_halved": [tokens[k] for k in alone[:MOST_NAMED]],
        "factors": {
            factor: {
                "variation": one.variation,
                "excess": one.excess,
                "values": _list_moved(one, values[factor], name),
            }
            for factor, one in factors.items()
        },
        "sampled": comparison.sampled,
        "test": "share of each token against its variance over rows; Bonferroni over tokens and factors",
        "p": p,
    }
    story = (
        f"{name}: {100 * found.variation:.1f} % of tokens would have to be replaced to match train's composition "
        f"(chance gives {100 * found.by_chance:.1f} %), most for {top[0]['token']!r}: {percent(top[0][name])} of "
        f"tokens, {percent(top[0]['train'])} in train"
    )
    shifted = found.excess >= LEAST_EXCESS or len(alone) > 0
    if shifted and (symbol := _only_unknown(comparison, found, frequent, alone)):
        return Verdict(f"{story}; only {symbol} gained, so see token.unknown", evidence, "info")
    remedy = "Look at the tokens that moved; draw the splits again, or say that the split tests another composition."
    return Verdict(story, evidence, "warning" if shifted else None, remedy, found.excess, found.by_chance)


def _list_moved(found: Drift, names: Sequence[str], split: str) -> list[dict[str, Any]]:
    return [
        {
            "token": names[k],
            "train": float(found.train.rates[k]),
            split: float(found.other.rates[k]),
            "p": float(found.p[k]),
        }
        for k in found.list_moved(MOST_NAMED)
    ]


def _only_unknown(comparison: Comparison, found: Drift, frequent: np.ndarray, alone: Sequence[int]) -> str:
    """The written unknown tokens, where what the split has more of than train is these alone; else empty."""
    surplus = find_surplus(comparison)
    if surplus is None or not surplus.far_more:
        return ""
    others = ~np.isin(frequent, surplus.codes)
    gained = np.maximum(found.difference, 0.0)
    beyond_chance = float(gained[others].sum()) - float(found.typical[others].sum()) / 2
    if beyond_chance >= LEAST_EXCESS or any(others[k] and found.difference[k] > 0 for k in alone):
        return ""
    return format_tokens(comparison.dataset, surplus.codes)
