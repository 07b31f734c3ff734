"""What own code may do to a worker, and what becomes of its cell. One run of eleven seeds, each with its own fault."""

import errno
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from brittlestar.core.errors import StoreError
from brittlestar.core.results import CellRecord
from brittlestar.execution.descendants import descendants
from brittlestar.execution.interruption import Interrupted, Interruption
from brittlestar.execution.jobs import (
    Event,
    Failed,
    Finished,
    Job,
    Lost,
    Progressed,
    Run,
    SilentWatcher,
    Started,
    TrainJob,
)
from brittlestar.execution.processes import Processes
from brittlestar.execution.server import server_id
from brittlestar.reports.showing import Document
from brittlestar.store.cell_folder import read_outcome
from brittlestar.store.layout import Store
from brittlestar.verbs.run import RunResult, run
from tests.execution.tiny import attempts, source, write_study

FAULTY = """
import os, pathlib, signal, subprocess, sys, threading, time

HERE = pathlib.Path(__file__).parent

def fit(train, dev, seed):
    print(f"seed {seed} begins")
    FAULTS.get(seed, lambda: None)()
    return lambda rows: [[0.5, 0.5] for _ in rows]

def raises():
    raise ValueError("labels \\udcff are odd")

def killed():
    os.kill(os.getpid(), signal.SIGKILL)

def killed_once():
    mark = HERE / "once"
    if not mark.exists():
        mark.touch()
        killed()

def short_of_memory():
    raise MemoryError

def starts_processes(name="sleeper"):
    sleeper = subprocess.Popen(["sleep", "600"])
    (HERE / name).write_text(str(sleeper.pid))
    threading.Thread(target=time.sleep, args=(600,)).start()

def sleeps():
    starts_processes("late-sleeper")
    time.sleep(600)

def goes_silent():
    os.closerange(0, 200)
    time.sleep(600)

def prints_a_lot():
    for _ in range(10):
        print("x" * 1_000_000)
    os.write(1, b"bytes \\xff\\xfe of no encoding\\n")
    subprocess.run(["echo", "a child speaks"])
    sys.stderr.buffer.write(b"the end \\xff\\r\\n")

FAULTS = {1: raises, 2: lambda: os._exit(3), 3: lambda: sys.exit("enough"), 4: killed, 5: killed_once,
          6: short_of_memory, 7: starts_processes, 8: sleeps, 9: prints_a_lot, 10: goes_silent}
"""

TIMEOUT = 3600.0


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunResult, list[Event]]:
    """One run with every fault; the folder, its result and all events. No cell is late because the machine is slow: the
    executor's clock leaps beyond the timeout when only the cell that sleeps is left."""
    folder = tmp_path_factory.mktemp("faulty")
    write_study(folder)
    (folder / "study.yaml").write_text(
        "name: faulty\ndata: {path: data}\nmodel: {own: 'faulty:fit'}\nseeds: 11\n", encoding="utf-8"
    )
    (folder / "faulty.py").write_text(FAULTY, encoding="utf-8")
    events: list[Event] = []
    real = time.monotonic

    def clock() -> float:
        ended = {event.job.cell.seed for event in events if is_end(event)}
        left = set(range(11)) - ended
        return real() + (2 * TIMEOUT if left == {8} and (folder / "late-sleeper").exists() else 0.0)

    class Listening(SilentWatcher):
        def on_event(self, event: Event, done: int, total: int, seconds_left: float | None) -> None:
            events.append(event)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("brittlestar.pipeline.run.build_report", lambda store, reading: Document({}))
        patch.setattr("brittlestar.execution.processes.time", SimpleNamespace(monotonic=clock))
        result = run(folder / "study.yaml", out=folder / "store", jobs=3, timeout=TIMEOUT, watcher=Listening())
    return folder, result, events


def is_end(event: Event) -> bool:
    return isinstance(event, (Finished, Failed)) or (isinstance(event, Lost) and event.final)


def cell_of(result: RunResult, seed: int) -> CellRecord:
    return next(cell for cell in result.record.cells if cell.seed == seed)


def log_of(folder: Path, result: RunResult, seed: int) -> str:
    return (folder / "store" / "cells" / cell_of(result, seed).hash / "log.txt").read_bytes().decode()


def count(folder: Path, seed: int, event: str) -> int:
    return sum(line["event"] == event and line["seed"] == seed for line in attempts(folder / "store"))


