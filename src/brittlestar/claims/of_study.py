"""Outcomes of a study's cells on one split, read from its store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from brittlestar.claims.outcomes import Outcomes, Runs, Seed
from brittlestar.core.errors import InputError
from brittlestar.core.metrics import SMALLEST_PROBABILITY
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.data.joining import join
from brittlestar.store.cell_outputs import read_probabilities
from brittlestar.store.layout import Store
from brittlestar.store.trivial_answers import read_answers
from brittlestar.study.claims import LATER, UNSEEN, Claim
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.sides import splits_of


class StudyOutcomes:
    """Outcomes of a study's claims, each table read once."""

    def __init__(self, store: Store, record: StudyRecord) -> None:
        self._store, self._record = store, record
        self._read: dict[tuple[str, str], Outcomes] = {}

    def of(self, claim: Claim) -> Outcomes:
        """What a claim is judged on: its split, and the splits that its variants name. Raises InputError."""
        found = self.on(claim.split, claim.metric)
        named = splits_of(claim.arm, claim.other)
        return replace(found, elsewhere={split: self.on(split, claim.metric) for split in named})

    def on(self, split: str, metric: str) -> Outcomes:
        """Every variant on a split. Raises InputError."""
        if (split, metric) not in self._read:
            self._read[split, metric] = outcomes_of_study(self._store, self._record, split, metric)
        return self._read[split, metric]


def outcomes_of_study(store: Store, record: StudyRecord, split: str, metric: str) -> Outcomes:
    """Every variant's best checkpoints on a split, or on its rows whose sequence is no row of train (`SPLIT:unseen`).

    Rows of one group or with one sequence are one unit; cells that failed or were lost are missing runs; the trivial
    baseline that is best on dev is `best-trivial`, which has outcomes row by row and no seeds, or is a constant where
    nothing but its score is known. Where a metric cannot be had row by row, runs are the scores of the record. Raises
    InputError where there is no such split or row, or a score is known for all rows alone.
    """
    name, unseen = split.removesuffix(UNSEEN), split.endswith(UNSEEN)
    if name not in record.splits:
        later = "; the probe command adds a file of it with --split, and scores it"
        what = f"there is no split '{name}' yet{later}" if name.startswith(LATER) else f"there is no split '{name}'"
        raise InputError(what, "claim", f"splits: {', '.join(record.splits)}")
    rows: dict[str, Any] = _rows(store.rows(name), record.classes)
    kept = np.arange(len(rows["label"]))
    if unseen:
        seen = pl.read_parquet(store.rows("train"), columns=["hash"])["hash"].to_numpy()
        kept = np.flatnonzero(~np.isin(rows["hash"], seen))
        if not len(kept):
            raise InputError(f"every row of {name} is in train", "claim", f"claim on {name} alone")
    arms = {variant: _runs(store, record, variant, name, metric, rows) for variant in record.variants}
    trivial = _trivial_runs(store, record, name, metric, rows["label"])
    if trivial is not None:
        arms[BEST_TRIVIAL] = trivial
    if unseen:
        arms = {variant: _taken(runs, kept, metric) for variant, runs in arms.items()}
        rows = {column: values if values is None else values[kept] for column, values in rows.items()}
    units = join(rows["hash"], rows["group"]).component
    weights = {name: rows[f"weight_{name}"] for name in record.factors}
    constants: dict[str, float] = {}
    chance = record.splits[name].majority.get(metric)
    if record.audit is not None and record.audit.ladder is not None:
        ladder, population = record.audit.ladder, "unseen" if unseen else "all"
        best = ladder.best("dev", metric).score(name, metric, population).value
        if best is not None and trivial is None:
            constants[BEST_TRIVIAL] = best
        if unseen:
            chance = ladder.majority.score(name, metric, "unseen").value
    varied = record.streams.get("split") == "varied" and "dev" in record.splits
    held_out = record.splits["dev"].rows / max(record.splits["train"].rows, 1) if varied else None
    return Outcomes(
        {name: runs for name, runs in arms.items() if runs.seeds or runs.lost},
        rows["label"],
        len(record.classes),
        weights,
        units if len(np.unique(units)) < len(units) else None,
        constants,
        chance,
        held_out,
        seedless=frozenset({BEST_TRIVIAL}),
    )


def _trivial_runs(store: Store, record: StudyRecord, split: str, metric: str, labels: np.ndarray) -> Runs | None:
    """The trivial baseline that is best on dev under a metric, as one run; None where it is not known row by row."""
    ladder = None if record.audit is None else record.audit.ladder
    if ladder is None or metric == "ece":
        return None
    answers = read_answers(store, ladder.best("dev", metric).name, split)
    if answers is None or len(answers.predicted) != len(labels):
        return None
    if metric == "log_loss":
        return Runs((0,), outcome=-np.log(np.maximum(answers.own, SMALLEST_PROBABILITY))[None])
    return Runs((0,), predicted=answers.predicted.astype(np.int64)[None])


def _taken(runs: Runs, rows: np.ndarray, metric: str) -> Runs:
    """The runs on some rows alone."""
    if runs.score is not None and runs.seeds:
        what = f"{metric} is known for all rows together only"
        raise InputError(what, "claim", "claim another metric on rows not seen in train")
    outcome = None if runs.outcome is None else runs.outcome[:, rows]
    predicted = None if runs.predicted is None else runs.predicted[:, rows]
    return replace(runs, outcome=outcome, predicted=predicted)


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
    fingerprint = record.splits[split].fingerprint
    stored = [read_probabilities(store, cell.hash, split, fingerprint, len(rows["label"])) for cell in done]
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


def _losses(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    own = np.where(labels >= 0, probabilities[np.arange(len(labels)), labels], 0.0)
    return -np.log(np.maximum(own, SMALLEST_PROBABILITY))
