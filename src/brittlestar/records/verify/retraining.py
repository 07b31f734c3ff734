"""Runs of a record are trained again: identical within one environment class, equivalent or not elsewhere."""

import io
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from secrets import SystemRandom
from typing import Any

import numpy as np
import polars as pl

from brittlestar.core.cells import Cell
from brittlestar.core.errors import BrittlestarError
from brittlestar.core.hashing import parquet_bytes
from brittlestar.core.probing import ProbedCell
from brittlestar.data.opening import is_withheld
from brittlestar.execution.describing import describe_worker
from brittlestar.execution.environment import environment_class
from brittlestar.execution.inspecting import run_one
from brittlestar.execution.job_inputs import draw_data
from brittlestar.execution.jobs import Executor, Finished, ProbeJob, Site, TrainJob
from brittlestar.records.gathering import CODE
from brittlestar.records.outcomes import Checked, Outcome, judge
from brittlestar.records.rerunning import locate_table
from brittlestar.records.unpacked import NO_DATA, Unpacked, name_run
from brittlestar.statistics.row_bounds import bound_discordant
from brittlestar.store.backend import OUTCOME
from brittlestar.store.cell_folder import LOG, read_outcome
from brittlestar.store.cell_outputs import PREDICTIONS, prediction_columns, read_environment, write_done
from brittlestar.store.layout import Store, probed_folder, weights_name
from brittlestar.store.probe_answers import write_probed
from brittlestar.store.suites import StoredSuite, current_suite
from brittlestar.study.names import is_session
from brittlestar.study.settings import DataSettings
from brittlestar.training.trained import Trained

WHAT = "runs trained again"
MARGIN = 0.01  # convention: one point of accuracy, as of a claim of equivalence
TIMED_OUT = "timed out"
"""How the error begins of a run that had no more time."""
UNTRUSTED = "runs of {} are of own code, which is run only with --trust-code: read the files in code/ first"
IN_SESSION = "the model of {} lived in a session, and its code is not in the record"
LEVEL = 0.9  # two one-sided tests at 5 % each (Schuirmann 1987)


def retrain(record: Unpacked, many: int, executor: Executor) -> Checked:
    """Train `many` runs of a record again, drawn at random, from the settings, data and code in it.

    Within the environment class that a run was made in, everything that it left must be the same, bit by bit:
    predictions, curves, steps, weights, and answers to probes. Elsewhere its answers on test (dev where there is
    none) are held against the stored ones row by row: equivalent where the difference in accuracy lies within one point
    with its 90 % interval. Where code that is not trusted keeps runs from being drawn, the whole cannot be told.
    """
    cells, why = _draw_cells(record, many)
    suite, here = current_suite(record.store), describe_worker()
    found = [_train_again(record, cell, suite, executor, here) for cell in cells]
    told = tuple(f"{one.what}: {told}" for one in found for told in one.details)
    return Checked(WHAT, judge([*found, *([Checked(WHAT, "cannot-tell")] if why else [])]), (*told, *why))


def _draw_cells(record: Unpacked, many: int) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    """Runs that can be trained again from the record alone, drawn at random; and why there are none, or not others."""
    if is_withheld(record.store.data):
        return (), (NO_DATA,)
    able: list[Cell] = []
    left: dict[str, list[str]] = {}
    digests: Mapping[str, str] = record.document.get("file_digests", {})
    for cell in record.cells:
        place = record.store.path(f"{record.store.cell(cell.hash)}/{OUTCOME}")
        if not place.exists() or str(json.loads(place.read_bytes()).get("error")).startswith(TIMED_OUT):
            continue  # with other clocks it ends otherwise
        own, found = cell.settings["model"]["own"], locate_table(cell, digests, record.folder)
        if is_session(own):
            left.setdefault(IN_SESSION, []).append(cell.variant)
        elif found is not None and own is not None and not record.trusted:
            left.setdefault(UNTRUSTED, []).append(cell.variant)
        elif found is not None:
            able.append(found)
    why = [told.format(", ".join(dict.fromkeys(variants))) for told, variants in left.items()]
    if not (able or why):
        why.append("no run can be trained from what is in the record")
    return tuple(SystemRandom().sample(able, min(many, len(able)))), tuple(why)


def _train_again(
    record: Unpacked, cell: Cell, suite: StoredSuite | None, executor: Executor, here: dict[str, Any]
) -> Checked:
    site = Site(str(record.store.root), str(record.folder / CODE), str(record.folder))
    job = TrainJob(site, cell, None if suite is None else suite.id)
    try:
        done = run_one(executor, job)
    except BrittlestarError as error:
        return _compare_failure(record, cell, error, here)
    outcome, same_class = _read_stored(record, cell, here)
    if outcome["state"] == "failed":
        told = "it is said to have failed, and trained again it does not"
        return _conclude(cell, "differs" if same_class else "cannot-tell", told)
    folder = record.store.path(record.store.cell(cell.hash))
    again = parquet_bytes(prediction_columns(done.value.outputs))  # as a cell has them
    stored, found = pl.read_parquet(folder / PREDICTIONS), pl.read_parquet(io.BytesIO(again))
    if not same_class:
        if stored.equals(found):
            return _conclude(cell, "identical", "every prediction is the same")
        return _test_equivalence(record, cell, stored, found)
    if not (wrong := list_differences(record, job, done, suite, executor)):
        return _conclude(cell, "identical", "everything that it left is the same")
    told = f"the environment is of one class, and these are not the same: {', '.join(wrong)}"
    if not stored.equals(found):
        (detail,) = _test_equivalence(record, cell, stored, found).details
        told += f"; {detail}"
    return _conclude(cell, "differs", told)


