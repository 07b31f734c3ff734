"""Every control: a program, a harmless change of it, and a task that it can learn. A coin puts each into a half."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from exam.training.controls.data import task_of
from exam.training.controls.loop_changes import LOOP_CHANGES
from exam.training.controls.loop_models import LOOP_MODELS
from exam.training.controls.loops import LOOPS
from exam.training.controls.module_changes import MODULE_CHANGES
from exam.training.controls.settings import SETTINGS
from exam.training.fault import Changes, Odd

NONE: Mapping[str, str] = {}


def _made() -> Iterator[Odd]:
    for program, loop in LOOPS.items():
        for one in LOOP_CHANGES:
            if program not in one.without:
                yield _control(program, one.name, one.why, one.changes(loop))
    for program, made in {**LOOP_MODELS, **MODULE_CHANGES}.items():
        for name, why, changes in made:
            yield _control(program, name, why, changes)
    for program in MODULE_CHANGES:
        for name, (why, settings) in SETTINGS.items():
            training = {f"training.{path}": value for path, value in settings.items()}
            yield _control(program, f"set-{name}", why, (), training)


def _control(program: str, name: str, why: str, changes: Changes, settings: Mapping[str, str] = NONE) -> Odd:
    name = f"{program.replace('_', '-')}-{name}"
    return Odd(name, why, program, task_of(program, name), changes, settings)


CANDIDATES: tuple[Odd, ...] = tuple(_made())
"""Healthy by what they do."""
REJECTED = frozenset(
    {
        "attention-net-least-number-as-mask",
        "attention-net-set-balanced",
        "attention-net-set-batches-of-16",
        "bag-loop-dropped-out",
        "bag-loop-focal",
        "bag-loop-likelihood",
        "bag-net-leaky",
        "bag-net-maximum",
        "cnn-loop-three-waited",
        "cnn-loop-two-sizes-of-filters",
        "stack-net-set-some-decay",
    }
)
"""Names of those that `admission.py` does not admit by what they reach."""
CONTROLS = tuple(one for one in CANDIDATES if one.name not in REJECTED)
"""Healthy by what they reach, too."""


def half_of(name: str) -> str:
    """`open` or `sealed`: a coin thrown by the name of a control."""
    return ("open", "sealed")[hashlib.sha256(f"training control: {name}".encode()).digest()[0] % 2]
