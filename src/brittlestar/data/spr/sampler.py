"""Rows drawn exactly from what a rule accepts, or from what breaks it, without rejecting a draw.

A row of given length is independent tokens, conditioned on how it ends in the product automaton. With
h_t(s) = P(the row ends as wanted | state s after t tokens), computed backwards, token t is drawn with probability
proportional to P(token) * h_{t+1}(next state): the usual backward filtering, forward sampling of a Markov chain
(Rabiner 1989, section III). A rule that holds once in 10^9 rows costs no more than one that holds every second time.

Sums run in a fixed order over plain array operations, never through BLAS, so that the bytes drawn do not depend on
the machine's linear algebra.
"""

import numpy as np

from brittlestar.data.spr.automaton import ContainsToken, Product
from brittlestar.data.spr.rule import Rule

ACCEPT = 0
"""Target: every predicate holds. Target i from 1 to k: exactly predicate i is broken. Target -1: any is broken."""

ANY_REJECT = -1  # no class: classes count from 0


class RowSampler:
    """Draws rows of one token distribution under one rule.

    `weights` float64 (20,) is the probability of each token code; `required` bool (20,) or None restricts every draw
    to rows that contain at least one of these tokens.
    """

    def __init__(self, rule: Rule, weights: np.ndarray, required: np.ndarray | None = None) -> None:
        self.n_predicates = len(rule.predicates)
        self._weights = weights
        self._codes = np.flatnonzero(weights)
        self._product = Product([*rule.predicates, *([] if required is None else [ContainsToken(required)])])
        satisfied = self._product.find_satisfied()
        wanted = np.ones(len(satisfied), dtype=bool) if required is None else satisfied[:, -1]
        broken = ~satisfied[:, : self.n_predicates]
        ends = [~broken.any(axis=1)]
        ends += [broken[:, i] & (broken.sum(axis=1) == 1) for i in range(self.n_predicates)]
        ends += [broken.any(axis=1)]
        self._ends = np.stack(ends, axis=1) & wanted[:, None]
        self._wanted = wanted

    def probabilities(self, max_length: int) -> np.ndarray:
        """float64 (max_length + 1, n_predicates + 2): by row length, the probability of each target (last column:
        any predicate broken), given that the row contains a required token; 0 where that cannot be."""
        mass = np.zeros(self._product.states)
        mass[0] = 1.0
        result = np.zeros((max_length + 1, self._ends.shape[1]))
        for length in range(max_length + 1):
            possible = _sum(mass[self._wanted])
            if possible > 0:
                result[length] = [_sum(mass[end]) / possible for end in self._ends.T]
            step = self._product.step(length)
            following = np.zeros_like(mass)
            for code in self._codes:
                following += np.bincount(step[:, code], mass * self._weights[code], minlength=len(mass))
            mass = following
        return result

    def draw(self, targets: np.ndarray, lengths: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """int8 (n, max length): token codes of one row for each target int64 (n,) and length int64 (n,), 0 beyond
        the length. Every (target, length) asked for must have a positive probability."""
        codes = np.zeros((len(targets), int(lengths.max(initial=0))), dtype=np.int8)
        for length in np.unique(lengths).tolist():
            chances = self._backward(length)
            chosen = np.flatnonzero(lengths == length)
            codes[chosen, :length] = self._forward(chances, targets[chosen], rng)
        return codes

    def _backward(self, length: int) -> list[np.ndarray]:
        """h_t for t = 0 to length, each float64 (states, n_predicates + 2)."""
        chances = [self._ends.astype(np.float64)]
        for position in reversed(range(length)):
            step = self._product.step(position)
            earlier = np.zeros_like(chances[-1])
            for code in self._codes:
                earlier += self._weights[code] * chances[-1][step[:, code]]
            chances.append(earlier)
        return chances[::-1]

    def _forward(self, chances: list[np.ndarray], targets: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """int8 (n, length): one row for each target."""
        state = np.zeros(len(targets), dtype=np.int64)
        codes = np.zeros((len(targets), len(chances) - 1), dtype=np.int8)
        for position, chance in enumerate(chances[1:]):
            following = self._product.step(position)[state][:, self._codes]
            steps = np.cumsum(self._weights[self._codes] * chance[following, targets[:, None]], axis=1)
            # Below the total even when the product rounds up to it: a token of weight 0 is never drawn.
            aim = np.minimum(rng.random(len(targets)) * steps[:, -1], np.nextafter(steps[:, -1], 0.0))
            drawn = (steps <= aim[:, None]).sum(axis=1)
            codes[:, position] = self._codes[drawn]
            state = following[np.arange(len(targets)), drawn]
        return codes


def _sum(values: np.ndarray) -> float:
    """A sum in index order (NumPy's own order depends on the machine's vector width)."""
    return float(np.cumsum(values)[-1]) if len(values) else 0.0
