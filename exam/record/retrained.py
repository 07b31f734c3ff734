"""Mutations that only training shows: runs whose results are consistent, and come from elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from brittlestar import report, seal
from exam.record.base import Base
from exam.record.forging import cells, edit, renew
from exam.record.mutation import Mutation


def pass_off_lucky_seed(record: Path, base: Base) -> None:
    """A run from another seed in place of one of main's."""
    _forge(record, base, lambda study: _transplant(study, base, "lucky", ("main", 7), ("main", 2)))


def pass_off_other_pooling(record: Path, base: Base) -> None:
    """All runs of main were trained with another pooling than is stated."""

    def change(study: Path) -> None:
        for seed in (0, 1, 2):
            _transplant(study, base, "pooled", ("main", seed), ("main", seed))

    _forge(record, base, change)


def pass_off_other_code(record: Path, base: Base) -> None:
    """Runs of the author's code were trained with other code."""

    def change(study: Path) -> None:
        for seed in (0, 1):
            _transplant(study, base, "pooled", ("counts", seed), ("counts", seed))

    _forge(record, base, change)


def exchange_results(record: Path, base: Base) -> None:
    """Two runs have all results of each other."""

    def change(study: Path) -> None:
        first, last = base.hash_of("wide", 0), base.hash_of("wide", 2)
        _copy(base.study, first, study, last)
        _copy(base.study, last, study, first)

    _forge(record, base, change)


def _forge(record: Path, base: Base, change: Callable[[Path], None]) -> None:
    """Change a copy of the study, and let it be reported and sealed as it is."""
    workplace = record.with_name("forgery")
    workplace.mkdir()
    study = Path(shutil.copytree(base.study, workplace / base.study.name))
    shutil.copytree(base.study.with_name("data"), workplace / "data")
    for name in ("counts.py", "study.yaml"):
        shutil.copyfile(base.study.with_name(name), workplace / name)
    change(study)
    for name in ("sealed.json", "index.parquet"):
        (study / name).unlink(missing_ok=True)
    shutil.rmtree(study / "report")
    report(study, figures=True)
    shutil.rmtree(record)
    seal(study, with_data=True, folder=True, out=record)


def _transplant(study: Path, base: Base, secret: str, source: tuple[str, int], target: tuple[str, int]) -> None:
    place, name = base.secret_run(secret, *source)
    _copy(place, name, study, base.hash_of(*target))


def _copy(source: Path, name: str, target: Path, renamed: str) -> None:
    """All that a run left goes into the folder of another one, which keeps its settings and seed."""
    cell = target / "cells" / renamed
    settings, clocks = (cell / "cell.json").read_bytes(), (cell / "timing.json").read_bytes()
    shutil.rmtree(cell)
    shutil.copytree(source / "cells" / name, cell)
    (cell / "cell.json").write_bytes(settings)
    (cell / "timing.json").write_bytes(clocks)
    if renamed != name:
        edit(cell / "outcome.json", lambda one: one.update(folder=renamed))
    renew(cell)
    derived = target / "derived" / renamed
    shutil.rmtree(derived)
    shutil.copytree(source / "derived" / name, derived)


def count_runs(record: Path) -> int:
    """How many runs a record has: as many are trained again, so that none is left out by the draw."""
    return len(cells(record))


RETRAINED = (
    Mutation("lucky seed passed off", pass_off_lucky_seed, "retrain", r"<main/2>", resealed=True),
    Mutation(
        "other pooling than stated", pass_off_other_pooling, "retrain", r"<main/0>|<main/1>|<main/2>", resealed=True
    ),
    Mutation("other code than shown", pass_off_other_code, "retrain", r"<counts/0>|<counts/1>", resealed=True),
    Mutation("results of two runs exchanged", exchange_results, "retrain", r"<wide/0>|<wide/2>", resealed=True),
)
