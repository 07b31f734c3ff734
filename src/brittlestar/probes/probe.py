"""A probe: one declared change of the input, at several strengths, with what should hold afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from brittlestar.probes.task import Task
from brittlestar.probes.token_rows import TokenRows

Change = Callable[[TokenRows, Task, float, np.random.Generator], TokenRows]
"""(rows, what is known of the task, strength, random numbers) to as many rows, changed."""


@dataclass(frozen=True)
class Probe:
    """`name` is `family.what`, or `family.what:DETAIL` where it is about one factor; `unit` says what a strength
    counts, empty where there is but one; `strengths` are those of the default suite; `about` says for people what
    happens; `expectation` is one of core.expectations. `lossless`: whoever reads the row before reads the same
    afterwards, so that its true label stays."""

    name: str
    unit: str
    strengths: tuple[float, ...]
    change: Change
    about: str
    expectation: str = "open"
    lossless: bool = False

    @property
    def family(self) -> str:
        """The part of the name before the dot: which finding reads this probe."""
        return self.name.partition(".")[0]
