"""A fraction of a factorial design that is balanced over pairs, and the main effects that can be read from it."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import combinations, product

import numpy as np

from brittlestar.core.seeds import generator

MOST_CANDIDATES = 4096  # budget: rows that a fraction is chosen from; of more, so many are drawn
TOLD_APART = 1e-8  # budget: what rounding leaves of a contrast that rows make up


def choose_fraction(levels: Sequence[int], most: int) -> np.ndarray:
    """int64 (n, k): rows of the design of k factors with these numbers of levels; all where they are no more than
    `most`, else so many, the row of zeros first.

    Each further row is the one whose pairs of levels were met least often so far, levels that were met least often
    first among equals: so every pair is met about equally often, as in a covering array.
    """
    whole = math.prod(levels)
    if whole <= most:
        return np.array([*product(*map(range, levels))], np.int64).reshape(whole, len(levels))
    if whole <= MOST_CANDIDATES:
        candidates = np.array([*product(*map(range, levels))], np.int64)
    else:
        random = generator(0, "factorial", *map(str, levels))
        candidates = np.unique(random.integers(0, levels, (MOST_CANDIDATES, len(levels))), axis=0)
        candidates = np.vstack([np.zeros((1, len(levels)), np.int64), candidates[candidates.any(axis=1)]])
    columns = [(one,) for one in range(len(levels))] + [*combinations(range(len(levels)), 2)]
    sizes = np.asarray(levels)
    keys = np.stack([np.ravel_multi_index(candidates[:, k].T, sizes[list(k)]) for k in map(list, columns)], axis=1)
    met: list[Counter[int]] = [Counter() for _ in columns]
    chosen = [0]
    for _ in range(most - 1):
        for column, one in enumerate(met):
            one[int(keys[chosen[-1], column])] += 1
        seen = np.stack([np.array([one[key] for key in keys[:, k].tolist()]) for k, one in enumerate(met)], axis=1)
        pairs, singles = seen[:, len(levels) :].sum(axis=1), seen[:, : len(levels)].sum(axis=1)
        cost = pairs * (1 + singles.max()) + singles
        cost[chosen] = cost.max() + 1
        chosen.append(int(cost.argmin()))
    return candidates[chosen]


def fit_main_effects(design: np.ndarray, values: np.ndarray, levels: Sequence[int]) -> list[np.ndarray]:
    """Of each factor the effect of each of its levels, against its first: float64 (levels,), nan for one that no row
    has, or that these rows cannot tell from the others. Least squares of float64 `values` (n,) on the levels alone.

    An effect can be estimated where its contrast is a combination of rows (Searle 1971, Linear Models, section 5.4).
    """
    columns = [np.ones((len(design), 1))]
    for factor, many in enumerate(levels):
        columns.append((design[:, factor, None] == np.arange(1, many)).astype(np.float64))
    rows = np.hstack(columns)
    inverse = np.linalg.pinv(rows)
    solution, projection = inverse @ values, inverse @ rows
    solution[np.abs(projection - np.eye(rows.shape[1])).max(axis=1) > TOLD_APART] = np.nan
    found: list[np.ndarray] = []
    start = 1
    for factor, many in enumerate(levels):
        effect = np.concatenate([[0.0], solution[start : start + many - 1]])
        effect[[level for level in range(1, many) if not (design[:, factor] == level).any()]] = np.nan
        found.append(effect)
        start += many - 1
    return found
