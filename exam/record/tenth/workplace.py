"""What a forger does who changes a study where nobody looks, and then has it reported and sealed as it is."""

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
from exam.record.tenth.base import SHOWN

KEPT = ("cell.json", "timing.json")
"""Settings and clocks of a run stay where its results are replaced."""


def forge(record: Path, base: Base, change: Callable[[Path], None]) -> None:
    """Change a copy of the study; its report and the record follow from what it is then."""
    place = record.with_name("workplace")
    place.mkdir()
    study = Path(shutil.copytree(base.study, place / base.study.name))
    for name in ("data", *SHOWN):
        source = base.study.with_name(name)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, place / name)
    change(study)
    for name in ("sealed.json", "index.parquet"):
        (study / name).unlink(missing_ok=True)
    shutil.rmtree(study / "report")
    report(study, figures=True)
    shutil.rmtree(record)
    seal(study, with_data=True, with_weights=True, folder=True, out=record)


def transplant(study: Path, source: Path, name: str, target: str) -> None:
    """The run `target` has all results that the run `name` left in the study `source`."""
    cell = study / "cells" / target
    kept = {one: (cell / one).read_bytes() for one in KEPT}
    shutil.rmtree(cell)
    shutil.copytree(source / "cells" / name, cell)
    for one, content in kept.items():
        (cell / one).write_bytes(content)
    if name != target:
        edit(cell / "outcome.json", lambda one: one.update(folder=target))
    renew(cell)
    shutil.rmtree(study / "derived" / target, ignore_errors=True)
    shutil.copytree(source / "derived" / name, study / "derived" / target)


def transplant_all(study: Path, base: Base, secret: str, variant: str, seeds: tuple[int, ...]) -> None:
    """Runs of a variant have the results of those of the same name in a secret study."""
    for seed in seeds:
        transplant(study, *base.secret_run(secret, variant, seed), base.hash_of(variant, seed))


def tell_answers(study: Path, name: str, change: Callable[[polars.DataFrame], np.ndarray]) -> None:
    """Other values (rows, classes) of a run, made of its table of predictions; its scores follow from them."""
    cell = study / "cells" / name
    table = polars.read_parquet(cell / "predictions.parquet")
    values = change(table)
    assert values.shape == table["values"].to_numpy().shape and not np.array_equal(values, table["values"].to_numpy())
    outcome = read(cell / "outcome.json")
    for split, scores in outcome["scores"].items():
        folder = study / "data" / split
        weights = {path.stem.removeprefix("weights-"): np.load(path) for path in folder.glob("weights-*.npy")}
        for checkpoint in scores:
            rows = ((table["split"] == split) & (table["checkpoint"] == checkpoint)).to_numpy()
            logits = not table["probabilities"].to_numpy()[rows].any()
            shares = softmax(values[rows]) if logits else values[rows].astype(np.float64)
            scores[checkpoint] = score(shares, np.load(folder / "labels.npy"), weights)
    written = table.with_columns(polars.Series("values", values, dtype=table.schema["values"]))
    written.write_parquet(cell / "predictions.parquet")
    write(cell / "outcome.json", outcome)
    renew(cell)


def tell_attempts(study: Path, name: str, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    """Other lines about a run in the log of attempts; one that is None is left out."""

    def told(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        changed = [change(line) if line["cell"] == name else line for line in lines]
        return [line for line in changed if line is not None]

    edit_lines(study / "attempts.jsonl", told)
