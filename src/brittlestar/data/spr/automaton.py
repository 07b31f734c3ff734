"""Predicates read side by side, token by token: the product of their automata."""

import math
from collections.abc import Sequence

import numpy as np

from brittlestar.data.spr.rule import Predicate

MAX_STATES = 50_000  # budget: 8 MB of next states


class ContainsToken:
    """Holds when at least one token of the row is among `wanted`, bool (20,)."""

    states = 2

    def __init__(self, wanted: np.ndarray) -> None:
        self._wanted = wanted

    def step(self, position: int) -> np.ndarray:
        """int64 (2, 20): next state by state and token code."""
        return np.stack([self._wanted.astype(np.int64), np.ones(20, dtype=np.int64)])

    def accepting(self) -> np.ndarray:
        """bool (2,)."""
        return np.array([False, True])


Part = Predicate | ContainsToken
"""What is read: `states` of which 0 is where a row begins, `step` from one to the next, and which are `accepting`."""


class Product:
    """All parts at once. A product state is the mixed-radix number of the parts' states; 0 is the start."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = tuple(parts)
        self.states = product_states(parts)
        radices = np.cumprod([1, *(part.states for part in self._parts)])[:-1]
        numbers = np.arange(self.states)
        self._radices = [int(radix) for radix in radices]
        self._digits = [numbers // radix % part.states for radix, part in zip(self._radices, self._parts, strict=True)]
        self._tables: dict[bytes, np.ndarray] = {}

    def step(self, position: int) -> np.ndarray:
        """int64 (states, 20): next state by state and token code; `position` counts from 0."""
        steps = [part.step(position) for part in self._parts]
        key = b"".join(step.tobytes() for step in steps)
        if key not in self._tables:
            table = np.zeros((self.states, 20), dtype=np.int64)
            for radix, digit, step in zip(self._radices, self._digits, steps, strict=True):
                table += radix * step[digit]
            self._tables[key] = table
        return self._tables[key]

    def find_satisfied(self) -> np.ndarray:
        """bool (states, n_parts): which parts accept a row that ends in the state."""
        return np.stack(
            [part.accepting()[digit] for part, digit in zip(self._parts, self._digits, strict=True)], axis=1
        )


def product_states(parts: Sequence[Part]) -> int:
    """How many states the product would have."""
    return math.prod(part.states for part in parts)
