"""Mutations of what runs and their rows are in the tenth record, sealed anew: the rest of it contradicts them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import polars

from exam.record.base import Base
from exam.record.forging import cells, edit, edit_table, read, renew, reseal, sha256, write
from exam.record.mutation import Mutation
from exam.record.tenth.workplace import forge, tell_attempts

HEIGHTENED = 0.06


def forget_failure(record: Path, base: Base) -> None:
    """The run that failed was never planned: it is in no list, and the report follows from that."""
    name = base.hash_of("motifs", 9)

    def drop(plan: dict[str, Any]) -> None:
        plan["cells"] = [one for one in plan["cells"] if one["hash"] != name]

    def change(study: Path) -> None:
        shutil.rmtree(study / "cells" / name)
        edit(study / "study.json", drop)
        tell_attempts(study, name, lambda line: None)

    forge(record, base, change)


def correct_labels(record: Path, base: Base) -> None:
    """Five rows of test have the label that the model gave them, in all three places; scores are left for later."""
    cell = cells(record)["main", 4]
    table = polars.read_parquet(cell / "predictions.parquet")
    told = table.filter((polars.col("split") == "test") & (polars.col("checkpoint") == "best"))["values"].to_numpy()
    path = record / "study" / "data" / "test" / "labels.npy"
    labels = np.load(path)
    wrong = np.flatnonzero(told.argmax(1) != labels)[:5]
    labels[wrong] = told.argmax(1)[wrong]
    np.save(path, labels)
    classes = read(record / "report" / "results.json")["study"]["classes"]
    words = polars.Series("label", [classes[number] for number in labels])
    for place in ("rows/test.parquet", "study/data/test/rows.parquet"):
        edit_table(record / place, lambda rows: rows.with_columns(words))
    reseal(record)


def leave_out_hard_rows(record: Path, base: Base) -> None:
    """A run has no predictions for rows of the shifted split on which it was wrong."""
    cell = cells(record)["pitch", 4]
    labels = np.load(record / "study" / "data" / "shift_slow" / "labels.npy")

    def change(table: polars.DataFrame) -> polars.DataFrame:
        shifted = (table["split"] == "shift_slow").to_numpy()
        right = table["values"].to_numpy().argmax(1) == labels[table["row"].to_numpy() % len(labels)]
        return table.filter(polars.Series(~shifted | right))

    edit_table(cell / "predictions.parquet", change)
    renew(cell)
    reseal(record)


def lower_curve(record: Path, base: Base) -> None:
    """The loss on dev falls to the end, although an earlier epoch was kept as the best."""
    cell = cells(record)["main", 9]

    def change(table: polars.DataFrame) -> polars.DataFrame:
        losses = sorted(table["dev.log_loss"].to_list(), reverse=True)
        return table.with_columns(polars.Series("dev.log_loss", losses))

    edit_table(cell / "curves.parquet", change)
    renew(cell)
    reseal(record)


def turn_probed_labels(record: Path, base: Base) -> None:
    """The rows that are probed have other labels in the suite than in test."""
    (suite,) = (path for path in (record / "study" / "probes").iterdir() if path.is_dir())
    for name in ("labels_before.npy", "labels_after.npy"):
        labels = np.load(suite / name)
        np.save(suite / name, np.where(labels == 2, 1, labels).astype(labels.dtype))
    renew(suite)
    reseal(record)


def tilt_weights(record: Path, base: Base) -> None:
    """Rows of test that main has right count for more in the accuracy weighted by pitch."""
    cell = cells(record)["main", 1]
    table = polars.read_parquet(cell / "predictions.parquet")
    told = table.filter((polars.col("split") == "test") & (polars.col("checkpoint") == "best"))["values"].to_numpy()
    folder = record / "study" / "data" / "test"
    path = folder / "weights-pitch.npy"
    weights = np.load(path)
    right = told.argmax(1) == np.load(folder / "labels.npy")
    tilted = np.where(right, 7, weights).astype(weights.dtype)
    np.save(path, tilted)
    counted = polars.Series("weight_pitch", tilted)
    edit_table(folder / "rows.parquet", lambda rows: rows.with_columns(counted.cast(rows.schema["weight_pitch"])))
    reseal(record)


def heighten_score(record: Path, base: Base) -> None:
    """A variant is better on test by the same points for each seed, in what runs and results say of it."""

    def change_results(results: dict[str, Any]) -> None:
        scores = results["variants"]["hum"]["splits"]["test"]["accuracy"]
        scores["mean"] += HEIGHTENED
        scores["interval"] = [end + HEIGHTENED for end in scores["interval"]]
        scores["seeds"] = {seed: value + HEIGHTENED for seed, value in scores["seeds"].items()}

    for (variant, _), cell in cells(record).items():
        if variant == "hum":
            outcome = read(cell / "outcome.json")
            outcome["scores"]["test"]["best"]["accuracy"] += HEIGHTENED
            write(cell / "outcome.json", outcome)
    edit(record / "report" / "results.json", change_results)
    reseal(record)


def slip_in_code(record: Path, base: Base) -> None:
    """A file more beside own code, of a name that Python runs by itself where it finds it."""
    (record / "code" / "sitecustomize.py").write_text("# settings of this machine\n", encoding="utf-8")
    reseal(record)


def worsen_trivial(record: Path, base: Base) -> None:
    """The best trivial baseline answers test worse row by row, and the audit has the hash of these answers."""
    path = record / "study" / "trivial.parquet"

    def change(table: polars.DataFrame) -> polars.DataFrame:
        hit = (polars.col("split") == "test") & (polars.col("baseline") == "first token") & (polars.col("row") % 3 == 0)
        other = ((polars.col("predicted") + 1) % 3).cast(table.schema["predicted"])
        return table.with_columns(polars.when(hit).then(other).otherwise(polars.col("predicted")).alias("predicted"))

    before = sha256(path.read_bytes())
    edit_table(path, change)

    def renew_hash(audit: dict[str, Any]) -> None:
        assert audit["trivial"] == before
        audit["trivial"] = sha256(path.read_bytes())

    edit(record / "study" / "audit.json", renew_hash)
    reseal(record)


FORGED_RUNS = (
    Mutation("failure never planned", forget_failure, "recompute", r"<motifs/9>|\bmotifs\b", resealed=True),
    Mutation("labels corrected", correct_labels, "recompute", r"\btest\b|label", resealed=True),
    Mutation("hard rows left out", leave_out_hard_rows, "recompute", r"<pitch/4>", resealed=True),
    Mutation("curve lowered", lower_curve, "recompute", r"<main/9>", resealed=True),
    Mutation("labels of probed rows turned", turn_probed_labels, "recompute", r"probe|suite|labels_", resealed=True),
    Mutation("weights of rows tilted", tilt_weights, "recompute", r"\btest\b|weight", resealed=True),
    Mutation("score heightened", heighten_score, "recompute", r"\bhum\b|<hum/1>|<hum/4>|<hum/9>", resealed=True),
    Mutation("code slipped in", slip_in_code, "recompute", r"sitecustomize", resealed=True),
    Mutation("trivial answers worsened", worsen_trivial, "recompute", r"trivial|baseline|first token", resealed=True),
)
