"""Finding `shift.composition`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import bag
from brittlestar.audits.holding import format_tokens
from brittlestar.audits.shifts.chance import Drift, Shares, drift, shape
from brittlestar.audits.shifts.rows import Comparison
from brittlestar.audits.shifts.saying import MOST_NAMED, Verdict, each_split
from brittlestar.audits.showing import percent
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
    yield from each_split(analysis, CODE, THRESHOLD, _examine)


@dataclass(frozen=True)
class Compared:
    """Shares of named things on both sides, and their drift."""

    names: Sequence[str]
    train: Shares
    other: Shares
    drift: Drift

    def top(self, split: str) -> list[dict[str, Any]]:
        """Those that moved most."""
        return [
            {
                "token": self.names[k],
                "train": float(self.train.rates[k]),
                split: float(self.other.rates[k]),
                "p": float(self.drift.p[k]),
            }
            for k in self.drift.list_moved(MOST_NAMED)
        ]


def _examine(comparison: Comparison) -> Verdict:
    dataset, name = comparison.dataset, comparison.name
    bags = [bag(side.rows, len(dataset.tokens)) for side in (comparison.train, comparison.other)]
    frequent = frequent_tokens(bags[0], bags[1])
    if not len(frequent):
        return Verdict(f"{name}: no token of train stands in {FEWEST_ROWS_HOLDING} rows", {"tokens_compared": 0})
    counts = [sparse.csr_matrix(one[:, frequent]) for one in bags]
    found = _compare_counts([dataset.tokens[k] for k in frequent.tolist()], counts, comparison)
    factors = {
        factor: _compare_counts(
            dataset.factor_values[factor][1:], [one @ _of_value(values, frequent) for one in counts], comparison
        )
        for factor, values in dataset.factors.items()
        if len(dataset.factor_values[factor]) > 1
    }
    p = min(1.0, min(one.drift.least_p for one in (found, *factors.values())) * (1 + len(factors)))
    alone = moved_alone(found, float(comparison.other.rows.lengths.mean()))
    top = found.top(name)
    evidence: dict[str, Any] = {
        "variation": found.drift.variation,
        "chance": found.drift.by_chance,
        "excess": found.drift.excess,
        "tokens_compared": len(frequent),
        "tokens": top,
        "tokens_doubled_or_halved": [dataset.tokens[int(frequent[k])] for k in alone[:MOST_NAMED]],
        "factors": {
            factor: {"variation": one.drift.variation, "excess": one.drift.excess, "values": one.top(name)}
            for factor, one in factors.items()
        },
        "sampled": comparison.sampled,
        "test": "share of each token against its variance over rows; Bonferroni over tokens and factors",
        "p": p,
    }
    story = (
        f"{name}: {100 * found.drift.variation:.1f} % of tokens would have to be replaced to match train's "
        f"composition (chance gives {100 * found.drift.by_chance:.1f} %), most for {top[0]['token']!r}: "
        f"{percent(top[0][name])} of tokens, {percent(top[0]['train'])} in train"
    )
    shifted = found.drift.excess >= LEAST_EXCESS or len(alone) > 0
    if shifted and (symbol := _only_unknown(comparison, found, frequent, alone)):
        return Verdict(f"{story}; only {symbol} gained, so see token.unknown", evidence, "info")
    remedy = "Look at the tokens that moved; draw the splits again, or say that the split tests another composition."
    return Verdict(story, evidence, "warning" if shifted else None, remedy, found.drift.excess, found.drift.by_chance)


def _only_unknown(comparison: Comparison, found: Compared, frequent: np.ndarray, alone: Sequence[int]) -> str:
    """The written unknown tokens, where what the split has more of than train is these alone; else empty."""
    surplus = find_surplus(comparison)
    if surplus is None or not surplus.far_more:
        return ""
    others = ~np.isin(frequent, surplus.codes)
    gained = np.maximum(found.drift.difference, 0.0)
    beyond_chance = float(gained[others].sum()) - float(found.drift.typical[others].sum()) / 2
    if beyond_chance >= LEAST_EXCESS or any(others[k] and found.drift.difference[k] > 0 for k in alone):
        return ""
    return format_tokens(comparison.dataset, surplus.codes)


def frequent_tokens(train: sparse.csr_matrix, other: sparse.csr_matrix) -> np.ndarray:
    """int64: tokens that train shows and 20 rows of both together hold; at most the 2,000 most frequent. Rare ones
    are told by rows of both splits, so that neither is favoured."""
    held = [np.bincount(one.indices, minlength=shape(one)[1]) for one in (train, other)]
    able = np.flatnonzero((held[0] > 0) & (held[0] + held[1] >= FEWEST_ROWS_HOLDING))
    return np.sort(able[np.argsort(-(held[0] + held[1])[able], kind="stable")[:MOST_TOKENS]])


def moved_alone(found: Compared, length: float) -> list[int]:
    """Tokens that double or halve by at least 0.05 occurrences in a row of the given mean length, surely."""
    first, second = found.train.rates, found.other.rates
    ratio = np.maximum(first, second) >= LEAST_RATIO * np.minimum(first, second)
    size = np.abs(second - first) * length >= LEAST_PER_ROW
    sure = found.drift.p * len(found.names) < 0.001
    return np.flatnonzero(ratio & size & sure).tolist()


def _compare_counts(names: Sequence[str], counts: list[sparse.csr_matrix], comparison: Comparison) -> Compared:
    sides = zip(counts, (comparison.train, comparison.other), strict=True)
    first, second = (Shares.of(one, None, side.units) for one, side in sides)
    return Compared(names, first, second, drift(first, second))


def _of_value(values: np.ndarray, tokens: np.ndarray) -> sparse.csr_matrix:
    """(n_tokens, n_values): 1 where a token has the value; tokens without one have none."""
    value = values[tokens]
    has = np.flatnonzero(value > 0)
    ones = (np.ones(len(has)), (has, value[has] - 1))
    return sparse.csr_matrix(ones, shape=(len(tokens), max(int(values.max()), 1)))
