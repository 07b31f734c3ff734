"""Runs of a record are trained again, and everything that they leave is held against what the record has."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from secrets import SystemRandom
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.errors import BrittlestarError
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
from brittlestar.records.unpacked import NO_DATA, Unpacked
from brittlestar.records.verify.copies import STEPS, find_equal, is_network
from brittlestar.records.verify.drawn import SAME_FILES, RunAgain, judge_drawn
from brittlestar.records.verify.explaining import count_answers, explain, measure_moves
from brittlestar.store.backend import OUTCOME
from brittlestar.store.cell_folder import LOG, read_outcome
from brittlestar.store.cell_outputs import CURVES, PREDICTIONS, read_cell_table, read_environment, write_done
from brittlestar.store.layout import Store, probed_folder, weights_name
from brittlestar.store.probe_answers import write_probed
from brittlestar.store.suites import StoredSuite, current_suite
from brittlestar.study.names import is_session
from brittlestar.study.settings import DataSettings
from brittlestar.study.units import count, unit_of
from brittlestar.training.trained import Trained

WHAT = "runs trained again"
TABLES = (PREDICTIONS, CURVES, STEPS)
TIMED_OUT = "timed out"
"""How the error begins of a run that had no more time."""
UNTRUSTED = "runs of {} are of own code, which is run only with --trust-code: read the files in code/ first"
IN_SESSION = "the model of {} lived in a session, and its code is not in the record"


def retrain(record: Unpacked, many: int, executor: Executor) -> Checked:
    """Train `many` runs of a record again, drawn at random, from the settings, data and code in it; those first that
    left the same from several seeds.

    Where a run names the environment class of this process, everything that it left must be the same, bit by bit:
    predictions, curves, steps, weights, and answers to probes. Where it names another, `explain` and `judge_drawn` say
    what that explains. Where code that is not trusted keeps runs from being drawn, the whole cannot be told.
    """
    cells, of, why = _draw_cells(record, many)
    suite, here = current_suite(record.store), describe_worker()
    again = [_train_again(record, cell, suite, executor, here) for cell in cells]
    found = judge_drawn(again, record.reading.record.metric, record.headline_split)
    left = f"one forged run is missed {of - len(cells)} times in {of} (--cells {of} trains all)"
    drawn = f"{len(cells)} of {count(of, 'run')} drawn: {left if len(cells) < of else 'none is left out'}"
    found.insert(sum(one.outcome != "identical" for one in found), Checked("", "identical", (drawn,) if cells else ()))
    found += [Checked("", "cannot-tell", why)] if why else []
    return Checked(WHAT, judge(found), tuple(told for one in found for told in one.details))


def _draw_cells(record: Unpacked, many: int) -> tuple[list[Cell], int, tuple[str, ...]]:
    """Runs that can be trained again from the record alone, drawn at random; of how many; and why there are none, or
    not others."""
    if is_withheld(record.store.data):
        return [], 0, (NO_DATA,)
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
    doubted = {one.hash for pair in find_equal(record)[1] for one in pair}
    drawn = sorted(SystemRandom().sample(able, len(able)), key=lambda cell: cell.hash not in doubted)
    return drawn[:many], len(able) + sum(map(len, left.values())), tuple(why)


def _train_again(
    record: Unpacked, cell: Cell, suite: StoredSuite | None, executor: Executor, here: dict[str, Any]
) -> RunAgain:
    job = TrainJob(
        Site(str(record.store.root), str(record.folder / CODE), str(record.folder)), cell, suite and suite.id
    )
    outcome: dict[str, Any] = json.loads(record.store.path(f"{record.store.cell(cell.hash)}/{OUTCOME}").read_bytes())
    training = cell.settings["training"]
    same_class = environment_class(here, training["device"]) == read_environment(record.store, cell.hash)
    otherwise: Outcome = "differs" if same_class else "cannot-tell"
    try:
        done = run_one(executor, job)
    except BrittlestarError as error:
        told = error.problems[0].what
        if outcome["state"] != "failed":
            return RunAgain(cell, f"it cannot be trained: {error}", "differs", same_class)
        if told in str(outcome["error"]):  # the stored one has its place, too
            return RunAgain(cell, f"it fails again: {told}", "identical", same_class)
        return RunAgain(cell, f"it fails otherwise than it did: {told}", otherwise, same_class)
    if outcome["state"] == "failed":
        told = "it is said to have failed, and trained again it does not"
        return RunAgain(cell, told, otherwise, same_class)
    with tempfile.TemporaryDirectory(prefix="brittlestar-again-") as place:
        store = Store(Path(place))
        wrong = list_differences(record, job, done, suite, executor, store)
        stored, again = ([read_cell_table(one, cell.hash, name) for name in TABLES] for one in (record.store, store))
    data = draw_data(record.data, cell, DataSettings.model_validate(cell.settings["data"]))
    split, metric = data.splits[record.headline_split], record.reading.record.metric
    run = count_answers(RunAgain(cell, "", None, same_class), (stored[0], again[0]), split, metric)
    if not wrong:
        return replace(run, outcome="identical", told=SAME_FILES)
    smooth = is_network(cell, outcome) and (training["device"], training["precision"]) == ("cpu", "fp32")
    explained = explain(run, measure_moves(stored, again), wrong, unit_of(metric), smooth)
    rounded = smooth and explained.outcome == "equivalent" and PREDICTIONS in wrong  # a class has several processors
    if not same_class or rounded:
        return explained
    told = f"{run.tell_difference(unit_of(metric))} in the environment that it names; not the same: {', '.join(wrong)}"
    return replace(run, outcome="differs", told=told)


TOLD = ("outcome", "best_epoch", "epochs", "scores", "seen")
"""What an outcome says that follows from the training."""


def list_differences(
    record: Unpacked, job: TrainJob, done: Finished, suite: StoredSuite | None, executor: Executor, store: Store
) -> list[str]:
    """What is not the same in a run that was trained again, and is written to `store`: files, what its outcome says,
    and its answers to the suite of probes."""
    cell = next(one for one in record.cells if one.hash == job.cell.hash)  # its paths are those of the record
    stored = read_outcome(record.store, record.store.cell(cell.hash)) or {}
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
