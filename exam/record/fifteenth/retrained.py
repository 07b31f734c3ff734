"""Mutations of the fifteenth record that only training shows: all of it is consistent, and was never trained so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars

from brittlestar.core.metrics import softmax
from exam.record.base import Base
from exam.record.fifteenth.base import SEEDS
from exam.record.fifteenth.forgery import forge, plant, rescore
from exam.record.forging import cells, edit, edit_table, read, renew, replace, reseal, sha256
from exam.record.mutation import Mutation
from exam.record.second.forgery import answer_otherwise, tell_end


def pass_off_weights_of_classes(record: Path, base: Base) -> None:
    """All runs of main were trained with weights of classes that nobody states."""
    forge(record, base, lambda study: _plant_all(study, base, "weighted", "main"))


def pass_off_no_dropout(record: Path, base: Base) -> None:
    """All runs of a variant were trained without the dropout that is stated."""
    forge(record, base, lambda study: _plant_all(study, base, "undropped", "flat"))


def pass_off_parts(record: Path, base: Base) -> None:
    """Runs of the author's factory were trained with other code in what it imports than is shown."""
    forge(record, base, lambda study: _plant_all(study, base, "coded", "windows"))


def pass_off_depth(record: Path, base: Base) -> None:
    """Runs of the author's estimator had trees of any depth, and not of the depth that is shown."""
    forge(record, base, lambda study: _plant_all(study, base, "coded", "trees"))


def choose_lucky_seeds(record: Path, base: Base) -> None:
    """The two worst seeds of main were replaced by the two best ones of four that nobody is told of."""

    def find_score(study: Path, name: str) -> float:
        return float(read(study / "cells" / name / "outcome.json")["scores"]["test"]["best"]["accuracy"])

    def change(study: Path) -> None:
        hidden = [base.secret_run("lucky", "main", seed) for seed in (11, 12, 13, 14)]
        lucky = sorted(hidden, key=lambda one: (-find_score(*one), one[1]))[:2]
        for seed, (place, other) in zip((4, 8), lucky, strict=True):
            plant(study, base.hash_of("main", seed), place, other)

    forge(record, base, change)


def pass_off_ensemble(record: Path, base: Base) -> None:
    """The answers of a run of main on test are those of all three runs together."""

    def change(study: Path) -> None:
        asked = (polars.col("split") == "test") & (polars.col("checkpoint") == "best")
        tables = [
            polars.read_parquet(study / "cells" / base.hash_of("main", seed) / "predictions.parquet") for seed in SEEDS
        ]
        shares = np.mean([softmax(table.filter(asked)["values"].to_numpy()) for table in tables], axis=0)
        logits = np.log(shares).astype(np.float32)
        answer_otherwise(study, base.hash_of("main", 4), "test", lambda values, labels: logits)

    forge(record, base, change)


def invent_run(record: Path, base: Base) -> None:
    """The run that failed was done, with the answers of another seed and, in each ninth row, of a third one."""

    def change(study: Path) -> None:
        name, other, third = (base.hash_of("kin", seed) for seed in (8, 4, 1))
        log = (study / "cells" / name / "log.txt").read_text(encoding="utf-8").split("Traceback")[0]
        read_back = read(study / "cells" / other / "cell.json")["read_back"]
        plant(study, name, study, other)
        cell = study / "cells" / name
        (cell / "log.txt").write_text(log, encoding="utf-8")
        edit(cell / "cell.json", lambda one: one.update(read_back=read_back))
        table = polars.read_parquet(study / "cells" / third / "predictions.parquet")

        def mix(split: str, values: np.ndarray) -> np.ndarray:
            asked = (polars.col("split") == split) & (polars.col("checkpoint") == "best")
            mixed = values.copy()
            mixed[::9] = table.filter(asked)["values"].to_numpy()[::9]
            return mixed

        rescore(study, name, mix)
        renew(cell)
        tell_end(study, name, _tell_done)

    forge(record, base, change)


