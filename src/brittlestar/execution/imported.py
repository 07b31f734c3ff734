"""Variants whose predictions are given: found among those that were read, and kept like any other cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError
from brittlestar.core.splits import EncodedData
from brittlestar.data.predictions.runs import Given
from brittlestar.execution.jobs import Run
from brittlestar.store.attempts import append_attempt
from brittlestar.store.cell_outputs import write_done
from brittlestar.store.layout import Store
from brittlestar.training.trained import probabilities_record


def is_given(cell: Cell) -> bool:
    """Whether a cell's predictions are given, so that no worker trains or fits it."""
    return bool(cell.settings["model"]["predictions"])


def find_variant_runs(cell: Cell, given: Given) -> str:
    """The variant of the files that a cell means. Raises InputError when it is not there or not clear."""
    names = sorted({variant for variant, _ in given})
    wanted = cell.settings["model"]["variant"]
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted not in names:
        there = f"no variant {wanted!r}" if wanted else f"{len(names)} variants"
        hint = f"set model.variant to one of: {', '.join(names)}"
        raise InputError(f"the predictions have {there}", f"variant {cell.variant}, model.variant", hint)
    return wanted


def save_imported(store: Store, run: Run, cells: Sequence[Cell], given: Given, data: EncodedData) -> None:
    """Write a done cell for each of `cells` into the `store` of a `run`; the caller holds the lock."""
    for cell in cells:
        variant = given[find_variant_runs(cell, given), cell.seed]
        record = probabilities_record(
            data, variant.probabilities, variant.hard, "imported",
            steps={"step": np.zeros(0, np.int64)}, read_back={}, notes=variant.notes, timing={},
        )  # fmt: skip
        write_done(store, cell, record, "", run.environment_class, run.fingerprints)
        append_attempt(store, "done", cell.hash, variant=cell.variant, seed=cell.seed, attempt=1, seconds=0.0)
