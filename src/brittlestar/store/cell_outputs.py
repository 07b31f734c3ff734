"""What a finished cell leaves: settings, curves, steps, predictions, weights and log; and what it predicted."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from brittlestar.core.answers import Probabilities
from brittlestar.core.cells import FORMAT_VERSION, Cell
from brittlestar.core.hashing import parquet_bytes, pretty_json
from brittlestar.core.scores import softmax
from brittlestar.core.seen_training import SeenTraining
from brittlestar.core.splits import EncodedSplit
from brittlestar.store.cell_folder import LOG, place_folder
from brittlestar.store.layout import Store, derived_folder, weights_name
from brittlestar.training.trained import Output, Trained, split_scores

if TYPE_CHECKING:
    import polars as pl

PREDICTIONS = "predictions.parquet"
CURVES = "curves.parquet"
SETTINGS = "cell.json"


def write_done(
    store: Store, cell: Cell, trained: Trained, log: str, environment_class: str, fingerprints: Mapping[str, str]
) -> None:
    """Write a finished cell, scored on splits with these `fingerprints`.

    Raises StoreError when the disk is full or read-only; nothing half-written stays. A store that does not last holds
    it as it is.
    """
    if not store.lasting:
        store.held[store.cell(cell.hash)] = trained
        return
    files: dict[str, bytes] = {
        SETTINGS: pretty_json(_describe(cell, environment_class, trained)),
        CURVES: parquet_bytes({"epoch": np.arange(len(next(iter(trained.curves.values()), ()))), **trained.curves}),
        "steps.parquet": parquet_bytes(trained.steps),
        PREDICTIONS: parquet_bytes(prediction_columns(trained.outputs)),
        LOG: log.encode("utf-8", errors="backslashreplace"),
        **{weights_name(name): content for name, content in trained.weights.items()},
    }
    outcome: dict[str, Any] = {
        "state": "done",
        "outcome": trained.outcome,
        "best_epoch": trained.best_epoch,
        "epochs": trained.epochs,
        "scores": trained.scores,
        "splits": {name: fingerprints[name] for name in trained.scores},
        "notes": list(trained.notes),
        "seen": None if trained.seen is None else trained.seen.as_json(),
        **({} if trained.opened is None else {"opened": asdict(trained.opened)}),
    }
    if trained.held:
        outcome["held"] = [asdict(one) for one in trained.held]
    place_folder(store, store.cell(cell.hash), files, outcome, trained.timing)


def write_failed(
    store: Store, cell: Cell, error: str, log: str, environment_class: str, seen: SeenTraining | None = None
) -> None:
    """Write a failed cell: its settings, what went wrong, everything it printed, and what was seen of its training."""
    files = {
        SETTINGS: pretty_json(_describe(cell, environment_class, None)),
        LOG: log.encode("utf-8", errors="backslashreplace"),
    }
    outcome: dict[str, Any] = {"state": "failed", "error": error}
    if seen is not None:
        outcome["seen"] = seen.as_json()
    place_folder(store, store.cell(cell.hash), files, outcome, {})


def write_scored(
    store: Store, cell: Cell, split: str, fingerprint: str, outputs: Mapping[str, Output], scores: Mapping[str, Any]
) -> None:
    """Write outputs and scores of a finished cell's checkpoints on a split that came later. Raises StoreError."""
    files = {PREDICTIONS: parquet_bytes(prediction_columns({split: outputs}))}
    outcome = {"state": "done", "split": split, "scores": scores}
    place_folder(store, derived_folder(store, cell.hash, split, fingerprint), files, outcome)


def find_predictions(store: Store, digests: Iterable[str], split: str, fingerprint: str) -> dict[str, str]:
    """The folder that has the predictions of each cell on a split: its own, or of a split that came later the one
    beside it."""
    later = {digest: derived_folder(store, digest, split, fingerprint) for digest in digests}
    there = store.backend.find_placed(later.values())
    return {digest: key if key in there else store.cell(digest) for digest, key in later.items()}


