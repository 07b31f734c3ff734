"""A new or changed evaluation split trains nothing again: finished cells are scored on it from their weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from brittlestar.core.cells import Cell
from brittlestar.core.tables import parquet_bytes
from brittlestar.execution.cell_folder import place_folder, prediction_columns, read_outcome
from brittlestar.execution.jobs import Event, Executor, Finished, Job
from brittlestar.execution.layout import Store
from brittlestar.execution.record import derived_folder
from brittlestar.execution.session import Workplace


def _open_splits(store: Store, cell: Cell, fingerprints: dict[str, str]) -> tuple[str, ...]:
    """Splits on which a finished cell has no scores yet."""
    outcome = read_outcome(store.cell(cell.hash))
    if outcome is None or outcome["state"] != "done" or outcome["outcome"] not in ("trained", "diverged"):
        return ()
    return tuple(
        name
        for name, fingerprint in fingerprints.items()
        if outcome["splits"].get(name) != fingerprint
        and read_outcome(derived_folder(store, cell.hash, name, fingerprint)) is None
    )


def _jobs(workplace: Workplace, cells: Sequence[Cell]) -> Iterator[Job]:
    store = workplace.store
    for cell in {cell.hash: cell for cell in cells}.values():
        splits = _open_splits(store, cell, dict(workplace.fingerprints))
        if splits:
            folder = store.cell(cell.hash)
            weights = {name: str(folder / f"weights-{name}.safetensors") for name in ("best", "last")}
            yield Job(
                "score", str(store.data), str(workplace.search_path), str(workplace.base), (cell,), splits, weights
            )


def score_new_splits(workplace: Workplace, cells: Sequence[Cell], executor: Executor) -> int:
    """Score every finished cell on the splits that it has not seen; returns how many cells were scored."""
    jobs = _jobs(workplace, cells)
    scored: list[str] = []

    def handle(event: Event) -> None:
        if isinstance(event, Finished):
            _keep(workplace, event)
            scored.append(event.job.cell.hash)

    executor.run(lambda: next(jobs, None), handle)
    return len(scored)


def _keep(workplace: Workplace, event: Finished) -> None:
    cell = event.job.cell
    for name in event.job.splits:
        outputs = {name: {checkpoint: result.outputs[name] for checkpoint, result in event.value.items()}}
        scores = {checkpoint: result.scores[name] for checkpoint, result in event.value.items()}
        place_folder(
            derived_folder(workplace.store, cell.hash, name, workplace.fingerprints[name]),
            {"predictions.parquet": parquet_bytes(prediction_columns(outputs))},
            {"state": "done", "split": name, "scores": scores},
        )
