"""What a run leaves when it is trained again, file by file beside what the record has; its answers to probes, too."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.probing import ProbedCell
from brittlestar.execution.inspecting import run_one
from brittlestar.execution.jobs import Executor, Finished, ProbeJob, TrainJob
from brittlestar.store.cell_folder import LOG, read_outcome
from brittlestar.store.cell_outputs import read_environment, write_done
from brittlestar.store.layout import Store, probed_folder, weights_name
from brittlestar.store.probe_answers import write_probed
from brittlestar.store.suites import StoredSuite
from brittlestar.training.trained import Trained
from brittlestar.verbs.unpacked import Unpacked

TOLD = ("outcome", "best_epoch", "epochs", "scores", "seen")
"""What an outcome says that follows from the training."""
_FOLDERS = re.compile(r"(?:[A-Za-z]:)?[\\/](?:[^\s:\"'\\/]+[\\/])*(?=[^\s:\"'\\/]*)")


def list_differences(
    record: Unpacked, job: TrainJob, done: Finished, suite: StoredSuite | None, executor: Executor
) -> list[str]:
    """What is not the same in a run that was trained again in the environment class that it was made in: files, what
    its outcome says, its log, and its answers to the suite of probes."""
    cell = next(one for one in record.cells if one.hash == job.cell.hash)  # its paths are those of the record
    stored = read_outcome(record.store, record.store.cell(cell.hash)) or {}
    with tempfile.TemporaryDirectory(prefix="brittlestar-again-") as place:
        store = Store(Path(place))
        _write(store, record, cell, done)
        again = read_outcome(store, store.cell(cell.hash)) or {}
        wrong = [*_compare_files(stored, again), *(name for name in TOLD if stored.get(name) != again.get(name))]
        if stored["files"].get(LOG) != again["files"][LOG]:
            wrong += _compare_logs(record, cell, done.log, lambda: run_one(executor, job).log)
        probed = None if suite is None else _probe(record, job, done.value, suite, executor)
        if suite is not None and probed is not None:
            write_probed(store, cell.hash, suite.id, probed)
            key = probed_folder(store, cell.hash, suite.id)
            before, after = (read_outcome(one, key) or {} for one in (record.store, store))
            wrong += [f"probes: {name}" for name in _compare_files(before, after)]
    return wrong


def _write(store: Store, record: Unpacked, cell: Cell, done: Finished) -> None:
    fingerprints = {name: split.fingerprint for name, split in record.data.splits.items()}
    write_done(store, cell, done.value, done.log, read_environment(record.store, cell.hash), fingerprints)


def _compare_files(stored: dict[str, Any], again: dict[str, Any]) -> Iterator[str]:
    """Names of files that are not the same, apart from the log."""
    before, after = stored.get("files", {}), again["files"]
    yield from sorted(name for name in {*before, *after} - {LOG} if before.get(name) != after.get(name))


def _compare_logs(record: Unpacked, cell: Cell, log: str, repeat: Callable[[], str]) -> Iterator[str]:
    """The log, if the same training prints the same each time, and the record has something else. Folders in it are
    those of another machine."""
    path = record.store.path(f"{record.store.cell(cell.hash)}/{LOG}")
    before, after = (_FOLDERS.sub("", text) for text in (path.read_text(encoding="utf-8"), log))
    if before != after and _FOLDERS.sub("", repeat()) == after:
        lines = zip([*before.splitlines(), ""], [*after.splitlines(), ""], strict=False)
        first, second = next(((one, other) for one, other in lines if one != other), ("", ""))
        yield f"{LOG} ({first[:60]!r} in the record, {second[:60]!r} again)"


def _probe(
    record: Unpacked, job: TrainJob, value: Trained, suite: StoredSuite, executor: Executor
) -> ProbedCell | None:
    """Answers to the suite, where the record has those of this run: of a network they are asked of its weights."""
    if read_outcome(record.store, probed_folder(record.store, job.cell.hash, suite.id)) is None:
        return None
    if value.probed is not None or not value.weights:
        return value.probed
    folder = record.store.path(record.store.cell(job.cell.hash))
    for name, content in value.weights.items():
        (folder / weights_name(name)).write_bytes(content)
    probing = ProbeJob(replace(job.site, store=str(record.store.root)), job.cell, (suite.suite.split,), suite.id)
    return run_one(executor, probing).value
