"""Rules drawn from a seed: not contradictory, not near-impossible, and with near misses for every predicate."""

from typing import get_args

import numpy as np

from brittlestar.core.errors import InputError
from brittlestar.data.spr.automaton import MAX_STATES, product_states
from brittlestar.data.spr.predicates import (
    ColourPosition,
    CountParity,
    FirstBefore,
    Parity,
    Predicate,
    Relation,
    ShapeCount,
)
from brittlestar.data.spr.rule import Rule
from brittlestar.data.spr.sampler import ACCEPT, RowSampler
from brittlestar.data.spr.symbols import COLOURS, SHAPES

ACCEPTANCE = (0.001, 0.9)
"""A drawn rule accepts a share of random rows within these bounds, on average over the lengths."""

ALONE = (0.02, 0.98)
"""So does each of its predicates alone: none is all but always, or all but never, true."""

MAX_DRAWS = 500  # budget: rules that are drawn before settings count as impossible


def draw_rule(k: int, weights: np.ndarray, lengths: tuple[int, int], rng: np.random.Generator) -> Rule:
    """A rule of `k` distinct predicates, each of a family drawn uniformly; orders compare shapes.

    `weights` float64 (20,) are the token probabilities that training rows have. Draws are repeated until the rule
    keeps to ACCEPTANCE, its predicates to ALONE, and accepts and near misses of every predicate exist at every length.
    Raises InputError after MAX_DRAWS draws.
    """
    for _ in range(MAX_DRAWS):
        predicates = [_draw_predicate(lengths, rng) for _ in range(k)]
        if len(set(predicates)) == k and product_states(predicates) <= MAX_STATES:
            rule = Rule(tuple(predicates))
            if _usable(rule, weights, lengths):
                return rule
    raise InputError(
        f"no usable rule of {k} predicates in {MAX_DRAWS} draws",
        "k",
        "try another seed, fewer predicates, longer rows, or less skewed weights",
    )


def _draw_predicate(lengths: tuple[int, int], rng: np.random.Generator) -> Predicate:
    family = int(rng.integers(4))
    if family == 0:
        relation = get_args(Relation)[int(rng.integers(3))]
        return ShapeCount(relation, int(rng.integers(0, min(lengths[1], 8) + 1)), _pick(SHAPES, rng))
    if family == 1:
        return ColourPosition(int(rng.integers(1, min(lengths[0], 8) + 1)), _pick(COLOURS, rng))
    if family == 2:
        return CountParity(get_args(Parity)[int(rng.integers(2))], _pick(SHAPES + COLOURS, rng))
    first, second = rng.permutation(4)[:2]
    return FirstBefore(SHAPES[int(first)], SHAPES[int(second)])


def _pick(symbols: str, rng: np.random.Generator) -> str:
    return symbols[int(rng.integers(len(symbols)))]


def _usable(rule: Rule, weights: np.ndarray, lengths: tuple[int, int]) -> bool:
    span = slice(lengths[0], lengths[1] + 1)
    for predicate in rule.predicates:
        alone = RowSampler(Rule((predicate,)), weights).probabilities(lengths[1])[span, ACCEPT].mean()
        if not ALONE[0] <= alone <= ALONE[1]:
            return False
    table = RowSampler(rule, weights).probabilities(lengths[1])[span]
    accepted = table[:, ACCEPT].mean()
    return bool(ACCEPTANCE[0] <= accepted <= ACCEPTANCE[1] and (table > 0).all())
