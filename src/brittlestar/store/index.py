"""The index: every score of every cell in one long table. A cache: it can be deleted and built again at any time."""

from typing import Any

import numpy as np

from brittlestar.core.results import StudyRecord
from brittlestar.core.tables import parquet_bytes
from brittlestar.store.layout import INDEX, Store


def write_index(store: Store, record: StudyRecord) -> None:
    """Write index.parquet: a row per cell, split, checkpoint, metric, value (NaN: not computable)."""
    rows: list[tuple[Any, ...]] = []
    for cell in record.cells:
        names = (cell.hash, cell.variant, cell.seed, cell.state, cell.outcome)
        if not cell.scores:
            rows.append((*names, None, None, None, np.nan))
        rows.extend(
            (*names, split, checkpoint, metric, np.nan if value is None else value)
            for split, checkpoints in cell.scores.items()
            for checkpoint, metrics in checkpoints.items()
            for metric, value in metrics.items()
        )
    names = ("hash", "variant", "seed", "state", "outcome", "split", "checkpoint", "metric", "value")
    columns = {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)} if rows else {}
    store.write(INDEX, parquet_bytes(columns))
