"""What happens on a node of a Ray cluster: one job in a store and a process of its own, whose files go back to the run.

Ray loads this module on every node; it imports no Ray.
"""

import os
import pickle
import socket
import tempfile
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np

from brittlestar.execution.describing import describe_worker
from brittlestar.execution.interruption import Interrupted, Interruption
from brittlestar.execution.jobs import Event, Failed, Finished, InspectJob, Job, Lost, Run, Started
from brittlestar.execution.own_code import find_own_code
from brittlestar.execution.places import describe_shortage
from brittlestar.execution.processes import Processes
from brittlestar.execution.saving import save_end
from brittlestar.store.layout import CELLS, DERIVED

_LOOK_EVERY = 0.1  # seconds within which a cancelled job notices
_NO_JOB = InspectJob(Run("", "", ""), ())
"""Stands for the job in events that cross to the driver, which knows it."""

Files = Mapping[str, np.ndarray]
"""Files by their key in a store, as uint8 arrays, which Ray shows every process of a node without a copy."""
Returned = Mapping[str, Mapping[str, bytes]]
"""Folders of a store that a job wrote: by key, files by name."""
Told = tuple[Event, Returned]


def read_files(source: Path, key: str) -> Files:
    """A file, or all files of a folder, by their keys in the store of a job."""
    below = [source] if source.is_file() else [path for path in sorted(source.rglob("*")) if path.is_file()]
    return {(Path(key) / path.relative_to(source)).as_posix(): np.fromfile(path, np.uint8) for path in below}


def do_job(asked: bytes, *inputs: Files) -> Iterator[Mapping[str, Any] | Told]:
    """Say what this node is, then do a job once, and tell what happens while it happens. `asked` is the pickled
    (job, hashes of its own code, timeout): a node with another brittlestar says so before it reads that. Ends the
    process with all that it started when it is closed or interrupted; raises what keeps this node from any job."""
    yield {**describe_worker(), "host": socket.gethostname()}
    job, code, timeout = pickle.loads(asked)
    events, ending = SimpleQueue[Told | Exception | None](), Interruption()

    def tell(event: Event) -> None:
        events.put(_tell(event))

    def work() -> None:
        try:
            with _place(job, code, inputs) as there:
                Processes(1, timeout, attempts=1).run(iter([there, None]).__next__, tell, ending)
        except Interrupted:
            pass
        except Exception as error:  # a full disk, say: the driver hears of it
            events.put(error)
        finally:
            events.put(None)

    working = threading.Thread(target=work, daemon=True)
    working.start()
    try:
        while True:
            with suppress(Empty):  # waits in short turns: an interrupt of Ray's comes between two
                if (told := events.get(timeout=_LOOK_EVERY)) is None:
                    return
                if isinstance(told, Exception):
                    raise told
                yield told
    finally:
        ending.deadline = 0.0
        working.join()


def _tell(event: Event) -> Told:
    """An event as it goes to the driver, and what the job wrote once it has ended."""
    event, files = save_end(event), dict[str, Mapping[str, bytes]]()
    host, gpu = socket.gethostname(), os.environ.get("CUDA_VISIBLE_DEVICES", "").partition(",")[0]
    if isinstance(event, Started):
        event = replace(event, host=host, gpu=int(gpu) if gpu.isdecimal() else None)
    elif isinstance(event, Lost) and event.on_gpu:
        event = replace(event, reason=describe_shortage(f"GPU {gpu} of {host}"))
    elif isinstance(event, Finished | Failed):
        store = event.job.run.store
        for key in (key for room in (CELLS, DERIVED) for key in store.backend.list_placed(room)):
            files[key] = {path.name: path.read_bytes() for path in sorted(store.path(key).iterdir())}
    return replace(event, job=_NO_JOB), files


@contextmanager
def _place(job: Job, code: Mapping[str, str], inputs: Sequence[Files]) -> Generator[Job]:
    """The job with a store of its own on this node, which has the `inputs` and goes with the block."""
    search_path = find_own_code(code, job.run.search_path)
    with tempfile.TemporaryDirectory(prefix="brittlestar-") as place:
        for key, content in ((key, content) for files in inputs for key, content in files.items()):
            (Path(place) / key).parent.mkdir(parents=True, exist_ok=True)
            content.tofile(Path(place) / key)
        tables = {table: str(Path(place) / key) for table, key in job.run.tables.items()}
        yield replace(job, run=replace(job.run, folder=place, search_path=search_path, tables=tables))
