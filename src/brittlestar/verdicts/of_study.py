"""Outcomes of a study's cells on one split, read from its store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError
from brittlestar.core.metrics import SMALLEST_PROBABILITY, softmax
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.data.joining import join
from brittlestar.execution.layout import Store
from brittlestar.study.variants import LADDER
from brittlestar.verdicts.outcomes import Outcomes, Runs, Seed


def outcomes_of_study(store: Store, record: StudyRecord, split: str, metric: str) -> Outcomes:
    """Every arm's best checkpoints on a split. Rows of one group or with one sequence are one unit; cells that failed
    or were lost are missing runs; the best rung of the ladder on dev is the constant `shortcut-ladder`. Where a metric
    cannot be had row by row, runs are the scores of the record. Raises InputError where there is no such split."""
    if split not in record.splits:
        raise InputError(f"there is no split '{split}'", "claim", f"splits: {', '.join(record.splits)}")
    rows = _rows(store.data / split / "rows.parquet", record.classes)
    units = join(rows["hash"], rows["group"]).component
    weights = {name: rows[f"weight_{name}"] for name in record.factors}
    arms = {variant: _runs(store, record, variant, split, metric, rows) for variant in record.variants}
    constants: dict[str, float] = {}
    if record.audit is not None and record.audit.ladder is not None:
        best = record.audit.ladder.best("dev").score(split, metric).value
        if best is not None:
            constants[LADDER] = best
    varied = record.streams.get("split") == "varied" and "dev" in record.splits
    held_out = record.splits["dev"].rows / max(record.splits["train"].rows, 1) if varied else None
    return Outcomes(
        {name: runs for name, runs in arms.items() if runs.seeds or runs.lost},
        rows["label"],
        len(record.classes),
        weights,
        units if len(np.unique(units)) < len(units) else None,
        constants,
        record.splits[split].majority.get(metric),
        held_out,
    )


def _rows(path: Path, classes: Sequence[str]) -> dict[str, Any]:
    frame = pl.read_parquet(path)
    place = {name: k for k, name in enumerate(classes)}
    found: dict[str, Any] = {
        "hash": frame["hash"].to_numpy(),
        "label": np.asarray([place.get(label, -1) for label in frame["label"].to_list()], np.int64),
        "group": None,
    }
    if "group" in frame.columns and frame["group"].null_count() < frame.height:
        names = frame["group"].fill_null("").to_list()
        known = {name: k for k, name in enumerate(dict.fromkeys(name for name in names if name))}
        alone = iter(range(len(known), len(known) + len(names)))
        found["group"] = np.asarray([known[name] if name else next(alone) for name in names], np.int64)
    for name in frame.columns:
        if name.startswith("weight_"):
            found[name] = frame[name].to_numpy().astype(np.float64)
    return found


def _runs(store: Store, record: StudyRecord, variant: str, split: str, metric: str, rows: Mapping[str, Any]) -> Runs:
    cells = [cell for cell in record.cells if cell.variant == variant]
    done = sorted((cell for cell in cells if cell.state == "done" and split in cell.scores), key=lambda cell: cell.seed)
    seeds: tuple[Seed, ...] = tuple(cell.seed for cell in done)
    lost: tuple[Seed, ...] = tuple(cell.seed for cell in cells if cell.state in ("failed", "lost"))
    diverged: tuple[Seed, ...] = tuple(cell.seed for cell in done if cell.outcome == "diverged")
    stored = [_stored(store, cell, split, len(rows["label"])) for cell in done]
    whole = [one for one in stored if one is not None]
    if len(whole) == len(done) and done and metric != "ece":
        if metric == "log_loss":
            if not any(hard for _, hard in whole):
                return Runs(
                    seeds, np.stack([_losses(values, rows["label"]) for values, _ in whole]), None, None, lost, diverged
                )
        else:
            predicted = np.stack([values.argmax(axis=1) for values, _ in whole])
            return Runs(seeds, None, predicted.astype(np.int64), None, lost, diverged)
    scores = [_score(cell, split, metric) for cell in done]
    return Runs(seeds, score=np.asarray(scores), lost=lost, diverged=diverged)


def _score(cell: CellRecord, split: str, metric: str) -> float:
    value = cell.scores[split]["best"].get(metric)
    if value is None:
        what = f"{metric} on {split} is not known for {cell.variant}, seed {cell.seed}"
        raise InputError(what, "claim", "claim another metric, or give probabilities in the predictions file")
    return float(value)


def _stored(store: Store, cell: CellRecord, split: str, n_rows: int) -> tuple[np.ndarray, bool] | None:
    """Probabilities float64 (n_rows, C) of the best checkpoint and whether they stand for bare predictions; None where
    not every row is stored with the cell."""
    path = store.cell(cell.hash) / "predictions.parquet"
    if not path.is_file():
        return None
    frame = pl.read_parquet(path).filter((pl.col("split") == split) & (pl.col("checkpoint") == "best"))
    if frame.height != n_rows:
        return None
    frame = frame.sort("row")
    values = np.asarray(frame["values"].to_list(), np.float64)
    return (values if frame["probabilities"][0] else softmax(values)), bool(frame["hard"][0])


def _losses(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    own = np.where(labels >= 0, probabilities[np.arange(len(labels)), labels], 0.0)
    return -np.log(np.maximum(own, SMALLEST_PROBABILITY))
