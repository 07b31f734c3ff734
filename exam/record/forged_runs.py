"""Mutations of what runs left, sealed anew: the rest of the record contradicts them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars

from exam.record.base import Base
from exam.record.forging import cells, edit, edit_lines, edit_table, renew, replace, reseal, sha256
from exam.record.mutation import Mutation


def flip_prediction(record: Path, base: Base) -> None:
    """The other class in one row of test."""
    cell = cells(record)["main", 0]

    def change(table: polars.DataFrame) -> polars.DataFrame:
        values = table["values"].to_numpy().copy()
        row = np.flatnonzero((table["split"] == "test").to_numpy() & (table["checkpoint"] == "best").to_numpy())[17]
        values[row] = values[row][::-1]
        return table.with_columns(polars.Series("values", values, dtype=table.schema["values"]))

    edit_table(cell / "predictions.parquet", change)
    renew(cell)
    reseal(record)


def change_rate(record: Path, base: Base) -> None:
    """Another learning rate, wherever settings stand."""

    def change_study(study: dict[str, Any]) -> None:
        study["given"]["training"]["learning_rate"] = 0.003
        for name in ("main", "wide"):
            study["expanded"][name]["training"]["learning_rate"] = 0.003
        for variant in study["variants"][:2]:
            for one in variant["settings"]:
                if one["path"] == "training.learning_rate":
                    one["value"] = 0.003

    edit(record / "study" / "study.json", change_study)
    replace(record / "code" / "study.yaml", '"learning_rate": 0.01', '"learning_rate": 0.003')
    for (variant, _), cell in cells(record).items():
        if variant != "counts":
            edit(cell / "cell.json", lambda one: one["settings"]["training"].update(learning_rate=0.003))
            renew(cell)
    reseal(record)


def delete_failure(record: Path, base: Base) -> None:
    """The run that failed is in no list any more."""
    cell = cells(record)["counts", 2]
    for path in cell.iterdir():
        path.unlink()
    cell.rmdir()

    def drop(document: dict[str, Any]) -> None:
        document["cells"] = [one for one in document["cells"] if one["hash"] != cell.name]

    def drop_from_results(results: dict[str, Any]) -> None:
        drop(results)
        results["variants"]["counts"]["seeds"]["failed"] = 0

    edit(record / "study" / "study.json", drop)
    edit(record / "report" / "results.json", drop_from_results)
    edit(record / "record.json", lambda one: one["runs"].update(failed=0))
    attempts = record / "study" / "attempts.jsonl"
    edit_lines(attempts, lambda lines: [line for line in lines if line["cell"] != cell.name])
    reseal(record)


def exchange_seeds(record: Path, base: Base) -> None:
    """Two runs bear the seed of each other; their streams stay."""
    runs = cells(record)
    seeds = {runs["wide", 0].name: 1, runs["wide", 1].name: 0}

    def change_study(study: dict[str, Any]) -> None:
        for one in study["cells"]:
            one["seed"] = seeds.get(one["hash"], one["seed"])

    edit(record / "study" / "study.json", change_study)
    for name, seed in seeds.items():
        cell = record / "study" / "cells" / name
        edit(cell / "cell.json", lambda one, seed=seed: one.update(seed=seed))
        renew(cell)
    attempts = record / "study" / "attempts.jsonl"
    edit_lines(
        attempts,
        lambda lines: [{**line, "seed": seeds[line["cell"]]} if line["cell"] in seeds else line for line in lines],
    )
    reseal(record)


def raise_score(record: Path, base: Base) -> None:
    """A better accuracy among the scores of a run."""
    cell = cells(record)["wide", 2]

    def change(outcome: dict[str, Any]) -> None:
        outcome["scores"]["test"]["best"]["accuracy"] += 0.1

    edit(cell / "outcome.json", change)
    reseal(record)


def raise_curve(record: Path, base: Base) -> None:
    """A better score on dev in every epoch of a curve."""
    cell = cells(record)["main", 1]
    better = polars.col("dev.accuracy") + 0.1
    edit_table(cell / "curves.parquet", lambda table: table.with_columns(better))
    renew(cell)
    reseal(record)


def change_code(record: Path, base: Base) -> None:
    """Ten times as many steps in the author's code."""
    code = record / "code" / "counts.py"
    replace(code, "STEPS = 60", "STEPS = 600")
    edit(record / "record.json", lambda one: one["own_code"]["files"].update({"counts.py": sha256(code.read_bytes())}))
    reseal(record)


def change_probe_answers(record: Path, base: Base) -> None:
    """A run answers half of the changed rows otherwise."""
    derived = record / "study" / "derived" / cells(record)["main", 0].name
    (folder,) = derived.glob("probes-*")
    answers = np.load(folder / "predictions.npy")
    half = answers.reshape(-1)[: answers.size // 2]
    half[:] = 1 - half
    np.save(folder / "predictions.npy", answers)
    renew(folder)
    reseal(record)


RUNS = (
    Mutation("prediction flipped", flip_prediction, "recompute", r"<main/0>", resealed=True),
    Mutation(
        "learning rate changed everywhere",
        change_rate,
        "recompute",
        r"learning.rate|<main/0>|<main/1>|<main/2>|<wide/0>|<wide/1>|<wide/2>",
        resealed=True,
    ),
    Mutation("failed run deleted from lists", delete_failure, "recompute", r"<counts/2>", resealed=True),
    Mutation("seeds of two runs exchanged", exchange_seeds, "recompute", r"<wide/0>|<wide/1>", resealed=True),
    Mutation("score of a run raised", raise_score, "recompute", r"<wide/2>", resealed=True),
    Mutation("curve raised", raise_curve, "recompute", r"<main/1>|curve", resealed=True),
    Mutation("own code changed", change_code, "recompute", r"counts", resealed=True),
    Mutation("answers to probes changed", change_probe_answers, "recompute", r"<main/0>|probe|order", resealed=True),
)
