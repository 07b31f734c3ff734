"""A study's runs as tables: what they predict in every row, in the columns of given predictions, and all scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from brittlestar.core.hashing import parquet_bytes
from brittlestar.core.results import StudyRecord
from brittlestar.store.layout import INDEX, Store
from brittlestar.store.split_answers import read_rows, read_runs

KEYS = ("id", "split", "variant", "seed", "prediction")
"""The columns before the probabilities; the label comes last."""


@dataclass(frozen=True)
class StoredPredictions:
    """One line for each row, variant and seed, best checkpoint; `notes` say what is not in it, and why. Columns are
    id, split, variant, seed, prediction, p_CLASS of every class of train (null where a run gave labels alone; none
    where all did), and label."""

    frame: pl.DataFrame
    notes: tuple[str, ...]


def read_predictions_table(store: Store, record: StudyRecord, splits: Sequence[str]) -> StoredPredictions:
    """The predictions of every finished run on `splits`. Splits that each seed drew anew, and runs of which not every
    row is stored, are left out."""
    redrawn, notes, parts = list_redrawn_splits(record), list[str](), list[pl.DataFrame]()
    for split in splits:
        if split in redrawn:
            notes.append(f"{split} is left out: every seed drew its rows anew, so they are not those of the file")
            continue
        named = read_rows(store, split, ["id", "label"])
        for variant in record.variants:
            found, partial = _read_variant(store, record, variant, split, named)
            parts += found
            if partial:
                notes.append(f"{variant} on {split} is left out: the store lacks answers to some of its rows")
    names = [*KEYS, *(f"p_{name}" for name in record.classes), "label"]
    if not parts:
        return StoredPredictions(pl.DataFrame(schema=dict.fromkeys(names, pl.String)), tuple(notes))
    frame = pl.concat(parts, how="diagonal")
    return StoredPredictions(frame.select(name for name in names if name in frame.columns), tuple(notes))


def list_redrawn_splits(record: StudyRecord) -> set[str]:
    """Splits whose rows depend on the seed."""
    of_split = {"train", "dev"} if record.streams.get("split") == "varied" else set[str]()
    return of_split | ({"train"} if record.streams.get("sampling") == "varied" else set[str]())


def _read_variant(
    store: Store, record: StudyRecord, variant: str, split: str, named: pl.DataFrame
) -> tuple[list[pl.DataFrame], bool]:
    """A table for each finished run, and whether a run is left out."""
    parts: list[pl.DataFrame] = []
    partial = False
    finished = record.list_finished(variant, split)
    answered = read_runs(store, [cell.hash for cell in finished], split, record.every_split[split])
    for cell, stored in zip(finished, answered, strict=True):
        if stored is None:
            partial = partial or named.height > 0
            continue
        probabilities, hard = stored.values[0], stored.bare
        names = np.asarray(record.classes, dtype=object)[probabilities.argmax(axis=1)]
        columns = {} if hard else {f"p_{name}": probabilities[:, k] for k, name in enumerate(record.classes)}
        parts.append(
            named.select(
                pl.col("id").cast(pl.String),
                pl.lit(split).alias("split"),
                pl.lit(variant).alias("variant"),
                pl.lit(cell.seed, pl.Int64).alias("seed"),
                pl.Series("prediction", names.tolist(), dtype=pl.String),
                *(pl.Series(name, values) for name, values in columns.items()),
                pl.col("label").cast(pl.String),
            )
        )
    return parts, partial


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
