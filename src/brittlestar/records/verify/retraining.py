"""Runs of a record are trained again, and everything that they leave is held against what the record has; where it is
not the same, whether another machine explains that, by answers and losses alone."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import SystemRandom
from typing import Any

import numpy as np
import polars as pl

from brittlestar.audits.chance import Paired
from brittlestar.core.cells import Cell
from brittlestar.core.errors import BrittlestarError
from brittlestar.core.probing import ProbedCell
from brittlestar.core.splits import EncodedSplit
from brittlestar.data.opening import is_withheld
from brittlestar.data.tables import format_list
from brittlestar.execution.describing import describe_worker
from brittlestar.execution.environment import environment_class
from brittlestar.execution.inspecting import run_one
from brittlestar.execution.job_inputs import draw_data
from brittlestar.execution.jobs import Executor, Finished, ProbeJob, TrainJob, make_run
from brittlestar.records.gathering import CODE
from brittlestar.records.outcomes import Checked, CheckOutcome, judge
from brittlestar.records.rerunning import locate_table
from brittlestar.records.unpacked import NO_DATA, Unpacked
from brittlestar.records.verify.copies import STEPS, find_equal, is_network
from brittlestar.records.verify.drawn import MARGIN, SAME_FILES, RunAgain, bound_rows, judge_drawn
from brittlestar.store.backend import OUTCOME
from brittlestar.store.cell_folder import LOG, read_outcome
from brittlestar.store.cell_outputs import (
    CURVES,
    PREDICTIONS,
    read_cell_table,
    read_environment,
    score_answers,
    write_done,
)
from brittlestar.store.layout import Store, probed_folder, weights_name
from brittlestar.store.probe_answers import write_probed
from brittlestar.store.suites import StoredSuite, current_suite
from brittlestar.study.names import is_session
from brittlestar.study.settings import DataSettings
from brittlestar.study.sides import arms_of
from brittlestar.study.units import Unit, count, unit_of
from brittlestar.training.trained import Trained

MOVED = 1e-2
"""In units of the spread of outputs: less is rounding. Of five families under the oneDNN, MKL or PyTorch of another
processor, 30 epochs moved outputs by 1e-4 at most, or, where training is not stable, by whole answers."""
TIMES_MIDDLE = 1000  # the row that moved most moved up to 24 times as far as the middle one, in all of these
BEGIN, FIRST_STEPS = 1e-4, 10
"""First losses that are relatively further apart are of another run: the first 30 steps of these differed by 2e-7."""
FASTER = 1000  # answers moved up to 33 times as much as losses
PROBED = "probes: predictions.npy"
LOSSES = ("train.log_loss", "dev.log_loss")


@dataclass(frozen=True)
class Moves:
    """How far each row's outputs moved in units of their spread, float64 (rows of all splits,) of each checkpoint,
    the best first; and how far losses are relatively apart at their `begin` and at most (`end`), -1 without losses."""

    outputs: Sequence[np.ndarray]
    begin: float
    end: float


def measure_moves(stored: Sequence[pl.DataFrame], again: Sequence[pl.DataFrame]) -> Moves:
    """How a run moved, by its predictions, curves and steps. Losses begin before any step, and with the first ten."""
    first, second = (one[0]["values"].explode().to_numpy().astype(np.float64) for one in (stored, again))
    rows = stored[0].height
    if len(first) != len(second):
        return Moves([np.full(max(rows, 1), np.inf)], np.inf, np.inf)
    apart = np.abs(first - second).reshape(rows, -1).max(axis=1) / max(float(first.std()), 1e-6)
    named = stored[0]["checkpoint"].to_numpy()
    outputs = [apart[named == one] for one in np.unique(named)]
    curves = [_hold(stored[1][name], again[1][name]) for name in LOSSES if name in stored[1] and name in again[1]]
    steps = [_hold(stored[2]["loss"], again[2]["loss"])] if "loss" in stored[2] and "loss" in again[2] else []
    begin = [*(curve[:1] for curve in curves), *(step[:FIRST_STEPS] for step in steps)]
    ends = (max((float(one.max(initial=-1)) for one in side), default=-1.0) for side in (begin, [*curves, *steps]))
    return Moves(outputs, *ends)


def _hold(stored: pl.Series, again: pl.Series) -> np.ndarray:
    """How far the numbers that both have are relatively apart."""
    length = min(len(stored), len(again))
    one, other = (side.to_numpy().astype(np.float64)[:length] for side in (stored, again))
    return np.nan_to_num(np.abs(one - other) / np.maximum(np.abs(one), 0.01))


def count_answers(run: RunAgain, frames: Sequence[pl.DataFrame], split: EncodedSplit, metric: str) -> RunAgain:
    """The same with how its answers to a split differ, `frames` being those of the record and the new ones; unchanged
    where only a sample of rows is kept."""
    best = (pl.col("split") == split.name) & (pl.col("checkpoint") == "best")
    rows = [frame.filter(best).sort("row") for frame in frames]
    before, after = ((score_answers(split, row) or {}).get(metric) for row in rows)
    if before is None or after is None:
        return run
    labels = np.asarray(split.labels)
    old, new = (np.asarray(row["values"].to_list(), np.float64).argmax(axis=1) == labels for row in rows)
    right = Paired.of(old, new)
    return replace(run, difference=after - before, gained=right.better, lost=right.worse, rows=split.n_rows)


def explain(run: RunAgain, moves: Moves, wrong: Sequence[str], unit: Unit, smooth: bool) -> RunAgain:
    """What is said of a run that names another environment, and of which `wrong` is not the same; `smooth`: our own
    loop trained it on processors with 32 bits, so that its losses are known, and outputs move as they do here."""
    tops, middles = ([float(how(output)) for output in moves.outputs] for how in (np.max, np.median))
    few = [top > max(MOVED, TIMES_MIDDLE * middle) for top, middle in zip(tops, middles, strict=True)]
    moved = sum(int((output > MOVED).sum()) for output, is_few in zip(moves.outputs, few, strict=True) if is_few)
    stayed = f"{count(moved, 'answer')} moved, and the others stayed"

    answers = stayed if any(few) else "its answers moved"
    rounded, unprobed = max(tops[:1], default=0.0) <= MOVED, "its outputs came back, and not its answers to probes"
    low, high = bound_rows([run]) if run.rows else (0.0, 0.0)
    rules: tuple[tuple[bool, CheckOutcome | None, str], ...] = (
        (smooth and moves.begin > BEGIN, "differs", "its losses are of another run from the first steps on"),
        (smooth and any(few), "differs", f"{stayed}, where rounding moves all alike"),
        (
            smooth and max(middles, default=0.0) > FASTER * max(moves.end, 1e-7),
            "differs",
            "its answers moved, and its losses did not",
        ),
        (rounded and PROBED not in wrong, "equivalent", "its outputs moved as rounding moves them"),
        (rounded, "differs" if PREDICTIONS not in wrong else "cannot-tell", unprobed),
        (not run.rows, "cannot-tell", "only a sample of its rows is kept"),
        (smooth, None, "its losses part little by little from those of the record"),
        (low > MARGIN or high < -MARGIN, "differs", answers),
        (True, None, answers),
    )
    outcome, told = next((outcome, told) for applies, outcome, told in rules if applies)
    moved = "drift" if smooth else "few" if any(few) else "all"
    return replace(run, outcome=outcome, told=f"{told}; {run.tell_difference(unit)}", moved=moved)


WHAT = "runs trained again"
TABLES = (PREDICTIONS, CURVES, STEPS)
TIMED_OUT = "timed out"
"""How the error begins of a run that had no more time."""
UNTRUSTED = "runs of {} are of own code, which is run only with --trust-code: read the files in code/ first"
IN_SESSION = "the model of {} lived in a session, and its code is not in the record"


def retrain(record: Unpacked, many: int, executor: Executor) -> tuple[Checked, int]:
    """Train `many` runs of a record again, drawn at random, from the settings, data and code in it: one of each variant
    that a claim names, main first, then those that left the same from several seeds, then others. Of how many they were
    drawn stands beside what was found.

    Where a run names the environment class of this process, everything that it left must be the same, bit by bit:
    predictions, curves, steps, weights, and answers to probes. Where it names another, `explain` and `judge_drawn` say
    what that explains. Where code that is not trusted keeps runs from being drawn, the whole cannot be told.
    """
    cells, of, why = _draw_cells(record, many)
    suite, here = current_suite(record.store), describe_worker()
    again = [_train_again(record, cell, suite, executor, here) for cell in cells]
    found = judge_drawn(again, record.reading.record.metric, record.headline_split)
    odd = sum(part.outcome != "identical" for part in found)
    found.insert(odd, Checked("", "identical", (_tell_drawn(record, cells, of),) if cells else ()))
    found += [Checked("", "cannot-tell", why)] if why else []
    return Checked(WHAT, judge(found), tuple(told for part in found for told in part.details)), of


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
    mixed = sorted(SystemRandom().sample(able, len(able)), key=lambda cell: cell.hash not in doubted)
    first = {cell.variant: cell.hash for cell in reversed(mixed)}
    place = {first[name]: k for k, name in enumerate(_list_claimed(record)) if name in first}
    drawn = sorted(mixed, key=lambda cell: place.get(cell.hash, len(place)))
    return drawn[:many], len(able) + sum(map(len, left.values())), tuple(why)


def _list_claimed(record: Unpacked) -> list[str]:
    """Main, then the variants that claims name."""
    claims = record.reading.record.claims
    named = (name for one in claims for name in arms_of(*(str(one[side]) for side in ("arm", "other"))))
    return [*dict.fromkeys((record.reading.record.main, *named))]


def _tell_drawn(record: Unpacked, drawn: Sequence[Cell], of: int) -> str:
    """How many were drawn, how likely a forged run is missed of the variant where that is likeliest, and of which
    variants none was drawn."""
    told = f"{len(drawn)} of {count(of, 'run')} drawn"
    if len(drawn) == of:
        return f"{told}: none is left out"
    runs, again = (Counter(cell.variant for cell in cells) for cells in (record.cells, drawn))
    worst = max(again, key=lambda name: 1 - again[name] / runs[name])
    missed = f"one forged run of {worst} is missed {runs[worst] - again[worst]} times in {runs[worst]}"
    none = [name for name in runs if not again[name]]
    others = f", and every one of {format_list(none)}" if none else ""
    return f"{told}: {missed}{others} (--cells {of} trains all)"


def _train_again(
    record: Unpacked, cell: Cell, suite: StoredSuite | None, executor: Executor, here: dict[str, Any]
) -> RunAgain:
    run = make_run(record.store, record.folder / CODE, record.folder)
    job = TrainJob(replace(run, suite=suite and suite.id), cell)
    outcome: dict[str, Any] = json.loads(record.store.path(f"{record.store.cell(cell.hash)}/{OUTCOME}").read_bytes())
    training = cell.settings["training"]
    same_class = environment_class(here, training["device"]) == read_environment(record.store, cell.hash)
    otherwise: CheckOutcome = "differs" if same_class else "cannot-tell"
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
    probing = ProbeJob(replace(job.run, folder=str(record.store.root)), job.cell, (suite.suite.split,), suite.id)
    return run_one(executor, probing).value
