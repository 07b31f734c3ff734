"""Mutations of data, sealed anew: fingerprints and scores contradict them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars

from exam.record.base import Base
from exam.record.forging import edit_table, reseal
from exam.record.mutation import Mutation

ROW = 5


def change_label(record: Path, base: Base) -> None:
    """The other label in one row of test, in every file that has labels."""

    def change(table: polars.DataFrame) -> polars.DataFrame:
        labels = table["label"].to_list()
        labels[ROW] = "1" if labels[ROW] == "0" else "0"
        return table.with_columns(polars.Series("label", labels, dtype=table.schema["label"]))

    edit_table(record / "rows" / "test.parquet", change)
    edit_table(record / "study" / "data" / "test" / "rows.parquet", change)
    place = record / "study" / "data" / "test" / "labels.npy"
    labels = np.load(place)
    labels[ROW] = 1 - labels[ROW]
    np.save(place, labels)
    reseal(record)


ROWS = (Mutation("label of a row changed", change_label, "recompute", r"\btest\b", resealed=True),)
