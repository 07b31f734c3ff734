"""`run`: from data to a report, doing only what is missing."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError, StoreError
from brittlestar.core.results import StudyRecord
from brittlestar.execution.arms import variant_records
from brittlestar.execution.cell_folder import read_outcome, set_aside, sweep
from brittlestar.execution.environment import environment, environment_class
from brittlestar.execution.given import keep_given
from brittlestar.execution.index import write_index
from brittlestar.execution.inspecting import inspect
from brittlestar.execution.jobs import Executor
from brittlestar.execution.layout import Store, create_store, open_store, write_failure
from brittlestar.execution.lock import exclusive
from brittlestar.execution.processes import Processes
from brittlestar.execution.record import check_cells, read_record
from brittlestar.execution.rescoring import score_new_splits
from brittlestar.execution.resuming import resume
from brittlestar.execution.serial import Serial
from brittlestar.execution.session import Watcher, Workplace, missing, train_missing
from brittlestar.execution.study_document import write_claims, write_study
from brittlestar.study.claims import claims_document
from brittlestar.study.study_claims import claims_of
from brittlestar.verbs.opening import open_input, store_name
from brittlestar.verbs.preparing import Prepared, prepare
from brittlestar.verbs.report import build_report
from brittlestar.verbs.watching import Quiet

ExecutorName = Literal["processes", "serial"]


@dataclass(frozen=True)
class RunResult:
    """What `run` leaves: the document of the contract, the record, where the store is, and why it ended early."""

    document: Mapping[str, Any]
    record: StudyRecord
    store: Path
    ended_early: str | None

    @property
    def exit_code(self) -> int:
        """0, or 1 when a cell failed or was lost, or the run was interrupted."""
        bad = any(cell.state in ("failed", "lost") for cell in self.record.cells)
        interrupted = self.ended_early is not None and self.ended_early.startswith("stopped")
        return 1 if bad or interrupted else 0


def run(
    data: str | Path | Mapping[str, Any],
    *,
    model: str | None = None,
    predictions: Sequence[str] = (),
    out: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    seeds: int | None = None,
    budget: float | None = None,
    jobs: int | None = None,
    timeout: float | None = None,
    cell: str | None = None,
    executor: ExecutorName = "processes",
    mix_environments: bool = False,
    name: str | None = None,
    watcher: Watcher | None = None,
) -> RunResult:
    """Run a study on a folder of splits, a study file, a store (to finish it), or splits in memory.

    `data` in memory is a mapping from split names to pandas, Polars or Arrow frames, pairs (sequences, labels), or
    lists of dicts. `model` is `package.module:name`: a factory, a fit function or a scikit-learn estimator;
    `predictions` are files of given predictions. `settings` overrides any setting by its path, values as YAML text.
    `budget` and `timeout` (per cell) are seconds; `jobs` is how many cells run at once (default: one per core).
    `cell` (the start of a hash) runs that cell alone, again if it failed or is damaged. Cells that are done are never
    done again. Raises InputError, StoreError; a cell that fails is reported, not raised.
    """
    watcher = watcher or Quiet()
    overrides = dict(settings or {}) | ({} if seeds is None else {"seeds": str(seeds)})
    runner: Executor = Serial() if executor == "serial" else Processes(default_width(jobs), timeout)
    if isinstance(data, (str, Path)) and (Path(data) / "study.json").is_file():
        if overrides or model or predictions or columns:
            raise InputError(
                "a store holds its study's settings", str(data), "give them with the data or the study file, and --out"
            )
        return _resume(open_store(Path(data)), runner, watcher, budget, cell, mix_environments)
    prepared = prepare(
        open_input(data, model=model, predictions=predictions, columns=columns, overrides=overrides, name=name)
    )
    store = create_store(Path(out) if out is not None else Path(store_name(prepared.opened)))
    with exclusive(store):
        sweep(store)
        workplace = _set_up(prepared, store, runner)
        return _go(
            workplace, prepared.cells, prepared.trainable, runner, watcher, budget, cell, mix_environments, prepared
        )


def default_width(jobs: int | None) -> int:
    """How many cells run at once: as asked, or one per core that this process may use. Raises InputError."""
    if jobs is not None:
        if jobs < 1:
            raise InputError(f"{jobs} jobs cannot run anything", "--jobs", "give 1 or more")
        return jobs
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def _set_up(prepared: Prepared, store: Store, runner: Executor) -> Workplace:
    """Write data, claims and study.json, in this order: everything that stands before the first cell."""
    from brittlestar.data.folder import write_data

    opened = prepared.opened
    try:
        write_data(store.data, opened.frames, opened.data)
    except OSError as error:
        raise write_failure(error, store.data) from error
    done = any(read_outcome(store.cell(cell.hash)) is not None for cell in prepared.cells)
    write_claims(store, claims_document(claims_of(opened.loaded, tuple(opened.data.splits)), True), done)
    inspection = inspect(prepared.trainable, store, prepared.search_path, opened.base, runner)
    described = {**environment(), **inspection.environment}
    study = opened.loaded.study
    write_study(
        store,
        name=study.name,
        given=opened.loaded.given,
        metric=prepared.metric,
        seeds=sorted({cell.seed for cell in prepared.cells}),
        streams=study.streams.model_dump(mode="json"),
        variants=variant_records(opened.loaded, inspection.read_back, inspection.parameters),
        cells=prepared.cells,
        environment=described,
        base=os.path.relpath(opened.base, store.root.resolve()),
        search_path=os.path.relpath(prepared.search_path, store.root.resolve()),
        own_digests=prepared.own_digests,
        notes=(*opened.frames.notes, *opened.data.notes),
    )
    return Workplace(
        store,
        prepared.search_path,
        opened.base,
        environment_class(described, study.training.device),
        opened.fingerprints,
    )


def _resume(
    store: Store, runner: Executor, watcher: Watcher, budget: float | None, cell: str | None, mix: bool
) -> RunResult:
    with exclusive(store):
        sweep(store)
        workplace, cells = resume(store)
        return _go(workplace, cells, cells, runner, watcher, budget, cell, mix, None)


def _go(
    workplace: Workplace,
    cells: Sequence[Cell],
    trainable: Sequence[Cell],
    runner: Executor,
    watcher: Watcher,
    budget: float | None,
    only: str | None,
    mix: bool,
    prepared: Prepared | None,
) -> RunResult:
    store = workplace.store
    if only is not None:
        trainable = _one_cell(store, trainable, only)
    else:
        check_cells(store, tuple(cells))
    if not mix:
        _one_environment(workplace, cells)
    if prepared is not None and only is None:
        keep_given(workplace, missing(store, prepared.imported), prepared.given, prepared.opened.data)
    ended = train_missing(workplace, trainable, cells[0].variant, runner, watcher, budget)
    if ended is None:
        score_new_splits(workplace, cells, runner)
    record = read_record(store)
    write_index(store, record)
    document = build_report(store, record, figures=False)
    return RunResult(document, record, store.root, ended)


def _one_cell(store: Store, cells: Sequence[Cell], prefix: str) -> list[Cell]:
    chosen = [cell for cell in cells if cell.hash.startswith(prefix)]
    hashes = {cell.hash for cell in chosen}
    if len(hashes) != 1:
        what = f"no cell starts with {prefix!r}" if not hashes else f"{len(hashes)} cells start with {prefix!r}"
        raise InputError(what, str(store.root), f"brittlestar status {store.root} lists the cells")
    folder = store.cell(chosen[0].hash)
    try:
        outcome = read_outcome(folder)
    except ValueError:
        outcome = None
    from brittlestar.execution.cell_folder import damage

    if folder.exists() and (outcome is None or outcome.get("state") == "failed" or damage(folder)):
        set_aside(folder)
    return chosen[:1]


def _one_environment(workplace: Workplace, cells: Sequence[Cell]) -> None:
    """Cells of one arm are comparable bit by bit only within one environment class."""
    import json

    others: dict[str, set[str]] = {}
    for cell in cells:
        described = workplace.store.cell(cell.hash) / "cell.json"
        if described.is_file():
            found = json.loads(described.read_bytes())["environment_class"]
            if found != workplace.environment_class and not cell.settings["model"]["predictions"]:
                others.setdefault(found, set()).add(cell.variant)
    if others:
        arms = ", ".join(sorted(set().union(*others.values())))
        raise StoreError(
            f"finished cells of {arms} were computed by another environment (class {', '.join(sorted(others))}; "
            f"this one is {workplace.environment_class}): other versions, processor or device",
            str(workplace.store.root),
            "start a fresh store with --out DIR, or mix them knowingly with --mix-environments",
        )