@pytest.mark.parametrize(
    ("seed", "state", "error"),
    [
        (0, "done", None),
        (1, "failed", "ValueError: labels \\udcff are odd"),
        (2, "failed", "the process ended itself with exit code 3"),
        (3, "failed", "SystemExit: enough"),
        (4, "lost", "the process was ended by SIGKILL"),
        (5, "done", None),
        (6, "lost", "out of memory"),
        (7, "done", None),
        (8, "failed", "timed out: not done within 3600 s (--timeout)"),
        (9, "done", None),
        (10, "failed", "the process closed its files and stopped reporting"),
    ],
)
def test_each_fault_has_its_state(
    faulty: tuple[Path, RunResult, list[Event]], seed: int, state: str, error: str | None
) -> None:
    cell = cell_of(faulty[1], seed)
    assert cell.state == state
    assert (cell.error is None) if error is None else error in (cell.error or "")
    assert faulty[1].exit_code == 1


def test_only_lost_cells_are_retried_and_twice_at_most(faulty: tuple[Path, RunResult, list[Event]]) -> None:
    folder, result, _ = faulty
    assert [count(folder, seed, "started") for seed in range(11)] == [1, 1, 1, 1, 3, 2, 3, 1, 1, 1, 1]
    assert [count(folder, seed, "retried") for seed in (4, 5, 6)] == [2, 1, 2]
    hashes = {line["cell"] for line in attempts(folder / "store") if line["seed"] == 5}
    assert hashes == {cell_of(result, 5).hash}


def test_nothing_that_own_code_started_is_left(faulty: tuple[Path, RunResult, list[Event]]) -> None:
    for name in ("sleeper", "late-sleeper"):
        process = int((faulty[0] / name).read_text())
        until = time.monotonic() + 60
        while Path(f"/proc/{process}/cmdline").exists() and b"sleep" in Path(f"/proc/{process}/cmdline").read_bytes():
            assert time.monotonic() < until, f"{name} lives on"
            time.sleep(0.05)


def test_logs_tell_where_own_code_raised_and_keep_their_two_ends(faulty: tuple[Path, RunResult, list[Event]]) -> None:
    log = log_of(faulty[0], faulty[1], 1)
    assert log.startswith("seed 1 begins\n") and 'faulty.py", line 12, in raises' in log
    assert cell_of(faulty[1], 4).log_tail == ("seed 4 begins",), "a lost cell keeps the end of its log"
    log = log_of(faulty[0], faulty[1], 9)
    assert log.startswith("seed 9 begins\nxxx") and log.endswith(
        "\na child speaks\nthe end \N{REPLACEMENT CHARACTER}\r\n"
    )
    assert "bytes left out …]" in log and len(log) < 1_100_000
    assert "bytes \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER} of no encoding" in log


def test_failed_cells_are_not_tried_again_and_lost_ones_are(
    faulty: tuple[Path, RunResult, list[Event]], no_report: None
) -> None:
    folder, before, _ = faulty
    again = run(folder / "store", jobs=3)
    assert [count(folder, seed, "started") for seed in range(11)] == [1, 1, 1, 1, 6, 2, 6, 1, 1, 1, 1]
    assert {c.seed: c.state for c in again.record.cells} == {c.seed: c.state for c in before.record.cells}


def test_a_failed_cell_is_run_again_alone_and_its_old_folder_set_aside(
    faulty: tuple[Path, RunResult, list[Event]], no_report: None
) -> None:
    folder, before, _ = faulty
    cell = cell_of(before, 2)
    run(folder / "store", cell=cell.hash[:12], watcher=SilentWatcher())
    assert count(folder, 2, "started") == 2 and count(folder, 3, "started") == 1
    store = Store(folder / "store")
    aside = read_outcome(store, f"{store.cell(cell.hash)}.1")
    assert (aside or {})["state"] == "failed" and read_outcome(store, store.cell(cell.hash))


def test_all_running_jobs_end_when_the_handler_raises(slow: Callable[[int], Job]) -> None:
    seen: list[Event] = []

    def handle(event: Event) -> None:
        seen.append(event)
        if isinstance(event, Progressed):
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="the disk is full"):
        Processes(2).run(source(slow(0), slow(1)), handle, Interruption())
    workers = {event.pid for event in seen if isinstance(event, Started)}
    assert len(workers) == 2 and not workers & {process.pid for process in descendants([os.getpid()])}


