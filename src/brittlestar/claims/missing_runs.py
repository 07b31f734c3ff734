"""Runs that are missing: at their worst and at their best they must not change a verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from brittlestar.claims.pairing import Block, Member, Pair
from brittlestar.core.metric_names import is_fraction


def fill_missing(pair: Pair) -> Iterator[Pair]:
    """The pair with every missing run filled in the worst, and in the best way for the first side; nothing where none
    is missing. A run that is filled in has that score in every row."""
    if not any(block.lost for block in pair.blocks):
        return
    low, high = _bounds(pair)
    for worst, best in ((low, high), (high, low)):
        yield replace(pair, blocks=tuple(_fill(block, worst, best) for block in pair.blocks))


def _bounds(pair: Pair) -> tuple[float, float]:
    """The smallest and largest score that a run can have: of a fraction 0 and 1, else as far beyond those seen as they
    lie apart."""
    scores = np.concatenate([one.scores for one in (*pair.members, *pair.seedless)])
    if is_fraction(pair.metric) and scores.max() <= 1:
        return 0.0, 1.0
    spread = float(np.ptp(scores))
    return float(scores.min()) - spread, float(scores.max()) + spread


def _fill(block: Block, worst: float, best: float) -> Block:
    """The block with its lost runs: variants that are added have the worst score, those taken away the best."""
    seeds = (*block.seeds, *(f"filled {k}" for k in range(block.lost)))
    members = tuple(_lengthen(one, worst if one.sign > 0 else best, block.lost) for one in block.members)
    return replace(block, order=seeds, seeds=seeds, members=members)


def _lengthen(one: Member, score: float, more: int) -> Member:
    """A variant with more runs, all of one score."""
    return replace(one, scores=np.r_[one.scores, np.full(more, score)], filled=more)
