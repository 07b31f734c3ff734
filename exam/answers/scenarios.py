"""Scenarios: a task, a model, one fault or none, and a way to bring it, drawn from one half of all of these."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from brittlestar.core.seeds import generator
from exam.answers.fault import Fault
from exam.answers.model_faults import MODEL_FAULTS
from exam.answers.models import MODELS
from exam.answers.row_faults import ROW_FAULTS
from exam.answers.situation import Situation
from exam.answers.tasks import MADE, cut_task, list_tasks

Half = Literal["tried", "drawn"]
Way = Literal["files", "table", "frame", "arrays", "variants", "closure", "fit", "estimator"]
WAYS: tuple[Way, ...] = get_args(Way)
TRAINED: tuple[Way, ...] = ("closure", "fit", "estimator")
BRINGS: dict[Way, tuple[str, ...]] = {
    way: ("data",)
    if way == "estimator"
    else ("data", "model")
    if way in ("closure", "fit")
    else ("data", "model", "answers")
    for way in WAYS
}
"""{way: where faults lie that it can bring}."""
FAULTS = {fault.name: fault for fault in (*ROW_FAULTS, *MODEL_FAULTS)}
HONEST = 0.3
"""The share of scenarios without a fault."""
PATIENCE = 50
SALT = 1494
"""The first number with which the halves of tasks, models, faults and ways are equal."""


@dataclass(frozen=True)
class Scenario:
    """One of a half, by its number. `mended` is `given` where there is no fault."""

    name: str
    task: str
    fault: Fault | None
    way: Way
    given: Situation
    mended: Situation


def half_of(kind: str, name: str) -> Half:
    """The half that a task, a model, a fault or a way belongs to, once and for all: by the digest of its name."""
    return "tried" if hashlib.sha256(f"answers/{SALT}/{kind}/{name}".encode()).digest()[0] % 2 else "drawn"


def list_half(kind: str, names: Iterable[str], half: Half) -> list[str]:
    """Those of a half."""
    return [name for name in names if half_of(kind, name) == half]


def choose_fault(half: Half, seed: int, number: int) -> Fault | None:
    """The fault of a scenario: all in turn, in an order that is drawn, with honest ones between."""
    faults, turn = list_half("fault", FAULTS, half), int((1 - HONEST) * number)
    order = generator(seed, "answers", half).permutation(len(faults))
    honest = int((1 - HONEST) * (number + 1)) == turn
    return None if honest else FAULTS[faults[order[turn % len(faults)]]]


def draw_scenario(half: Half, seed: int, number: int, data: Path | None) -> Scenario:
    """The scenario of this number: what is not its fault is drawn, and again where that changes nothing on the task.
    Without `data`, tasks are those that are made."""
    random, fault = generator(seed, "answers", half, number), choose_fault(half, seed, number)
    tasks = list_half("task", MADE if data is None else list_tasks(), half)
    ways: list[Way] = [
        way for way in WAYS if half_of("way", way) == half and (fault is None or fault.reach in BRINGS[way])
    ]
    for _ in range(PATIENCE):
        task, way = str(random.choice(tasks)), ways[int(random.integers(len(ways)))]
        model = str(random.choice(list_half("model", MODELS, half)))
        honest_one = Situation(cut_task(task, data, random), model)
        planted = honest_one if fault is None else fault.plant(honest_one, random)
        if planted is not None:
            given, mended = planted if isinstance(planted, tuple) else (planted, honest_one)
            if way in TRAINED:
                given, mended = given.by_tokens(), mended.by_tokens()
            name = f"{number}: {task}, {model}, {fault.name if fault else 'honest'}, {way}"
            return Scenario(name, task, fault, way, given, mended)
    raise LookupError(f"no task of the half {half} shows {fault.name if fault else 'nothing'}")
