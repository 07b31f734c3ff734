"""Mutations of what runs of the sixth record left, sealed anew, which the rest of the record contradicts."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars

from exam.record.base import Base
from exam.record.forging import cells, edit, edit_table, read, renew, reseal, write
from exam.record.mutation import Mutation
from exam.record.sixth.forgery import edit_attempts, edit_cell, find_rows

LESS = 0.12


def turn_answer(record: Path, base: Base) -> None:
    """One answer of a fit function is turned around."""
    cell = cells(record)["memory", 6]

    def change(table: polars.DataFrame) -> polars.DataFrame:
        values = table["values"].to_numpy().copy()
        row = find_rows(table, "test", "best").nonzero()[0][11]
        values[row] = values[row][::-1] if values[row][0] != values[row][-1] else values[row][[1, 0, 2]]
        return table.with_columns(polars.Series("values", values, dtype=table.schema["values"]))

    edit_table(cell / "predictions.parquet", change)
    renew(cell)
    reseal(record)


def call_diverged(record: Path, base: Base) -> None:
    """The best run of a rival is said to have diverged."""
    cell = cells(record)["tossed", 4]

    def change(results: dict[str, Any]) -> None:
        for one in results["cells"]:
            if one["hash"] == cell.name:
                one["outcome"] = "diverged"
        results["variants"]["tossed"]["seeds"]["diverged"] = 1

    edit(cell / "outcome.json", lambda one: one.update(outcome="diverged"))
    edit(record / "report" / "results.json", change)
    reseal(record)


def change_decay(record: Path, base: Base) -> None:
    """One run of a variant had ten times the weight decay, wherever it speaks of it."""
    cell = cells(record)["tossed", 1]

    def change(one: dict[str, Any]) -> None:
        one["settings"]["training"]["weight_decay"] = 0.5
        one["read_back"]["training.weight_decay"] = 0.5

    edit_cell(cell, "cell.json", change)
    edit(cell / "outcome.json", lambda one: one["seen"].update(decay=0.5))
    reseal(record)


def forget_failure(record: Path, base: Base) -> None:
    """The run that failed is in no list, no log and no folder any more; sentences about it stay."""
    cell = cells(record)["memory", 4]

    def drop(document: dict[str, Any]) -> None:
        document["cells"] = [one for one in document["cells"] if one["hash"] != cell.name]

    def change(results: dict[str, Any]) -> None:
        drop(results)
        results["variants"]["memory"]["seeds"].update(failed=0)

    edit(record / "study" / "study.json", drop)
    edit(record / "report" / "results.json", change)
    edit(record / "record.json", lambda one: one["runs"].update(failed=0))
    edit_attempts(record / "study", lambda line: None if line["cell"] == cell.name else line)
    shutil.rmtree(cell)
    reseal(record)


def end_well(record: Path, base: Base) -> None:
    """The last epoch of a run was better on dev than its answers are."""
    cell = cells(record)["locks", 1]

    def change(table: polars.DataFrame) -> polars.DataFrame:
        last = polars.col("epoch") == table["epoch"].max()
        better = polars.when(last).then(polars.col("dev.accuracy") + LESS).otherwise(polars.col("dev.accuracy"))
        lower = polars.when(last).then(polars.col("dev.log_loss") - LESS).otherwise(polars.col("dev.log_loss"))
        return table.with_columns(better.alias("dev.accuracy"), lower.alias("dev.log_loss"))

    edit_table(cell / "curves.parquet", change)
    renew(cell)
    reseal(record)


def withhold_answers(record: Path, base: Base) -> None:
    """Predictions of a run were left out, it says, like weights and rows that nobody asked for."""
    path = cells(record)["memory", 6] / "predictions.parquet"
    path.unlink()
    held = read(record / "study" / "withheld.json")["withheld"]
    place = path.relative_to(record / "study").as_posix()
    write(record / "study" / "withheld.json", {"withheld": sorted([*held, place])})
    edit(record / "record.json", lambda one: one.update(withheld=sorted([*one["withheld"], f"study/{place}"])))
    reseal(record)


FORGED_RUNS = (
    Mutation("one answer turned", turn_answer, "recompute", r"<memory/6>", resealed=True),
    Mutation("rival called diverged", call_diverged, "recompute", r"<tossed/4>|diverged", resealed=True),
    Mutation("decay of a run changed", change_decay, "recompute", r"<tossed/1>|weight.decay", resealed=True),
    Mutation(
        "failed run forgotten",
        forget_failure,
        "recompute",
        r"<memory/4>|memory.{0,40}(fail|seed|run|miss)|(fail|miss).{0,40}memory|\bruns?\b.{0,40}(fail|miss|lack)",
        resealed=True,
    ),
    Mutation("last epoch better than its answers", end_well, "recompute", r"<locks/1>", resealed=True),
    Mutation(
        "predictions withheld",
        withhold_answers,
        "recompute",
        r"<memory/6>|predictions\.parquet|withheld",
        resealed=True,
    ),
)
