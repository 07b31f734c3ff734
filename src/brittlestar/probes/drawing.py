"""New rows of a generated task, at lengths that train does not have."""

import numpy as np

from brittlestar.core.token_rows import offsets_of
from brittlestar.data.spr.rule import Rule
from brittlestar.data.spr.sampler import ACCEPT, RowSampler
from brittlestar.data.spr.symbols import TOKENS
from brittlestar.data.written_rows import WrittenRows
from brittlestar.probes.length import LONGEST
from brittlestar.probes.task import Task

SWEEP = (2.0, 4.0, 10.0)  # twice, four and ten times the longest length of train
MOST_DRAWN = 600  # an accuracy of .5 is known to 2 points (standard error)
LEAST = 1e-200
"""Rows that are less likely than this are not drawn: the probabilities of their parts would be rounded to nothing."""


def draw_rows(
    rule: Rule, task: Task, strength: float, random: np.random.Generator, n_rows: int = MOST_DRAWN
) -> WrittenRows | None:
    """`n_rows` rows of `strength` times train's longest row, tokens as often as train has them, half of them accepted
    and the others near misses that break one predicate; None where the rule has none of these at that length, or it is
    above 10,000."""
    weights = np.array([task.frequency.get(token, 0) for token in TOKENS], np.float64)
    length = round(strength * task.longest)
    if weights.sum() == 0 or length > LONGEST:
        return None
    sampler = RowSampler(rule, weights / weights.sum())
    able = np.flatnonzero(sampler.probabilities(length)[length, :-1] > LEAST)
    misses = able[able != ACCEPT]
    if ACCEPT not in able or not len(misses):
        return None
    half = np.zeros(n_rows // 2, np.int64)
    targets = np.concatenate([half, misses[np.arange(n_rows - len(half)) % len(misses)]])
    codes = sampler.draw(targets, np.full(n_rows, length), random)
    return WrittenRows(codes.reshape(-1).astype(np.int32), offsets_of(np.full(n_rows, length)), TOKENS)
