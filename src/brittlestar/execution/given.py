"""Variants whose predictions are given: read, matched to the rows, and kept like any other cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError
from brittlestar.core.splits import EncodedData
from brittlestar.execution.attempts import append_attempt
from brittlestar.execution.cell_folder import write_done
from brittlestar.execution.workplace import Workplace
from brittlestar.training.imported import ImportedArm, read_predictions
from brittlestar.training.outputs import probabilities_record

if TYPE_CHECKING:
    import polars as pl


def read_given(
    frames: Mapping[str, pl.DataFrame], classes: Sequence[str], paths: Sequence[Path]
) -> dict[tuple[str, int], ImportedArm]:
    """Given predictions by variant and seed. Raises InputError with the ids where they do not fit the data."""
    ids = {name: frame["id"].to_list() for name, frame in frames.items()}
    labels = {name: frame["label"].to_list() for name, frame in frames.items()}
    return {(arm.arm, arm.seed): arm for arm in read_predictions(paths, ids, labels, classes)}


def arm_of(cell: Cell, given: Mapping[tuple[str, int], ImportedArm]) -> str:
    """The variant of the files that a cell means. Raises InputError when it is not there or not clear."""
    names = sorted({arm for arm, _ in given})
    wanted = cell.settings["model"]["variant"]
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted not in names:
        raise InputError(
            f"the predictions have no variant {wanted!r}" if wanted else f"the predictions have {len(names)} variants",
            f"variant {cell.variant}, model.variant",
            f"set model.variant to one of: {', '.join(names)}",
        )
    return wanted


def keep_given(
    workplace: Workplace, cells: Sequence[Cell], given: Mapping[tuple[str, int], ImportedArm], data: EncodedData
) -> None:
    """Write a done cell for each of `cells`; the caller holds the lock."""
    for cell in cells:
        arm = given[arm_of(cell, given), cell.seed]
        record = probabilities_record(
            data, arm.probabilities, arm.hard, "imported",
            steps={"step": np.zeros(0, np.int64)}, read_back={}, notes=arm.notes, timing={},
        )  # fmt: skip
        write_done(workplace.store, cell, record, "", workplace.environment_class, workplace.fingerprints)
        append_attempt(workplace.store, "done", cell.hash, variant=cell.variant, seed=cell.seed, attempt=1, seconds=0.0)