def publish_other_weights(record: Path, base: Base) -> None:
    """The weights that a run is said to have left, which the record withholds, are other ones."""
    cell = cells(record)["windows", 4]
    place, name = base.secret_run("coded", "windows", 4)
    others = {
        file: sha256((place / "cells" / name / file).read_bytes())
        for file in ("weights-best.safetensors", "weights-last.safetensors")
    }
    edit(cell / "outcome.json", lambda one: one["files"].update(others))
    reseal(record)


def silence_warning(record: Path, base: Base) -> None:
    """What the author's fit function warned of is no longer in the log of a run."""
    cell = cells(record)["kin", 1]
    replace(cell / "log.txt", "warning: fewer rows than neighbours need\n", "")
    renew(cell)
    reseal(record)


def smooth_curve(record: Path, base: Base) -> None:
    """The losses of a run fall along a straight line between its first epoch and its last one."""

    def smooth(table: polars.DataFrame) -> polars.DataFrame:
        columns: list[polars.Series] = []
        for name in ("train.log_loss", "dev.log_loss"):
            values = table[name].to_numpy()
            columns.append(polars.Series(name, np.linspace(values[0], values[-1], len(values))))
        return table.with_columns(columns)

    def change(study: Path) -> None:
        cell = study / "cells" / base.hash_of("main", 8)
        edit_table(cell / "curves.parquet", smooth)
        renew(cell)

    forge(record, base, change)


def shrink_factory(record: Path, base: Base) -> None:
    """The author's factory makes a module of half as many parameters, wherever they are counted."""

    def change(study: Path) -> None:
        def shrink(document: dict[str, Any]) -> None:
            (variant,) = (one for one in document["variants"] if one["name"] == "windows")
            variant["parameters"] //= 2

        edit(study / "study.json", shrink)
        for seed in SEEDS:
            cell = study / "cells" / base.hash_of("windows", seed)
            edit(cell / "cell.json", lambda one: one.update(parameters=one["parameters"] // 2))
            renew(cell)

    forge(record, base, change)


def probe_otherwise(record: Path, base: Base) -> None:
    """A run of the author's factory answers a part of changed rows with another class than it did."""

    def change(study: Path) -> None:
        (folder,) = (study / "derived" / base.hash_of("windows", 8)).glob("probes-*")
        answers = np.load(folder / "predictions.npy")
        answers[200:400] = (answers[200:400] + 1) % 3
        np.save(folder / "predictions.npy", answers)
        renew(folder)

    forge(record, base, change)


def _plant_all(study: Path, base: Base, secret: str, variant: str) -> None:
    for seed in SEEDS:
        plant(study, base.hash_of(variant, seed), *base.secret_run(secret, variant, seed))


def _tell_done(line: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**line, "event": "done"}.items() if key != "error"}


FLAT = r"<flat/1>|<flat/4>|<flat/8>"
MAIN = r"<main/1>|<main/4>|<main/8>"
TREES = r"<trees/1>|<trees/4>|<trees/8>"
WINDOWS = r"<windows/1>|<windows/4>|<windows/8>"
RETRAINED = (
    Mutation("weights of classes unstated", pass_off_weights_of_classes, "retrain", MAIN, resealed=True),
    Mutation("dropout stated and left out", pass_off_no_dropout, "retrain", FLAT, resealed=True),
    Mutation("other parts than shown", pass_off_parts, "retrain", WINDOWS, resealed=True),
    Mutation("other depth than shown", pass_off_depth, "retrain", TREES, resealed=True),
    Mutation("lucky seeds chosen", choose_lucky_seeds, "retrain", r"<main/4>|<main/8>", resealed=True),
    Mutation("ensemble passed off as a run", pass_off_ensemble, "retrain", r"<main/4>", resealed=True),
    Mutation("run invented", invent_run, "retrain", r"<kin/8>", resealed=True),
    Mutation("weights of another model", publish_other_weights, "retrain", r"<windows/4>", resealed=True),
    Mutation("warning silenced", silence_warning, "retrain", r"<kin/1>", resealed=True),
    Mutation("curve smoothed", smooth_curve, "retrain", r"<main/8>", resealed=True),
    Mutation("parameters halved", shrink_factory, "retrain", rf"parameters|{WINDOWS}", resealed=True),
    Mutation("answers to probes turned", probe_otherwise, "retrain", r"<windows/8>", resealed=True),
)
