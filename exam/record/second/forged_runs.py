"""Mutations of what runs of the second record left, sealed anew: the rest of the record contradicts them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars

from exam.record.base import Base
from exam.record.forging import cells, edit, edit_table, renew, replace, reseal, sha256
from exam.record.mutation import Mutation


def rotate_classes(record: Path, base: Base) -> None:
    """A run answers all of dev with the next class, under the last checkpoint."""
    cell = cells(record)["blind", 3]

    def change(table: polars.DataFrame) -> polars.DataFrame:
        values = table["values"].to_numpy().copy()
        rows = ((table["split"] == "dev") & (table["checkpoint"] == "last")).to_numpy()
        values[rows] = np.roll(values[rows], 1, axis=1)
        return table.with_columns(polars.Series("values", values, dtype=table.schema["values"]))

    edit_table(cell / "predictions.parquet", change)
    renew(cell)
    reseal(record)


def move_best_epoch(record: Path, base: Base) -> None:
    """Another epoch is the best one of a run, wherever it stands."""
    cell = cells(record)["sums", 3]

    def change(results: dict[str, Any]) -> None:
        for one in results["cells"]:
            if one["hash"] == cell.name:
                one["best_epoch"] = 1

    edit(cell / "outcome.json", lambda one: one.update(best_epoch=1))
    edit(record / "report" / "results.json", change)
    reseal(record)


def change_stream(record: Path, base: Base) -> None:
    """The seed of the order of batches of a run is another one."""
    cell = cells(record)["main", 5]
    edit(cell / "cell.json", lambda one: one["streams"].update(order=one["streams"]["order"] - 1))
    renew(cell)
    reseal(record)


def call_failure_lost(record: Path, base: Base) -> None:
    """The run that failed was lost, as if its machine had been stopped."""
    cell = cells(record)["votes", 5]

    def change(results: dict[str, Any]) -> None:
        for one in results["cells"]:
            if one["hash"] == cell.name:
                one["state"] = "lost"
        results["variants"]["votes"]["seeds"].update(failed=0, lost=1)

    edit(cell / "outcome.json", lambda one: one.update(state="lost"))
    edit(record / "report" / "results.json", change)
    reseal(record)


def steady_answers(record: Path, base: Base) -> None:
    """A run's answers never change with batches and padding."""
    (folder,) = (record / "study" / "derived" / cells(record)["main", 2].name).glob("probes-*")
    steady = (polars.lit(False).alias("changed"), polars.lit(0.0, polars.Float32).alias("moved"))
    edit_table(folder / "presented.parquet", lambda table: table.with_columns(*steady))
    renew(folder)
    reseal(record)


def shrink_model(record: Path, base: Base) -> None:
    """A variant has a tenth of its parameters in the results."""
    edit(record / "report" / "results.json", lambda one: one["variants"]["main"].update(parameters=165))
    reseal(record)


def change_class_of_machine(record: Path, base: Base) -> None:
    """One run of a variant was made on a machine of another class."""
    cell = cells(record)["sums", 2]
    edit(cell / "cell.json", lambda one: one.update(environment_class=one["environment_class"][::-1]))
    renew(cell)
    reseal(record)


def change_rate_read_back(record: Path, base: Base) -> None:
    """The optimiser of a run had another rate than its settings."""
    cell = cells(record)["main", 3]
    edit(cell / "cell.json", lambda one: one["read_back"].update({"training.learning_rate": 0.002}))
    renew(cell)
    reseal(record)


def change_helper(record: Path, base: Base) -> None:
    """What the author's model imports reaches further."""
    code = record / "code" / "pairs.py"
    replace(code, "REACH = 1", "REACH = 3")
    edit(record / "record.json", lambda one: one["own_code"]["files"].update({"pairs.py": sha256(code.read_bytes())}))
    reseal(record)


def change_parameter(record: Path, base: Base) -> None:
    """The study file that makes the runs again gives a model another parameter."""
    replace(record / "code" / "study.yaml", '"prior": 0.7', '"prior": 0.1')
    reseal(record)


FORGED_RUNS = (
    Mutation("classes rotated", rotate_classes, "recompute", r"<blind/3>", resealed=True),
    Mutation("best epoch moved", move_best_epoch, "recompute", r"<sums/3>", resealed=True),
    Mutation("stream of a run changed", change_stream, "recompute", r"<main/5>", resealed=True),
    Mutation("failure called lost", call_failure_lost, "recompute", r"<votes/5>", resealed=True),
    Mutation("answers steadied", steady_answers, "recompute", r"<main/2>|present|padding|batches|probe", resealed=True),
    Mutation("model shrunk", shrink_model, "recompute", r"parameters|results\.json", resealed=True),
    Mutation("machine of a run changed", change_class_of_machine, "recompute", r"<sums/2>", resealed=True),
    Mutation("rate read back changed", change_rate_read_back, "recompute", r"<main/3>|learning.rate", resealed=True),
    Mutation("helper changed", change_helper, "recompute", r"pairs|votes", resealed=True),
    Mutation("parameter changed in the study file", change_parameter, "recompute", r"study\.yaml", resealed=True),
)
