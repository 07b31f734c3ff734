"""Every control: a program, a harmless change of it, and a task that it can learn. A coin puts each into a half."""

import hashlib
from collections.abc import Iterator, Mapping

from exam.training.controls.loops import LOOP_CHANGES, LOOPS, TABLE
from exam.training.fault import Changes, Odd
from exam.training.known import as_changes

NONE: Mapping[str, str] = {}


def _made() -> Iterator[Odd]:
    for program, loop in LOOPS.items():
        for change in LOOP_CHANGES:
            if program not in change.without:
                yield _control(program, change.name, change.why, change.changes(loop))
    for program, made in TABLE["programs"].items():
        for name, one in made.items():
            yield _control(program, name, one["why"], as_changes(one["changes"]))
    for program in (one for one in TABLE["programs"] if one not in LOOPS):
        for name, one in TABLE["every factory"].items():
            training = {f"training.{path}": value for path, value in one["training"].items()}
            yield _control(program, f"set-{name}", one["why"], (), training)


def _control(program: str, name: str, why: str, changes: Changes, settings: Mapping[str, str] = NONE) -> Odd:
    name = f"{program.replace('_', '-')}-{name}"
    return Odd(name, why, program, _task_of(program, name), changes, settings)


def _task_of(program: str, control: str) -> str:
    """The task of a control: drawn by its name, so that a new control changes no other."""
    tasks = [task for kind in TABLE["learns"][program] for task in TABLE["tasks"].get(kind, [kind])]
    return tasks[int.from_bytes(hashlib.sha256(f"task of {control}".encode()).digest()[:4], "big") % len(tasks)]


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
CONTROLS = tuple(candidate for candidate in CANDIDATES if candidate.name not in REJECTED)
"""Healthy by what they reach, too."""


def half_of(name: str) -> str:
    """`open` or `sealed`: a coin thrown by the name of a control."""
    return ("open", "sealed")[hashlib.sha256(f"training control: {name}".encode()).digest()[0] % 2]
