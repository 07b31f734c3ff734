"""Trainings whose results are compared bit by bit: many as `run` makes them, or one in a Python of its own.

    python -m brittlestar.execution.repeating ANSWER < JOB

`JOB` is what `repeat_training` sends to a process that it started itself.
"""

import hashlib
import os
import pickle
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from brittlestar.core.errors import BrittlestarError
from brittlestar.core.hashing import array_digest
from brittlestar.execution.inspecting import run_one
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Event, Failed, Finished, Lost, TrainJob
from brittlestar.execution.processes import Processes
from brittlestar.execution.serial import Serial
from brittlestar.execution.server import PINNED
from brittlestar.training.trained import Trained

T = TypeVar("T")


@dataclass(frozen=True)
class Circumstances:
    """What a training has around it: variables of the environment beside those that every run has, the working folder
    (None for this one), whether global random states were drawn from before, and how many threads and processors own
    code is told that there are where it asks (None for the true answer)."""

    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    folder: str | None = None
    disturbed: bool = False
    threads: int | None = None


@dataclass(frozen=True)
class Repeated:
    """What came of it: a hash of every weight and answer, or an error in words."""

    digest: str = ""
    error: str = ""


def digest_trained(trained: Trained) -> str:
    """A hash of all weights and of all answers, bit by bit; curves and clocks are no part of it."""
    parts = [f"{name} {hashlib.sha256(one).hexdigest()}" for name, one in sorted(trained.weights.items())]
    for split, outputs in sorted(trained.outputs.items()):
        parts += [f"{split} {name} {array_digest(one.values)}" for name, one in sorted(outputs.items())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def repeat_training(job: TrainJob, around: Circumstances) -> Repeated:
    """Do `job`, whose paths are absolute, in a fresh process. What own code prints is kept out of sight."""
    variables = {**os.environ, **PINNED, **around.variables}
    # Where the package is found stays the same wherever the process works.
    variables["PYTHONPATH"] = os.pathsep.join(
        [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    with tempfile.TemporaryDirectory(prefix="brittlestar-repeat-") as temporary:
        answer = Path(temporary) / "answer"
        done = subprocess.run(
            [sys.executable, "-m", "brittlestar.execution.repeating", str(answer)],
            input=pickle.dumps((job, around.disturbed, around.threads)),
            capture_output=True,
            env=variables,
            cwd=around.folder,
            check=False,
        )
        if not answer.exists():
            last = done.stderr.decode(errors="replace").strip().splitlines()
            return Repeated(error=last[-1] if last else f"its process ended with code {done.returncode}")
        return Repeated(**dict([answer.read_text(encoding="utf-8").split(" ", 1)]))


def train_all(
    listed: Sequence[TrainJob],
    width: int,
    tell: Callable[[], None],
    read: Callable[[Trained], T],
    fail: Callable[[str], T],
    deadline: float,
) -> list[T]:
    """What `read` makes of each job's value, or `fail` of its error, in the order in which they are listed. `width` are
    done at once; `tell` hears of each that ends. Raises TimeoutError where one would begin after `deadline` (of
    `time.monotonic`)."""
    found: dict[int, T] = {}
    places = {id(job): number for number, job in enumerate(listed)}

    def handle(event: Event) -> None:
        number = places[id(event.job)]
        if isinstance(event, Finished):
            found[number] = read(event.value)
        elif isinstance(event, Failed):
            found[number] = fail(event.error)
        elif isinstance(event, Lost) and event.final:
            found[number] = fail(event.reason)
        else:
            return
        tell()

    jobs = iter(listed)
    Processes(width).run(lambda: None if time.monotonic() > deadline else next(jobs, None), handle, Interruption())
    if len(found) < len(listed):
        raise TimeoutError
    return [found[number] for number in range(len(listed))]


def _disturb() -> None:
    """Draw from the global random states, as something that ran before would have."""
    import numpy as np
    import torch

    random.seed(97)
    np.random.seed(97)
    torch.manual_seed(97)


def _tell_threads(many: int) -> None:
    """Answer so where code asks; what is computed stays with one thread, and so the same bit by bit."""
    import torch

    torch.get_num_threads = lambda: many
    os.cpu_count = lambda: many
    if hasattr(os, "sched_getaffinity"):
        os.sched_getaffinity = lambda _pid: {*range(many)}


def main(place: str) -> None:
    """Do the job that stands in standard input, and write what came of it."""
    job, disturbed, threads = pickle.loads(sys.stdin.buffer.read())
    if disturbed:
        _disturb()
    if threads is not None:
        _tell_threads(threads)
    try:
        sentence = f"digest {digest_trained(run_one(Serial(), job).value)}"
    except BrittlestarError as error:
        sentence = f"error {error}"
    Path(place).write_text(sentence, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
