"""A study small enough to be run many times: sixty rows, two epochs, hidden four."""

import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.execution.jobs import Job, Run, TrainJob
from brittlestar.store.attempts import REGISTERED

STUDY = """\
name: tiny
data: {path: data}
seeds: %(seeds)d
training: {epochs: 2, batch_size: 16}
model: {family: mean, embedding: {dim: 4}, dropout: {head: 0.3}}
variants:
  bag: {model.family: bag}
  lstm: {model.family: lstm, model.hidden: 4, model.layers: 1}
"""

PLACES_FOR_TIME = ("attempts.jsonl", "timing.json")


def write_split(folder: Path, name: str, rows: int = 20, seed: int = 0) -> None:
    """One split: does the row begin with a or b?"""
    draw = random.Random(f"{name} {seed}")
    lines = ["id,sequence,label"]
    for number in range(rows):
        tokens = [draw.choice("abcd") + draw.choice("xy") for _ in range(draw.randint(1, 5))]
        lines.append(f"{name}{number},{' '.join(tokens)},{'yes' if tokens[0][0] in 'ab' else 'no'}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_study(folder: Path, seeds: int = 3, more: str = "") -> Path:
    """Data and a study file with three variants; returns the file."""
    for name, rows in (("train", 60), ("dev", 20), ("test", 20)):
        write_split(folder / "data", name, rows)
    path = folder / "study.yaml"
    path.write_text(STUDY % {"seeds": seeds} + more, encoding="utf-8")
    return path


def contents(store: Path, *, report: bool = True) -> dict[str, bytes]:
    """Every file of a store that is not a place for time."""
    return {
        path.relative_to(store).as_posix(): path.read_bytes()
        for path in sorted(store.rglob("*"))
        if path.is_file() and path.name not in PLACES_FOR_TIME and not path.name.startswith(".lock-")
        if report or "report" not in path.parts
    }


def attempts(store: Path) -> list[dict[str, Any]]:
    """The lines of a store's attempts, but for those of claims."""
    lines = map(json.loads, (store / "attempts.jsonl").read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line["event"] != REGISTERED]


def finished(store: Path) -> set[str]:
    """Hashes of cells that have their folder."""
    return {path.name for path in (store / "cells").glob("[0-9a-f]*") if "." not in path.name}


def cell(variant: str = "main", seed: int = 0) -> Cell:
    """A cell that nothing trains."""
    settings = {"model": {"predictions": []}, "training": {"device": "cpu"}}
    return Cell(variant, seed, settings, {"init": 1}, f"{variant}{seed}".encode().hex().ljust(64, "0"))


def job(variant: str = "main", seed: int = 0) -> Job:
    return TrainJob(Run("", "", ""), cell(variant, seed))


def source(*jobs: Job) -> Callable[[], Job | None]:
    waiting = iter(jobs)
    return lambda: next(waiting, None)


def forget(*modules: str) -> None:
    """Take modules that a test wrote out of this process."""
    for name in modules:
        sys.modules.pop(name, None)
