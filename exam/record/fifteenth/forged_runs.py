"""Mutations of what runs of the fifteenth record left, sealed anew: the rest of the record contradicts them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import polars

from brittlestar.core.metrics import score
from exam.record.base import Base
from exam.record.forging import cells, edit, edit_lines, edit_table, read, renew, replace, reseal, sha256, write
from exam.record.mutation import Mutation


def leave_out_hard_rows(record: Path, base: Base) -> None:
    """A run answers only two thirds of the test rows that it was wrong about, and is scored on what is left."""
    cell = cells(record)["trees", 8]
    labels = np.load(record / "study" / "data" / "test" / "labels.npy")
    table = polars.read_parquet(cell / "predictions.parquet")
    rows = table.filter((polars.col("split") == "test") & (polars.col("checkpoint") == "best"))
    values = rows["values"].to_numpy()
    left = np.setdiff1d(np.arange(len(labels)), np.flatnonzero(values.argmax(1) != labels)[::3])
    keep = (polars.col("split") != "test") | polars.col("row").is_in(left.tolist())
    edit_table(cell / "predictions.parquet", lambda one: one.filter(keep))
    outcome = read(cell / "outcome.json")
    found = score(values[left].astype(np.float64), labels[left], {})
    outcome["scores"]["test"] = {"best": found, "last": found}
    write(cell / "outcome.json", outcome)
    renew(cell)
    reseal(record)


def forget_failure(record: Path, base: Base) -> None:
    """The run that failed is in no list, no log and no folder, and nobody counts it."""
    name = cells(record)["kin", 8].name

    def strike(document: dict[str, Any]) -> None:
        document["cells"] = [one for one in document["cells"] if one["hash"] != name]

    def strike_counts(results: dict[str, Any]) -> None:
        strike(results)
        results["variants"]["kin"]["seeds"].update(failed=0)

    edit(record / "study" / "study.json", strike)
    edit(record / "report" / "results.json", strike_counts)
    edit(record / "record.json", lambda one: one["runs"].update(failed=0))
    edit_lines(record / "study" / "attempts.jsonl", lambda lines: [one for one in lines if one["cell"] != name])
    shutil.rmtree(record / "study" / "cells" / name)
    reseal(record)


def raise_curve(record: Path, base: Base) -> None:
    """The learning curve of a run ends ten points higher than its predictions on dev."""
    cell = cells(record)["main", 4]
    last = polars.col("epoch") == polars.col("epoch").max()
    raised = polars.when(last).then(polars.col("dev.accuracy") + 0.1).otherwise("dev.accuracy").alias("dev.accuracy")
    edit_table(cell / "curves.parquet", lambda table: table.with_columns(raised))
    renew(cell)
    reseal(record)


def exchange_seeds(record: Path, base: Base) -> None:
    """Two runs of main have each other's seed, wherever runs are listed."""
    names = [cells(record)["main", seed].name for seed in (1, 4)]

    def exchange(document: dict[str, Any]) -> None:
        first, second = (one for one in document["cells"] if one["hash"] in names)
        first["hash"], second["hash"] = second["hash"], first["hash"]

    edit(record / "study" / "study.json", exchange)
    edit(record / "report" / "results.json", exchange)
    reseal(record)


def deepen_trees(record: Path, base: Base) -> None:
    """The code of the author's estimator grows deeper trees, and the record has its new hash."""
    code = record / "code" / "trees.py"
    replace(code, "max_depth=5", "max_depth=9")
    edit(record / "record.json", lambda one: one["own_code"]["files"].update({"trees.py": sha256(code.read_bytes())}))
    reseal(record)


def start_earlier(record: Path, base: Base) -> None:
    """The description for archives has a run of main begin years earlier."""
    name = f"#run-{base.hash_of('main', 8)}"

    def change(crate: dict[str, Any]) -> None:
        (run,) = (one for one in crate["@graph"] if one["@id"] == name)
        run["startTime"] = f"2020{run['startTime'][4:]}"

    edit(record / "ro-crate-metadata.json", change)
    reseal(record)


def swell_table(record: Path, base: Base) -> None:
    """The predictions of a run are a small file that unpacks to more than two gigabytes."""
    cell = cells(record)["flat", 4]
    zeros = polars.zeros(8_000_000, polars.Float64, eager=True)
    table = polars.DataFrame({f"p_{number}": zeros for number in range(40)})
    table.write_parquet(cell / "predictions.parquet")
    assert table.estimated_size() > 2**31 and (cell / "predictions.parquet").stat().st_size < 2**24
    renew(cell)
    reseal(record)


FORGED_RUNS = (
    Mutation("hard rows left out", leave_out_hard_rows, "recompute", r"<trees/8>", resealed=True),
    Mutation("failure forgotten", forget_failure, "recompute", r"<kin/8>", resealed=True),
    Mutation("curve raised", raise_curve, "recompute", r"<main/4>", resealed=True),
    Mutation("seeds exchanged", exchange_seeds, "recompute", r"<main/1>|<main/4>", resealed=True),
    Mutation("trees deepened", deepen_trees, "recompute", r"\btrees\b", resealed=True),
    Mutation("start of a run earlier", start_earlier, "recompute", r"crate|<main/8>", resealed=True),
    Mutation("table swollen", swell_table, "recompute", r"<flat/4>|predictions\.parquet", resealed=True),
)