def read_probabilities(
    store: Store, folder: str, split: str, n_rows: int, sample: bool = False
) -> Probabilities | None:
    """What one run answered on a split with `n_rows` at its best checkpoint, as stored in `folder`, which
    `find_predictions` gives; None where not every row is stored, or with `sample` none."""
    import polars as pl

    if (held := store.held.get(folder)) is not None:
        best: Output | None = held.outputs.get(split, {}).get("best")
        if best is None or (len(best.rows) != n_rows and not (sample and len(best.rows))):
            return None
        return Probabilities(values=best.values.astype(np.float64)[None], bare=best.hard, places=best.rows)
    key = f"{folder}/{PREDICTIONS}"
    if not store.backend.exists(key):
        return None
    frame = pl.read_parquet(store.path(key)).filter((pl.col("split") == split) & (pl.col("checkpoint") == "best"))
    if frame.height != n_rows and not (sample and frame.height):
        return None
    frame = frame.sort("row")
    values = frame["values"].explode().to_numpy().astype(np.float64).reshape(frame.height, -1)
    values = values if frame["probabilities"][0] else softmax(values)
    return Probabilities(values=values[None], bare=bool(frame["hard"][0]), places=frame["row"].to_numpy())


def left_weights(outcome: Mapping[str, Any]) -> bool:
    """Whether a cell with this outcome is finished and has weights: it is `trained`, or `diverged`."""
    return outcome["state"] == "done" and outcome["outcome"] in ("trained", "diverged")


def read_cell_table(store: Store, digest: str, name: str) -> "pl.DataFrame":
    """A table that a finished cell left, such as its curves."""
    import polars as pl  # late: workers write cells, and load none of it

    return pl.read_parquet(store.path(f"{store.cell(digest)}/{name}"))


def read_environment(store: Store, digest: str) -> str:
    """The environment class that a finished cell was computed in."""
    return json.loads(store.backend.read(f"{store.cell(digest)}/{SETTINGS}"))["environment_class"]


def prediction_columns(outputs: Mapping[str, Mapping[str, Output]]) -> dict[str, Any]:
    """Columns split, checkpoint, row, values (float32 per class), probabilities, hard; one row per stored output."""
    parts = [(split, checkpoint, output) for split, both in outputs.items() for checkpoint, output in both.items()]
    if not parts:
        return {"split": [], "checkpoint": [], "row": np.zeros(0, np.int64)}
    counts = [len(output.rows) for _, _, output in parts]
    return {
        "split": np.repeat([split for split, _, _ in parts], counts),
        "checkpoint": np.repeat([checkpoint for _, checkpoint, _ in parts], counts),
        "row": np.concatenate([output.rows for _, _, output in parts]),
        "values": np.concatenate([np.asarray(output.values, dtype=np.float32) for _, _, output in parts]),
        "probabilities": np.repeat([output.probabilities for _, _, output in parts], counts),
        "hard": np.repeat([output.hard for _, _, output in parts], counts),
    }


def read_output(rows: "pl.DataFrame") -> Output:
    """What one checkpoint gave on one split, from its rows as `prediction_columns` has them."""
    ordered = rows.sort("row")
    ready, hard = bool(ordered["probabilities"][0]), bool(ordered["hard"][0])
    values = np.asarray(ordered["values"].to_list(), np.float32)
    return Output(ordered["row"].to_numpy(), values, ready, hard)


def score_answers(split: EncodedSplit, rows: "pl.DataFrame") -> dict[str, float | None] | None:
    """The metrics of stored outputs, as `read_output` reads them; None where not every row is stored."""
    if rows.height != split.n_rows or not rows.height:
        return None
    found = read_output(rows)
    return split_scores(
        split, found.values.astype(np.float64) if found.probabilities else softmax(found.values), found.hard
    )


def _describe(cell: Cell, environment_class: str, trained: Trained | None) -> dict[str, Any]:
    return {
        "format": FORMAT_VERSION,
        "hash": cell.hash,
        "seed": cell.seed,
        "settings": cell.settings,
        "streams": cell.streams,
        "environment_class": environment_class,
        "read_back": None if trained is None else trained.read_back,
        "parameters": None if trained is None else trained.parameters,
    }