def test_as_many_cells_as_asked_for_are_on_the_device_at_once(slow: Callable[[int], Job]) -> None:
    jobs = [slow(seed) for seed in range(4)]
    assert {job.cell.settings["training"]["device"] for job in jobs} == {"cpu"}
    running: set[int] = set()
    most: list[int] = []

    def handle(event: Event) -> None:
        if isinstance(event, Started):
            running.add(event.job.cell.seed)
            most.append(len(running))
        elif isinstance(event, (Lost, Finished, Failed)):
            running.discard(event.job.cell.seed)
        if len(running) == 3:
            (Path(event.job.run.search_path) / "go").touch()

    Processes(3).run(source(*jobs), handle, Interruption())
    assert max(most) == 3 and len(most) == 4 and not running


def test_a_spent_budget_ends_running_jobs_in_time(slow: Callable[[int], Job]) -> None:
    Processes(1).warm()
    Processes(1).run(source(), lambda event: None, Interruption())
    began = time.monotonic()
    with pytest.raises(Interrupted) as wish:
        Processes(2).run(source(slow(0), slow(1)), lambda event: None, Interruption(began + 1.0))
    assert wish.value.by_budget and time.monotonic() - began < 120


def test_the_death_of_the_fork_server_loses_no_cell_for_good(slow: Callable[[int], Job]) -> None:
    events: list[Event] = []

    def handle(event: Event) -> None:
        events.append(event)
        if isinstance(event, Progressed) and not any(isinstance(one, Lost) for one in events):
            os.kill(server_id() or 0, signal.SIGKILL)
        if isinstance(event, Lost):
            (Path(event.job.run.search_path) / "go").touch()

    Processes(1).run(source(slow(0)), handle, Interruption())
    ends = [event for event in events if isinstance(event, (Lost, Finished, Failed))]
    assert [type(end) for end in ends] == [Lost, Finished]
    assert isinstance(ends[0], Lost) and ends[0].reason.startswith("the fork server died")


def test_a_full_disk_for_temporary_files_is_told_from_a_full_store(
    slow: Callable[[int], Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("brittlestar.execution.processes.tempfile.TemporaryDirectory", full)
    with pytest.raises(StoreError, match=r"no room for temporary files: No space left on device; .* in TMPDIR"):
        Processes(1).run(source(slow(0)), lambda event: None, Interruption())


def test_no_descriptors_are_kept(slow: Callable[[int], Job]) -> None:
    jobs = [slow(seed) for seed in range(6)]
    (Path(jobs[0].run.search_path) / "go").touch()
    executor = Processes(2)
    executor.run(source(*jobs[:2]), lambda event: None, Interruption())
    before = len(list(Path("/proc/self/fd").iterdir()))
    ends: list[Event] = []
    executor.run(source(*jobs[2:]), ends.append, Interruption())
    assert sum(isinstance(event, Finished) for event in ends) == 4
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


@pytest.fixture
def slow(study: Path) -> Callable[[int], Job]:
    """Training jobs that report epoch 0 and then wait for a file `go`."""
    from brittlestar.data.folder import write_data
    from brittlestar.pipeline.open import open_input
    from brittlestar.pipeline.prepare import prepare

    (study.parent / "own.py").write_text(
        "import pathlib, time\nimport torch\n"
        "class Slow(torch.nn.Module):\n"
        "    def __init__(self, n):\n"
        "        super().__init__()\n"
        "        self.rows = torch.nn.Embedding(n, 2)\n"
        "    def forward(self, tokens, lengths):\n"
        "        while self.training and not pathlib.Path(__file__).with_name('go').exists():\n"
        "            time.sleep(0.01)\n"
        "        return self.rows(tokens).sum(1)\n"
        "def build(info):\n"
        "    return Slow(info.vocabulary_size)\n",
        encoding="utf-8",
    )
    study.write_text(
        "name: slow\ndata: {path: data}\nmodel: {own: 'own:build'}\nseeds: 6\ntraining: {epochs: 1}\n", encoding="utf-8"
    )
    prepared = prepare(open_input(study))
    write_data(Store(study.parent).data, prepared.opened.frames, prepared.opened.data)
    run = Run(str(study.parent), str(study.parent), str(study.parent))
    return lambda seed: TrainJob(run, prepared.cells[seed])
