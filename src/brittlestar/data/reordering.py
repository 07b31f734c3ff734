"""The data of a store with some rows of each split, in another order."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from brittlestar.data.opening import arrays_of, open_data
from brittlestar.data.rows import take_split


def write_rows(folder: Path, target: Path, rows: Mapping[str, np.ndarray]) -> None:
    """Write the data under `folder` to the new folder `target`, with the rows int64 (n,) of each split in their order.

    What is told of the splits (fingerprints, summaries) stays that of the data they are taken from. Raises OSError, and
    StoreError where the data are incomplete.
    """
    import polars as pl

    data = open_data(folder)
    target.mkdir(parents=True)
    for path in folder.glob("*.json"):
        shutil.copyfile(path, target / path.name)
    for name, split in data.splits.items():
        place = target / name
        place.mkdir()
        shutil.copyfile(folder / name / "split.json", place / "split.json")
        for array, values in arrays_of(take_split(split, rows[name], "rows")).items():
            np.save(place / f"{array}.npy", values)
        pl.read_parquet(folder / name / "rows.parquet")[rows[name].tolist()].write_parquet(place / "rows.parquet")
