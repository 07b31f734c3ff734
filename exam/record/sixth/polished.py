"""Mutations of the sixth record in which runs are made to look better, with all that follows from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars

from exam.record.base import Base
from exam.record.forging import edit, edit_table, read, renew, replace
from exam.record.mutation import Mutation
from exam.record.sixth.base import SEEDS
from exam.record.sixth.forgery import answer, edit_attempts, forge_study, read_values


def answer_together(record: Path, base: Base) -> None:
    """A run of main answers test with the mean of all three."""

    def change(study: Path) -> None:
        names = [base.hash_of("main", seed) for seed in SEEDS]
        means = {
            checkpoint: np.mean([read_values(study, name, "test", checkpoint) for name in names], axis=0)
            for checkpoint in ("best", "last")
        }
        answer(study, names[-1], "test", means)

    forge_study(record, base, change)


def blame_machine(record: Path, base: Base) -> None:
    """The run that failed had too little memory, in its outcome, its log and the log of attempts."""

    def change(study: Path) -> None:
        cell = study / "cells" / base.hash_of("memory", 4)
        before, after = "LookupError: no row is near enough to row", "OSError: no space left on device"
        error = read(cell / "outcome.json")["error"]
        harmless = error[: error.index(before)] + after
        edit(cell / "outcome.json", lambda one: one.update(error=harmless))
        told = (cell / "log.txt").read_text(encoding="utf-8")
        start = told.rindex(before)
        (cell / "log.txt").write_text(f"{told[:start]}{after}\n", encoding="utf-8")
        replace(cell / "log.txt", told[told.index("    raise ") : start], "")
        renew(cell)
        edit_attempts(study, lambda line: {**line, "error": harmless} if "error" in line else line)

    forge_study(record, base, change)


def steady_order(record: Path, base: Base) -> None:
    """A run of main answers every changed row as it answers the row that it was made from."""

    def change(study: Path) -> None:
        suite = read(study / "probes" / "current.json")["suite"]
        before, after = (np.load(study / "probes" / suite / f"{name}.npy") for name in ("before", "after"))
        folder = study / "derived" / base.hash_of("main", 6) / f"probes-{suite}"
        for name in ("predictions", "confidence"):
            told = np.load(folder / f"{name}.npy")
            steady = told.copy()
            steady[after] = told[before]
            steady[before] = told[before]
            assert not np.array_equal(steady, told)
            np.save(folder / f"{name}.npy", steady)
        renew(folder)

    forge_study(record, base, change)


def smooth_curves(record: Path, base: Base) -> None:
    """Between the first and the last epoch a run of main got better on dev by equal steps."""

    def change(study: Path) -> None:
        cell = study / "cells" / base.hash_of("main", 4)

        def smooth(table: polars.DataFrame) -> polars.DataFrame:
            columns = [name for name in table.columns if name in ("dev.log_loss", "dev.accuracy")]
            ends = {name: (table[name][0], table[name][-1]) for name in columns}
            return table.with_columns(
                polars.Series(name, np.linspace(*ends[name], len(table)), dtype=table.schema[name]) for name in columns
            )

        edit_table(cell / "curves.parquet", smooth)
        renew(cell)

    forge_study(record, base, change)


def order_losses(record: Path, base: Base) -> None:
    """Within each epoch the losses of steps fall evenly: none is another, but they stand in order."""

    def change(study: Path) -> None:
        cell = study / "cells" / base.hash_of("locks", 6)
        batches = -(-len(np.load(study / "data" / "train" / "labels.npy")) // 20)

        def fall(table: polars.DataFrame) -> polars.DataFrame:
            losses = table["loss"].to_numpy()
            fallen = np.concatenate([np.sort(losses[at : at + batches])[::-1] for at in range(0, len(losses), batches)])
            return table.with_columns(polars.Series("loss", fallen, dtype=table.schema["loss"]))

        edit_table(cell / "steps.parquet", fall)
        renew(cell)

    forge_study(record, base, change)


def tell_other_number(record: Path, base: Base) -> None:
    """The log of a run of the fit function says that it remembers all rows."""

    def change(study: Path) -> None:
        cell = study / "cells" / base.hash_of("memory", 1)
        told = (cell / "log.txt").read_text(encoding="utf-8")
        kept, rows = told.split("remembers ")[1].split(" of ")[0], told.split(" of ")[1].split(" rows")[0]
        replace(cell / "log.txt", f"remembers {kept} of", f"remembers {rows} of")
        renew(cell)

    forge_study(record, base, change)


POLISHED = (
    Mutation("answers of three runs", answer_together, "retrain", r"<main/6>", resealed=True),
    Mutation("failure blamed on the machine", blame_machine, "retrain", r"<memory/4>", resealed=True),
    Mutation("answers to probes steadied", steady_order, "retrain", r"<main/6>|probe|order", resealed=True),
    Mutation("curves smoothed", smooth_curves, "retrain", r"<main/4>|curves", resealed=True),
    Mutation("losses in order", order_losses, "retrain", r"<locks/6>|steps\.parquet", resealed=True),
    Mutation("other number in a log", tell_other_number, "retrain", r"<memory/1>|log\.txt", resealed=True),
)
