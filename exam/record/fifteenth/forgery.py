"""What a forger does with runs of the fifteenth record, so that all of it follows from what was forged."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from brittlestar import report, seal
from exam.record.base import Base
from exam.record.fifteenth.base import CODE
from exam.record.forging import edit, renew
from exam.record.second.forgery import answer_otherwise

CLASSES = ("cable", "lace", "rib")
SPLITS = ("train", "dev", "test", "shift_wide")


def forge(record: Path, base: Base, change: Callable[[Path], None]) -> None:
    """Change a copy of the study, beside copies of its data and code; then report it and seal it."""
    bench = record.with_name("bench")
    bench.mkdir()
    for name in ("data", base.study.name):
        shutil.copytree(base.study.with_name(name), bench / name)
    for name in ("study.yaml", *CODE):
        shutil.copyfile(base.study.with_name(name), bench / name)
    study = bench / base.study.name
    change(study)
    (study / "sealed.json").unlink(missing_ok=True)
    (study / "index.parquet").unlink(missing_ok=True)
    shutil.rmtree(study / "report")
    report(study, figures=True)
    shutil.rmtree(record)
    seal(study, with_data=True, folder=True, out=record)


def plant(study: Path, name: str, place: Path, other: str) -> None:
    """Run `name` has all that run `other` of the study at `place` left, but for settings and clocks."""
    cell = study / "cells" / name
    own = {kept: (cell / kept).read_bytes() for kept in ("cell.json", "timing.json")}
    shutil.rmtree(cell)
    shutil.copytree(place / "cells" / other, cell)
    for kept, content in own.items():
        (cell / kept).write_bytes(content)
    if name != other:
        edit(cell / "outcome.json", lambda one: one.update(folder=name))
    renew(cell)
    shutil.rmtree(study / "derived" / name, ignore_errors=True)
    shutil.copytree(place / "derived" / other, study / "derived" / name)


def rescore(study: Path, name: str, change: Callable[[str, np.ndarray], np.ndarray]) -> None:
    """Other values (rows, classes) of a run on every split; scores follow."""
    for split in SPLITS:
        answer_otherwise(study, name, split, lambda values, labels, split=split: change(split, values))
