"""The exam that an executor sits before runs are given to it.

For an executor of your own, copy this file into your tests.
"""

import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from brittlestar.data.folder import write_data
from brittlestar.execution.interruption import Interrupted, Interruption
from brittlestar.execution.jobs import (
    MOST_ATTEMPTS,
    Event,
    Executor,
    Failed,
    Finished,
    Job,
    Lost,
    Progressed,
    Started,
    TrainJob,
    make_run,
)
from brittlestar.pipeline.open import open_input
from brittlestar.pipeline.prepare import prepare
from brittlestar.store.layout import Store
from brittlestar.training.trained import Trained

WELL, RAISES, EXITS, KILLED, MEETS = range(5)
"""What the training of a seed does."""
MODULE = "executor_exam"
CODE = """
import os, signal, time, uuid
from pathlib import Path
import numpy as np

def meet(folder, width):
    name = uuid.uuid4().hex
    print(f"{name} begins")
    (folder / name).touch()
    end = time.monotonic() + 30
    while len(list(folder.iterdir())) < width and time.monotonic() < end:
        time.sleep(0.01)
    print(f"{name} ends")

def fit(train, dev, seed):
    print(f"training seed {seed}")
    if seed == 1:
        raise ValueError("this seed cannot be trained")
    if seed == 2:
        raise SystemExit(3)
    if seed == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    if seed == 4:
        meet(Path(FOLDER), WIDTH)
    share = np.random.default_rng(seed).random()
    return lambda rows: np.tile([share, 1 - share], (len(rows), 1))
"""
STUDY = f"name: exam\ndata: {{path: data}}\nmodel: {{own: '{MODULE}:fit'}}\nseeds: 5\nvariants: {{}}\n"


def executor_conformance(executor: Executor, isolates: bool = True) -> None:
    """Give an executor small trainings that go well, raise, exit and are killed, and wishes to end.

    Args:
        executor: What `brittlestar.execution.jobs.Executor` describes.
        isolates: Whether a job that is killed leaves the process of the caller alive; without it none is killed.

    Raises:
        AssertionError: It names the rule that does not hold. Every job begins, and ends in exactly one Finished, Failed
            or final Lost; events come in order, in the caller's thread, and no more jobs run at once than `width`; a
            Finished has the value that the job gives and all that it printed, and nothing that another did, also where
            one job runs twice at once; own code that raises or exits is Failed, is not retried, and ends no other job;
            a killed job is Lost and tried again with the same cell, twice at most; a wish to end, or an exception of
            `handle` or `source`, leaves `run`; the caller's random state stays.
    """
    with tempfile.TemporaryDirectory(prefix="brittlestar-") as folder:
        jobs = _jobs(Path(folder), executor.width)
        _ends(executor, [jobs[WELL], jobs[RAISES], jobs[EXITS], jobs[WELL]])
        _values(executor, jobs[WELL])
        _outputs(executor, jobs[MEETS])
        _retries(executor, [jobs[KILLED], jobs[WELL]] if isolates else [])
        _wishes(executor, jobs[WELL])


def _jobs(folder: Path, width: int) -> list[Job]:
    rows = "".join(f"a b {'c' if row % 2 else 'd'},{row % 2}\n" for row in range(8))
    (folder / "data").mkdir()
    for split in ("train", "dev", "test"):
        (folder / "data" / f"{split}.csv").write_text(f"sequence,label\n{rows}", encoding="utf-8")
    meeting = folder / "meeting"
    meeting.mkdir()
    code = f"{CODE}\nFOLDER, WIDTH = {str(meeting)!r}, {min(width, 2)}\n"
    (folder / f"{MODULE}.py").write_text(code, encoding="utf-8")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    prepared = prepare(open_input(folder / "study.yaml"))
    store = Store(folder / "exam.study")
    write_data(store.data, prepared.opened.frames, prepared.opened.data)
    run = make_run(store, folder, folder)
    return [TrainJob(run, cell) for cell in prepared.cells]


