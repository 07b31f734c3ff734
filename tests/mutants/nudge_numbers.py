"""One kind of mutant that Cosmic Ray has not: a number moved as far as a threshold might be wrong."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from cosmic_ray.ast import is_number
from cosmic_ray.operators.operator import Example, Operator
from parso.python.tree import Number

COUNTED = 20
"""Whole numbers below this are counts, of which one more or less can matter."""


def nudge_number(value: float) -> tuple[float, float]:
    """The number lower and higher: a count by one, a share by half or twice its distance from the nearer of 0 and 1,
    and any other by half or twice itself."""
    if value == int(value) and value < COUNTED:
        return value - 1, value + 1
    if 0.5 < value < 1:
        return round(1 - 2 * (1 - value), 12), round(1 - (1 - value) / 2, 12)
    return (value // 2, value * 2) if isinstance(value, int) else (value / 2, value * 2)


class NudgeNumber(Operator):
    """Moves a number down (the first position of a node) or up (the second)."""

    def mutation_positions(self, node: Any) -> Iterator[Any]:  # pyright: ignore[reportIncompatibleMethodOverride]
        if is_number(node) and isinstance(ast.literal_eval(node.value), int | float):
            yield node.start_pos, node.end_pos
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        return Number(str(nudge_number(ast.literal_eval(node.value))[index]), node.start_pos, node.prefix)

    @classmethod
    def examples(cls) -> tuple[Example, ...]:  # pyright: ignore[reportIncompatibleMethodOverride]
        return (Example("x = 3", "x = 2"), Example("x = 0.05", "x = 0.1", occurrence=1))
