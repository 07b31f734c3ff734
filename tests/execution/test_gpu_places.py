"""Runs that share GPUs, on a machine without one: cells are of the CPU, and the executor takes them for cells of cuda
(`trains_on_gpu`). A fit function stands for a GPU whose memory two runs exceed."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from brittlestar.data.folder import write_data
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Event, Finished, Job, Lost, Started, TrainJob, make_run
from brittlestar.execution.places import Places, describe_shortage
from brittlestar.execution.processes import Processes
from brittlestar.pipeline.open import open_input
from brittlestar.pipeline.prepare import prepare
from brittlestar.store.layout import Store
from tests.execution.tiny import forget, source, write_study

FIT = """
import os, pathlib, time

HERE = pathlib.Path(__file__).parent

class OutOfMemoryError(RuntimeError):
    pass

def fit(train, dev, seed):
    print("GPUs:", os.environ.get("CUDA_VISIBLE_DEVICES"))
    (HERE / f"at-work-{seed}").touch()
    try:
        if seed == 0:
            until = time.monotonic() + (20 if not (HERE / "tried").exists() else 0.3)
            while time.monotonic() < until:
                if any(HERE.glob("at-work-[1-9]")):
                    (HERE / "tried").touch()
                    raise OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
                time.sleep(0.01)
        if seed == 9:
            raise OutOfMemoryError("CUDA out of memory. Tried to allocate 80.00 GiB.")
        time.sleep(0.2)
    finally:
        (HERE / f"at-work-{seed}").unlink(missing_ok=True)
    return lambda rows: [[0.5, 0.5] for _ in rows]
"""


@pytest.fixture(autouse=True)
def _taken_for_cuda(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("brittlestar.execution.jobs.trains_on_gpu", lambda cell: True)
    yield
    forget("greedy")


def fitting_jobs(folder: Path, seeds: list[int]) -> list[Job]:
    """A job of the fit function for each seed."""
    (folder / "greedy.py").write_text(FIT, encoding="utf-8")
    path = write_study(folder)
    study = f"name: greedy\ndata: {{path: data}}\nmodel: {{own: 'greedy:fit'}}\nseeds: {seeds}\n"
    path.write_text(study, encoding="utf-8")
    prepared = prepare(open_input(path))
    store = Store(folder / "greedy.study")
    write_data(store.data, prepared.opened.frames, prepared.opened.data)
    return [TrainJob(make_run(store, folder, folder), cell) for cell in prepared.cells]


def run_jobs(executor: Processes, jobs: list[Job]) -> list[Event]:
    events: list[Event] = []
    executor.run(source(*jobs), events.append, Interruption())
    return events


def test_runs_take_the_gpus_in_turn_and_no_more_than_their_places(tmp_path: Path) -> None:
    events = run_jobs(Processes(8, places=Places(2, 2)), fitting_jobs(tmp_path, [1, 2, 3, 4, 5, 6]))
    at_work: Counter[int] = Counter()
    where: dict[int, int] = {}
    for event in events:
        seed = event.job.cell.seed
        if isinstance(event, Started):
            assert event.gpu in (0, 1)
            where[seed] = event.gpu
            at_work[event.gpu] += 1
        else:
            at_work[where[seed]] -= 1
        assert max(at_work.values()) <= 2
    assert [where[seed] for seed in (1, 2, 3, 4)] == [0, 1, 0, 1]
    assert sum(isinstance(event, Finished) for event in events) == 6


def test_what_lacks_memory_beside_others_is_tried_again_alone(tmp_path: Path) -> None:
    events = run_jobs(Processes(4, places=Places(1, 2)), fitting_jobs(tmp_path, [0, 1, 2, 3, 4]))
    first = [event for event in events if event.job.cell.seed == 0]
    assert [type(event) for event in first] == [Started, Lost, Started, Finished]
    lost = first[1]
    assert isinstance(lost, Lost) and not lost.final and lost.on_gpu
    assert lost.reason == describe_shortage("GPU 0")
    assert "Tried to allocate 2.00 GiB" in lost.log
    begin, end = events.index(first[2]), events.index(first[3])
    assert end == begin + 1, "another run began or ended beside the one that is alone"
    ended = {event.job.cell.seed for event in events[:begin] if isinstance(event, Finished)}
    begun = {event.job.cell.seed for event in events[:begin] if isinstance(event, Started)}
    assert begun - {0} == ended
    assert sum(isinstance(event, Finished) for event in events) == 5


def test_what_lacks_memory_alone_is_lost_with_what_helps(tmp_path: Path) -> None:
    events = run_jobs(Processes(4, places=Places(2, 2)), fitting_jobs(tmp_path, [9]))
    lost = [event for event in events if isinstance(event, Lost)]
    assert [(event.attempt, event.final) for event in lost] == [(1, False), (2, False), (3, True)]
    assert "out of memory on GPU 0: a smaller training.batch_size" in lost[0].reason
