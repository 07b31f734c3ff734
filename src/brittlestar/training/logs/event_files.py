"""Event files of TensorBoard as tables: the scalars of each run by their steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from brittlestar.core.errors import InputError
from brittlestar.core.optional import require
from brittlestar.training.logs.column_roles import find_part

EVENTS = "tfevents"
"""What the name of every event file holds."""
EXTRA = "tensorboard"
STEP = "step"
ALL = {"scalars": 0, "tensors": 0}
"""How many values of a tag are kept: 0 stands for all."""


def read_event_runs(path: Path, where: str) -> dict[str, pl.DataFrame]:
    """{run: its scalars, a row for each step} of an event file, or of all below a folder, in the order of their names.

    A folder named for a split belongs to the run above it, as Keras and `add_scalars` write them. Raises InputError
    where a file cannot be read, MissingExtraError.
    """
    reading = require("tensorboard.backend.event_processing.event_accumulator", EXTRA)
    folders = [path] if path.is_file() else sorted({one.parent for one in path.rglob(f"*{EVENTS}*") if one.is_file()})
    runs: dict[str, dict[int, dict[str, float]]] = {}
    for folder in folders:
        inside = "." if folder == path else folder.relative_to(path).as_posix()
        part = find_part(Path(inside).name)
        name = (Path(inside).parent.as_posix() if part else inside) if path.is_dir() else path.name
        try:
            for tag, step, value in _list_scalars(reading, folder):
                column = f"{Path(inside).name}/{tag}" if part and find_part(tag) is None else tag
                runs.setdefault(name, {}).setdefault(step, {})[column] = value
        except (OSError, ValueError, RuntimeError) as error:
            raise InputError(f"cannot be read as event files ({error})", where) from error
    named = {path.resolve().name if name == "." else name: rows for name, rows in runs.items()}
    return {name: _frame(rows) for name, rows in named.items()}


def _list_scalars(reading: Any, folder: Path) -> Iterator[tuple[str, int, float]]:
    """(tag, step, value) of every scalar, those that TensorFlow 2 writes as tensors too."""
    events = reading.EventAccumulator(str(folder), size_guidance=ALL)
    events.Reload()
    tags: Mapping[str, Any] = events.Tags()
    for tag in tags.get("scalars", ()):
        for one in events.Scalars(tag):
            yield tag, int(one.step), float(one.value)
    numbers = require("tensorboard.util.tensor_util", EXTRA)
    for tag in tags.get("tensors", ()):
        for one in events.Tensors(tag):
            value = numbers.make_ndarray(one.tensor_proto)
            if value.ndim == 0 and value.dtype.kind == "f":
                yield tag, int(one.step), float(value)


def _frame(rows: Mapping[int, Mapping[str, float]]) -> pl.DataFrame:
    tags = list(dict.fromkeys(tag for row in rows.values() for tag in row if tag != STEP))
    steps = sorted(rows)
    columns = [pl.Series(tag, [rows[step].get(tag) for step in steps], dtype=pl.Float64) for tag in tags]
    return pl.DataFrame([pl.Series(STEP, steps, dtype=pl.Int64), *columns])
