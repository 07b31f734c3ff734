"""What a job's files are on a node that shares no folder with the run: which go there, where they lie, and which come
back. Ray loads this module on every node; it imports no Ray."""

import hashlib
import shutil
import tempfile
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from brittlestar.core.hashing import array_digest, digest
from brittlestar.execution.jobs import Job, ProbeJob, ScoreJob, TrainJob, cells_of
from brittlestar.execution.own_code import user_folder
from brittlestar.store.layout import CELLS, DATA, DERIVED
from brittlestar.training.trained import CHECKPOINTS

TABLES = "tables"


@dataclass(frozen=True)
class Carried:
    """Files by their key in a store, as uint8 arrays, which Ray shows every process of a node without a copy. A node
    keeps those that have a `name`, by what they hold, until the run ends."""

    files: Mapping[str, np.ndarray]
    name: str | None = None


Returned = Mapping[str, Mapping[str, bytes]]
"""Folders of a store that a job wrote: by key, files by name."""


def list_inputs(job: Job) -> Iterator[tuple[Path, str]]:
    """What a job reads that many jobs read: each file or folder of this machine, and its key on the node."""
    store = job.run.store
    yield store.path(DATA), DATA
    suite = job.suite if isinstance(job, ProbeJob) else job.run.suite if isinstance(job, TrainJob) else None
    if suite is not None:
        yield store.path(store.suite(suite)), store.suite(suite)
    for table in _tables(job):
        yield Path(job.run.base) / table, _table_key(table)


def carry(source: Path, key: str) -> Carried:
    """A file or a folder with all its files, for many jobs."""
    below = [source] if source.is_file() else [path for path in sorted(source.rglob("*")) if path.is_file()]
    named = {(Path(key) / path.relative_to(source)).as_posix(): path for path in below}
    files = {name: np.fromfile(path, np.uint8) for name, path in named.items()}
    return Carried(files, digest({name: array_digest(content) for name, content in files.items()}))


def carry_weights(job: Job) -> Carried:
    """The weights that a job on a finished cell begins from; nothing for others."""
    if not isinstance(job, ScoreJob | ProbeJob):
        return Carried({})
    store = job.run.store
    keys = [store.weights(job.cell.hash, checkpoint) for checkpoint in CHECKPOINTS]
    return Carried({key: np.fromfile(store.path(key), np.uint8) for key in keys})


@contextmanager
def place_job(job: Job, run: str, carried: tuple[Carried, ...]) -> Generator[Job]:
    """The job with a store of its own on this node, which has the `carried` files and goes with the block. What a
    `run` keeps here lies in one folder of this user."""
    home = user_folder("run") / run
    home.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home, prefix="job-") as place:
        root = Path(place)
        for one in carried:
            if one.name is None:
                _write(one, root)
                continue
            kept = _keep(one, home)
            for key in one.files:
                (root / key).parent.mkdir(parents=True, exist_ok=True)
                (root / key).symlink_to(kept / key)
        tables = {table: str(root / _table_key(table)) for table in _tables(job)}
        yield replace(job, run=replace(job.run, folder=place, tables=tables))


def collect_returned(job: Job) -> Returned:
    """The folders that were placed in the store of a job on this node."""
    store = job.run.store
    keys = [key for room in (CELLS, DERIVED) for key in store.backend.list_placed(room)]
    return {key: {path.name: path.read_bytes() for path in sorted(store.path(key).iterdir())} for key in keys}


def forget_run(run: str) -> None:
    """Remove what a run kept on this node."""
    shutil.rmtree(user_folder("run") / run, ignore_errors=True)


def _keep(carried: Carried, home: Path) -> Path:
    """The folder of files that have a name, written by the first job that needs them."""
    kept = home / str(carried.name)
    if not kept.exists():
        part = Path(tempfile.mkdtemp(dir=home, prefix="part-"))
        _write(carried, part)
        try:
            part.rename(kept)
        except OSError:  # another process was first
            shutil.rmtree(part)
    return kept


def _write(carried: Carried, folder: Path) -> None:
    for key, content in carried.files.items():
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        content.tofile(folder / key)


def _tables(job: Job) -> tuple[str, ...]:
    """The files of embedding tables that the variants of a job name."""
    found = (cell.settings["model"].get("embedding", {}).get("table") for cell in cells_of(job))
    return tuple(dict.fromkeys(str(table) for table in found if table is not None))


def _table_key(table: str) -> str:
    return f"{TABLES}/{hashlib.sha256(table.encode()).hexdigest()[:16]}/{Path(table).name}"