def _compare_failure(record: Unpacked, cell: Cell, error: BrittlestarError, here: dict[str, Any]) -> Checked:
    """What is said of a run that cannot be trained: one that has failed in the record, too, fails again."""
    outcome, same_class = _read_stored(record, cell, here)
    told = error.problems[0].what
    if outcome["state"] != "failed":
        return _conclude(cell, "differs", f"it cannot be trained: {error}")
    if told in str(outcome["error"]):  # the stored one has its place, too
        return _conclude(cell, "identical", f"it fails again: {told}")
    return _conclude(cell, "differs" if same_class else "equivalent", f"it fails otherwise than it did: {told}")


def _read_stored(record: Unpacked, cell: Cell, here: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """The outcome of a run, and whether it was made in the environment class of this process."""
    folder = record.store.path(record.store.cell(cell.hash))
    here_class = environment_class(here, cell.settings["training"]["device"])
    same_class = here_class == read_environment(record.store, cell.hash)
    return json.loads((folder / OUTCOME).read_bytes()), same_class


def _conclude(cell: Cell, outcome: Outcome, told: str) -> Checked:
    return Checked(name_run(cell), outcome, (told,))


def _test_equivalence(record: Unpacked, cell: Cell, stored: pl.DataFrame, found: pl.DataFrame) -> Checked:
    settings = DataSettings.model_validate(cell.settings["data"])
    splits = draw_data(record.data, cell, settings).splits
    split = next((name for name in ("test", "dev") if name in splits), "train")
    labels = np.asarray(splits[split].labels)
    sides = [_right(frame, split, labels) for frame in (stored, found)]
    if any(len(side) != len(labels) for side in sides):
        return _conclude(cell, "cannot-tell", f"only a sample of rows of {split} is kept")
    gained, lost = (int((one > other).sum()) for one, other in (sides[::-1], sides))
    low, high = bound_discordant(gained, lost, len(labels), LEVEL)
    told = f"accuracy on {split} differs by {100 * (gained - lost) / len(labels):+.2f} points "
    told += f"[{100 * low:+.2f}, {100 * high:+.2f}]"
    if low > -MARGIN and high < MARGIN:
        return _conclude(cell, "equivalent", told)
    if low > MARGIN or high < -MARGIN:
        return _conclude(cell, "differs", told)
    return _conclude(cell, "cannot-tell", f"{told}: {len(labels)} rows do not say whether that is within one point")


def _right(frame: pl.DataFrame, split: str, labels: np.ndarray) -> np.ndarray:
    """Whether the best checkpoint's answer is right, of every row that is kept (n,)."""
    rows = frame.filter((pl.col("split") == split) & (pl.col("checkpoint") == "best")).sort("row")
    predicted = np.asarray(rows["values"].to_list(), np.float64).reshape(rows.height, -1).argmax(axis=1)
    return predicted == labels[: len(predicted)]


TOLD = ("outcome", "best_epoch", "epochs", "scores", "seen")
"""What an outcome says that follows from the training."""


def list_differences(
    record: Unpacked, job: TrainJob, done: Finished, suite: StoredSuite | None, executor: Executor
) -> list[str]:
    """What is not the same in a run that was trained again in the environment class that it was made in: files, what
    its outcome says, and its answers to the suite of probes."""
    cell = next(one for one in record.cells if one.hash == job.cell.hash)  # its paths are those of the record
    stored = read_outcome(record.store, record.store.cell(cell.hash)) or {}
    with tempfile.TemporaryDirectory(prefix="brittlestar-again-") as place:
        store = Store(Path(place))
        fingerprints = {name: split.fingerprint for name, split in record.data.splits.items()}
        write_done(store, cell, done.value, done.log, read_environment(record.store, cell.hash), fingerprints)
        again = read_outcome(store, store.cell(cell.hash)) or {}
        wrong = [*_compare_files(stored, again), *(name for name in TOLD if stored.get(name) != again.get(name))]
        probed = None if suite is None else _probe(record, job, done.value, suite, executor)
        if suite is not None and probed is not None:
            write_probed(store, cell.hash, suite.id, probed)
            key = probed_folder(store, cell.hash, suite.id)
            before, after = (read_outcome(one, key) or {} for one in (record.store, store))
            wrong += [f"probes: {name}" for name in _compare_files(before, after)]
    return wrong


def _compare_files(stored: dict[str, Any], again: dict[str, Any]) -> Iterator[str]:
    before, after = stored.get("files", {}), again["files"]
    yield from sorted(name for name in {*before, *after} - {LOG} if before.get(name) != after.get(name))


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
