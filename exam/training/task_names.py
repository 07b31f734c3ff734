"""Tasks by name: one of `tasks.py`, or one with other numbers in it, such as `markers rows=300 noise=0.1`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from brittlestar.core.errors import InputError
from exam.training.tasks import TASKS, Row, Task

NUMBERS: dict[str, Callable[[str], Any]] = {
    "rows": int,
    "held_out": int,
    "dev": int,
    "noise": float,
    "dev_noise": float,
    "sorted_train": lambda text: text == "yes",
}
"""{field of a task: what reads it}."""
DRAW, SCARCE = "draw", "scarce"
"""`draw=2` draws other rows; `scarce=login:0.4` keeps four in ten rows of a class."""


def task_named(name: str) -> Task:
    """The task: other words in its name make other rows. Raises InputError where no task has such a name."""
    first, *words = name.split()
    if first not in TASKS:
        raise InputError(f"no task is called {first!r}", name, f"one of {', '.join(TASKS)}")
    task = replace(TASKS[first], name=name)
    for word in words:
        field, _, value = word.partition("=")
        if field in NUMBERS:
            task = replace(task, **{field: NUMBERS[field](value)})
        elif field == SCARCE:
            label, _, share = value.partition(":")
            task = replace(task, draw=_thinned(task.draw, label, float(share)))
        elif field != DRAW:
            raise InputError(f"a task has no {field!r}", name, f"one of {', '.join((*NUMBERS, DRAW, SCARCE))}")
    return task


def _thinned(draw: Callable[[np.random.Generator], Row], label: str, share: float) -> Callable[..., Row]:
    """Rows as they are drawn, with this share of those of a class."""

    def draw_some(random: np.random.Generator) -> Row:
        row = draw(random)
        return row if row[0] != label or random.random() < share else draw_some(random)

    return draw_some
