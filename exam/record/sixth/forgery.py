"""What forgers of the sixth record have in common: a copy of the study is changed, told of anew and sealed anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars

from brittlestar import report, seal
from brittlestar.core.metrics import score, softmax
from exam.record.base import Base
from exam.record.forging import edit, edit_lines, read, renew, write
from exam.record.sixth.base import CODE

FACTORS = ("flag", "height")
STATED = ("decay", "dropout")
"""What a run's outcome says of its settings, as a forger knows."""


def forge_study(record: Path, base: Base, change: Callable[[Path], None]) -> None:
    """Change a copy of the study, and put what is sealed of it in the place of the record."""
    desk = record.parent / "desk"
    study = desk / base.study.name
    shutil.copytree(base.study, study)
    for name in ("data", "study.yaml", *CODE):
        source = base.study.parent / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, desk / name)
    change(study)
    for name in ("sealed.json", "index.parquet"):
        (study / name).unlink(missing_ok=True)
    shutil.rmtree(study / "report")
    report(study, figures=True)
    shutil.rmtree(record)
    seal(study, with_data=True, folder=True, out=record)


def replace_run(study: Path, name: str, origin: Path, other: str) -> None:
    """A run has all that another one left in the study `origin`, but for its settings, its clocks and its name."""
    cell, source = study / "cells" / name, origin / "cells" / other
    kept = {part: (cell / part).read_bytes() for part in ("cell.json", "timing.json")}
    stated = read(cell / "outcome.json").get("seen")
    shutil.rmtree(cell)
    shutil.copytree(source, cell)
    for part, content in kept.items():
        (cell / part).write_bytes(content)
    outcome = read(cell / "outcome.json")
    outcome["folder"] = name
    if stated:
        outcome["seen"].update({key: stated[key] for key in STATED})
    write(cell / "outcome.json", outcome)
    renew(cell)
    shutil.rmtree(study / "derived" / name, ignore_errors=True)
    shutil.copytree(origin / "derived" / other, study / "derived" / name)


def answer(study: Path, name: str, split: str, values: Mapping[str, np.ndarray]) -> None:
    """A run answers a split with other logits (rows, classes), by checkpoint; its scores follow."""
    cell, data = study / "cells" / name, study / "data" / split
    labels = np.load(data / "labels.npy")
    weights = {factor: np.load(data / f"weights-{factor}.npy") for factor in FACTORS}
    table = polars.read_parquet(cell / "predictions.parquet")
    every, outcome = table["values"].to_numpy().copy(), read(cell / "outcome.json")
    for checkpoint, logits in values.items():
        rows = find_rows(table, split, checkpoint)
        every[rows] = logits
        outcome["scores"][split][checkpoint] = score(softmax(every[rows]), labels, weights)
    changed = table.with_columns(polars.Series("values", every, dtype=table.schema["values"]))
    assert not changed.equals(table)
    changed.write_parquet(cell / "predictions.parquet")
    write(cell / "outcome.json", outcome)
    renew(cell)


def read_values(study: Path, name: str, split: str, checkpoint: str) -> np.ndarray:
    """What a run answers a split with (rows, classes)."""
    table = polars.read_parquet(study / "cells" / name / "predictions.parquet")
    return table["values"].to_numpy()[find_rows(table, split, checkpoint)]


def find_rows(table: polars.DataFrame, split: str, checkpoint: str) -> np.ndarray:
    """Where answers for a split under a checkpoint stand."""
    return ((table["split"] == split) & (table["checkpoint"] == checkpoint)).to_numpy()


def edit_cell(cell: Path, document: str, change: Callable[[Any], None]) -> None:
    """Change a document of a run; the hashes of its files fit again."""
    edit(cell / document, change)
    renew(cell)


def edit_attempts(study: Path, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    """Change each line of the log of attempts, or leave it out."""
    path = study / "attempts.jsonl"
    before = path.read_bytes()
    edit_lines(path, lambda lines: [new for new in map(change, lines) if new is not None])
    assert path.read_bytes() != before
