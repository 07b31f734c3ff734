"""What a forger does who lets everything follow from forged predictions."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars

from brittlestar import report, seal
from brittlestar.core.metrics import score, softmax
from exam.record.base import Base
from exam.record.forging import edit, edit_lines, read, renew, write
from exam.record.second.base import CODE


def forge(record: Path, base: Base, change: Callable[[Path], None]) -> None:
    """Change a copy of the study, and let it be reported and sealed as it is."""
    workplace = record.with_name("forgery")
    workplace.mkdir()
    study = Path(shutil.copytree(base.study, workplace / base.study.name))
    shutil.copytree(base.study.with_name("data"), workplace / "data")
    for name in (*CODE, "study.yaml"):
        shutil.copyfile(base.study.with_name(name), workplace / name)
    change(study)
    for name in ("sealed.json", "index.parquet"):
        (study / name).unlink(missing_ok=True)
    shutil.rmtree(study / "report")
    report(study, figures=True)
    shutil.rmtree(record)
    seal(study, with_data=True, folder=True, out=record)


def transplant(study: Path, base: Base, secret: str, variant: str, seed: int) -> None:
    """A run has all that the run of the same name left in a secret study; its settings and clocks stay."""
    place, name = base.secret_run(secret, variant, seed)
    renamed = base.hash_of(variant, seed)
    cell = study / "cells" / renamed
    settings, clocks = (cell / "cell.json").read_bytes(), (cell / "timing.json").read_bytes()
    shutil.rmtree(cell)
    shutil.copytree(place / "cells" / name, cell)
    (cell / "cell.json").write_bytes(settings)
    (cell / "timing.json").write_bytes(clocks)
    if renamed != name:
        edit(cell / "outcome.json", lambda one: one.update(folder=renamed))
    renew(cell)
    derived = study / "derived" / renamed
    shutil.rmtree(derived, ignore_errors=True)
    shutil.copytree(place / "derived" / name, derived)


def tell_end(study: Path, name: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Another last word in the log of attempts about a run."""

    def told(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            change(line) if line["cell"] == name and line["event"] in ("done", "failed") else line for line in lines
        ]

    edit_lines(study / "attempts.jsonl", told)


def answer_otherwise(
    study: Path, name: str, split: str, change: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> None:
    """Other values (rows, classes) of a run on a split, given its labels, under both checkpoints; scores follow."""
    cell = study / "cells" / name
    labels = np.load(study / "data" / split / "labels.npy")
    table = polars.read_parquet(cell / "predictions.parquet")
    values = table["values"].to_numpy().copy()
    outcome = read(cell / "outcome.json")
    for checkpoint in table["checkpoint"].unique().to_list():
        rows = ((table["split"] == split) & (table["checkpoint"] == checkpoint)).to_numpy()
        values[rows] = change(values[rows], labels)
        logits = not table["probabilities"].to_numpy()[rows].any()
        shares = softmax(values[rows]) if logits else values[rows].astype(np.float64)
        outcome["scores"][split][checkpoint] = score(shares, labels, {})
    table.with_columns(polars.Series("values", values, dtype=table.schema["values"])).write_parquet(
        cell / "predictions.parquet"
    )
    write(cell / "outcome.json", outcome)
    renew(cell)
