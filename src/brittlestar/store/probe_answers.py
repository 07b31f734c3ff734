"""What finished cells answered to a suite of probes: written once a cell, read as one record."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from brittlestar.core.hashing import parquet_bytes
from brittlestar.core.probing import Presented, ProbedCell, ProbeRecord
from brittlestar.store.cell_folder import place_folder, read_outcome
from brittlestar.store.growing_arrays import map_array
from brittlestar.store.layout import Store, probed_folder
from brittlestar.store.suites import StoredSuite, current_suite


def write_probed(store: Store, digest: str, suite: str, value: ProbedCell) -> None:
    """Write what a cell answered to a suite. Raises StoreError when the disk is full or read-only."""
    parts = list(value.presented.values())
    others: dict[str, Any] = {
        "presentation": [name for name, one in value.presented.items() for _ in one.moved],
        "changed": np.concatenate([part.changed for part in parts]) if parts else np.zeros(0, np.bool_),
        "moved": np.concatenate([part.moved for part in parts]) if parts else np.zeros(0, np.float32),
    }
    predicted = [part.predicted for part in parts if part.predicted is not None]
    if predicted and len(predicted) == len(parts):
        others["predicted"] = np.concatenate(predicted)
    files = {
        "predictions.npy": _npy(value.predictions.astype(np.int32)),
        "confidence.npy": _npy(value.confidence.astype(np.float32)),
        "presented.parquet": parquet_bytes(others),
    }
    outcome = {"state": "done", "suite": suite, "problem": value.problem}
    place_folder(store, probed_folder(store, digest, suite), files, outcome)


def read_probes(store: Store, cells: Sequence[str]) -> ProbeRecord | None:
    """What the current suite found of `cells` (hashes), None where the study was not probed."""
    stored = current_suite(store)
    if stored is None:
        return None
    keys = {digest: probed_folder(store, digest, stored.id) for digest in cells}
    there = store.backend.find_placed(keys.values())
    return record_of(stored, {digest: _read(store, key) for digest, key in keys.items() if key in there})


def record_of(stored: StoredSuite, found: Mapping[str, ProbedCell]) -> ProbeRecord:
    """A suite with the answers of cells, by hash."""
    suite, about = stored.suite, stored.about
    known = (about.rule, about.agreement, about.classes, about.columns)
    return ProbeRecord(stored.id, suite.split, suite.sample, about.of, suite.conditions, found, *known, suite.notes)


def _read(store: Store, key: str) -> ProbedCell:
    import polars as pl

    folder = store.path(key)
    others, columns = pl.read_parquet(folder / "presented.parquet"), ("changed", "moved", "predicted")
    problem = (read_outcome(store, key) or {}).get("problem")
    presented: Mapping[str, Presented] = {
        str(name): Presented(*(own[column].to_numpy() for column in columns if column in own.columns))
        for (name,), own in others.group_by("presentation", maintain_order=True)
    }
    return ProbedCell(map_array(folder / "predictions.npy"), map_array(folder / "confidence.npy"), presented, problem)


def _npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()
