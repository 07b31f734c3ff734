"""A fault: how it is planted, what mends it exactly, and which findings name it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from exam.answers.situation import Situation

Reach = Literal["data", "model", "answers"]
"""Where a fault lies: in rows (any way brings it), in what the model does (no estimator of a library does), or in
what is handed over (prediction files and arrays)."""
Plant = Callable[[Situation, np.random.Generator], "Situation | tuple[Situation, Situation] | None"]
"""From an honest situation to one with the fault, or to that and the one in which it is mended; None where it changes
nothing there."""


@dataclass(frozen=True)
class Fault:
    """`codes` name the cause: whole ones, or the beginning of several. `on_fresh` says that fresh rows show it as test
    does; `unsound` that mending it is mending data."""

    name: str
    plant: Plant
    reach: Reach
    codes: tuple[str, ...]
    on_fresh: bool = False
    unsound: bool = False

    def names(self, code: str) -> bool:
        """Whether a finding of this code names the fault."""
        return code.startswith(self.codes)


def in_data(name: str, plant: Plant, *codes: str, on_fresh: bool = False) -> Fault:
    """A fault of rows."""
    return Fault(name, plant, "data", codes, on_fresh, True)


def in_model(name: str, plant: Plant, *codes: str, on_fresh: bool = True, unsound: bool = False) -> Fault:
    """A fault of what the model learns from or reads."""
    return Fault(name, plant, "model", codes, on_fresh, unsound)


def in_answers(name: str, plant: Plant, *codes: str) -> Fault:
    """A fault of what is handed over."""
    return Fault(name, plant, "answers", codes)
