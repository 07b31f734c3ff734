"""Probes on finished cells: from their weights, nothing is trained."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.cells import Cell
from brittlestar.core.probing import Presented, ProbedCell, ProbeRecord
from brittlestar.core.tables import parquet_bytes
from brittlestar.execution.cell_folder import place_folder, read_outcome, stands
from brittlestar.execution.growing import mapped
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Executor, Job
from brittlestar.execution.layout import Store
from brittlestar.execution.rescoring import Rescoring, carry_out
from brittlestar.execution.stored_suites import StoredSuite, current_suite
from brittlestar.execution.workplace import Workplace


def probe_cells(
    workplace: Workplace,
    cells: Sequence[Cell],
    suite: StoredSuite,
    executor: Executor,
    interruption: Interruption,
    tell: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> Rescoring:
    """Run the suite on every finished cell that has weights and has not met it yet; the caller holds the lock. `tell`
    is called with each cell that is done, how many are, and of how many."""
    store = workplace.store
    jobs: list[Job] = []
    for cell in {cell.hash: cell for cell in cells}.values():
        if _trained(store, cell) and not stands(probed_folder(store, cell.hash, suite.id)):
            weights = {"best": str(store.cell(cell.hash) / "weights-best.safetensors")}
            jobs.append(
                Job(
                    "probe",
                    str(store.data),
                    str(workplace.search_path),
                    str(workplace.base),
                    (cell,),
                    (suite.suite.split,),
                    weights,
                    suite=str(store.probes / suite.id),
                )
            )

    def keep(cell: Cell, value: ProbedCell) -> None:
        outcome = {"state": "done", "suite": suite.id, "problem": value.problem}
        place_folder(probed_folder(store, cell.hash, suite.id), _files(value), outcome)

    def told(name: str, done: int) -> None:
        tell(name, done, len(jobs))

    return carry_out(workplace, iter(jobs), keep, "probed", executor, interruption, told)


def any_weights(store: Store, cells: Sequence[Cell]) -> bool:
    """Whether any of the cells is finished and has weights."""
    return any(_trained(store, cell) for cell in cells)


def _trained(store: Store, cell: Cell) -> bool:
    outcome = read_outcome(store.cell(cell.hash))
    return outcome is not None and outcome["state"] == "done" and outcome["outcome"] == "trained"


def probed_folder(store: Store, digest: str, suite: str) -> Path:
    """Where a finished cell's answers to a suite lie."""
    return store.derived / digest / f"probes-{suite}"


def _files(value: ProbedCell) -> dict[str, bytes]:
    names = [name for name, one in value.presented.items() for _ in one.moved]
    parts = list(value.presented.values())
    others: dict[str, Any] = {
        "presentation": names,
        "changed": np.concatenate([one.changed for one in parts]) if parts else np.zeros(0, np.bool_),
        "moved": np.concatenate([one.moved for one in parts]) if parts else np.zeros(0, np.float32),
    }
    return {
        "predictions.npy": _npy(value.predictions.astype(np.int32)),
        "confidence.npy": _npy(value.confidence.astype(np.float32)),
        "presented.parquet": parquet_bytes(others),
    }


def _npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def read_probes(store: Store, cells: Sequence[str]) -> ProbeRecord | None:
    """What the current suite found of `cells` (hashes), None where the study was not probed."""
    stored = current_suite(store)
    if stored is None:
        return None
    found: dict[str, ProbedCell] = {}
    for digest in dict.fromkeys(cells):
        folder = probed_folder(store, digest, stored.id)
        if stands(folder):
            found[digest] = _read(folder)
    return record_of(stored, found)


def record_of(stored: StoredSuite, found: Mapping[str, ProbedCell]) -> ProbeRecord:
    """A suite with the answers of cells, by hash."""
    suite, about = stored.suite, stored.about
    return ProbeRecord(
        stored.id,
        suite.split,
        suite.sample,
        about.of,
        suite.conditions,
        found,
        about.rule,
        about.agreement,
        about.classes,
        about.columns,
        suite.notes,
    )


def _read(folder: Path) -> ProbedCell:
    import polars as pl

    others = pl.read_parquet(folder / "presented.parquet")
    problem = (read_outcome(folder) or {}).get("problem")
    presented: Mapping[str, Presented] = {
        str(name): Presented(own["changed"].to_numpy(), own["moved"].to_numpy())
        for (name,), own in others.group_by("presentation", maintain_order=True)
    }
    return ProbedCell(mapped(folder / "predictions.npy"), mapped(folder / "confidence.npy"), presented, problem)