def _events(executor: Executor, jobs: Sequence[Job]) -> list[Event]:
    events: list[Event] = []
    threads: set[int] = set()
    waiting = iter(jobs)

    def handle(event: Event) -> None:
        events.append(event)
        threads.add(threading.get_ident())

    executor.run(lambda: next(waiting, None), handle, Interruption())
    assert threads <= {threading.get_ident()}, "events are handled in another thread"
    return events


def _is_end(event: Event) -> bool:
    return isinstance(event, Finished | Failed) or (isinstance(event, Lost) and event.final)


def _ends(executor: Executor, jobs: Sequence[Job]) -> None:
    assert executor.width >= 1, f"width is {executor.width}"
    assert not _events(executor, []), "events without a job"
    events = _events(executor, jobs)
    running: Counter[str] = Counter()
    for event in events:
        running[event.job.cell.hash] += isinstance(event, Started)
        assert running[event.job.cell.hash] > 0, f"{type(event).__name__} of a job that does not run"
        running[event.job.cell.hash] -= _is_end(event)
        assert running.total() <= executor.width, f"more than {executor.width} jobs run at once"
    assert not running.total(), "a job that began has no end"
    ends = [event for event in events if _is_end(event)]
    assert len(ends) == len(jobs), f"{len(jobs)} jobs have {len(ends)} ends"
    for event in ends:
        seed = event.job.cell.seed
        assert isinstance(event, Finished if seed == WELL else Failed), f"seed {seed} ended as {type(event).__name__}"
        assert event.attempt == 1, "what own code does is tried again"
        assert f"training seed {seed}" in event.log, "what own code printed is not kept"
        if isinstance(event, Failed) and seed == RAISES:
            assert "this seed cannot be trained" in event.error, f"the error is lost: {event.error!r}"


def _values(executor: Executor, job: Job) -> None:
    from brittlestar.execution.work import perform

    before = random.getstate()
    values = [event.value for event in _events(executor, [job, job]) if isinstance(event, Finished)]
    assert random.getstate() == before, "the caller's random state has changed"
    own = perform(job, lambda epoch, epochs: None)
    assert isinstance(own, Trained) and len(values) == 2, "two trainings gave no two values"
    for value in values:
        same = isinstance(value, Trained) and value.scores == own.scores
        assert same, "a value is not what the job gives in this process"


def _outputs(executor: Executor, job: Job) -> None:
    logs = [event.log for event in _events(executor, [job, job]) if isinstance(event, Finished)]
    assert len(logs) == 2, "two trainings of one job at once have no two ends"
    for log in logs:
        begun, ended = ([line.split()[0] for line in log.splitlines() if word in line] for word in ("begins", "ends"))
        assert begun and ended, f"a job that runs twice at once has not all that it printed: {log!r}"
        assert begun == ended and len(begun) == 1, f"a job's output is another's too: {log!r}"
    assert logs[0] != logs[1], "two trainings have the output of one"


def _retries(executor: Executor, jobs: Sequence[Job]) -> None:
    events = _events(executor, jobs)
    lost = [event for event in events if isinstance(event, Lost)]
    expected = [(number, number == MOST_ATTEMPTS) for number in range(1, MOST_ATTEMPTS + 1)] if jobs else []
    assert [(event.attempt, event.final) for event in lost] == expected, f"a killed job is lost as {lost}"
    assert len({event.job.cell.hash for event in lost}) <= 1, "another job is lost than the one that is killed"
    assert sum(isinstance(event, Finished) for event in events) == len(jobs[1:]), "a killed job takes others with it"


def _wishes(executor: Executor, job: Job) -> None:
    over = Interruption(time.monotonic() - 1)
    seen: list[Event] = []
    try:
        executor.run(iter([job, None]).__next__, seen.append, over)
        raise AssertionError("a deadline that is over ends nothing")
    except Interrupted:
        assert not any(isinstance(event, Progressed | Finished) for event in seen), "a job is done after the deadline"

    def refuse(*_: Event) -> None:
        raise ArithmeticError

    for source, handle in ((iter([job, None]).__next__, refuse), (refuse, seen.append)):
        try:
            executor.run(source, handle, Interruption())
            raise AssertionError("an exception of handle or source does not leave run")
        except ArithmeticError:
            pass
    assert any(isinstance(event, Finished) for event in _events(executor, [job])), "it does not work after it was ended"
