"""Runs of a record: their names, scores, curves and code, each held against what it follows from."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import polars as pl

from brittlestar.core.hashing import file_digest
from brittlestar.core.metrics import softmax
from brittlestar.core.splits import EncodedSplit
from brittlestar.execution.job_inputs import draw_data
from brittlestar.execution.own_code import list_changed_code
from brittlestar.records.gathering import CODE, may_be_withheld
from brittlestar.records.outcomes import Checked, compare_documents, conclude
from brittlestar.store.backend import OUTCOME
from brittlestar.store.cell_outputs import PREDICTIONS, SETTINGS
from brittlestar.study.expand import hash_cell, reads_files
from brittlestar.study.settings import DataSettings
from brittlestar.training.outputs import kept_rows, split_scores
from brittlestar.verbs.read_files import name_files
from brittlestar.verbs.recomputed_cells import ENDS
from brittlestar.verbs.unpacked import Unpacked, name_run


def check_cells(what: str, record: Unpacked) -> Checked:
    """Whether each run is named by what it was made of: its settings, seeds, data and code; and none is missing."""
    document, cells = record.document, record.cells
    fingerprints = {name: split.fingerprint for name, split in record.data.splits.items()}
    wrong: list[str] = []
    untold = 0
    files: Mapping[str, str] = document.get("file_digests", {})
    for cell in cells:
        if reads_files(cell.settings) and not files:
            untold += 1
        elif (
            hash_cell(cell.settings, cell.streams, fingerprints, document["own_digests"].get(cell.variant), files)
            != cell.hash
        ):
            wrong.append(f"{name_run(cell)}: its settings, seeds, data or code are not those that it is named by")
        place = record.store.path(f"{record.store.cell(cell.hash)}/{SETTINGS}")
        if place.exists():
            described = json.loads(place.read_bytes())
            stated = {"settings": cell.settings, "streams": cell.streams, "seed": cell.seed}
            other = [name for name, value in stated.items() if described[name] != value]
            wrong += [f"{name_run(cell)}: {SETTINGS} has other {name} than study.json" for name in other]
    wrong += [
        f"{name} is not the file {written} that its runs have read"
        for written, name in name_files(files).items()
        if (record.folder / name).is_file() and file_digest(record.folder / name) != files[written]
    ]
    names = {cell.hash: name_run(cell) for cell in reversed(cells)}
    for key in sorted(record.store.withheld):
        if not may_be_withheld(key):
            run = next((f" of {name}" for digest, name in names.items() if digest in key), "")
            wrong.append(f"{key.rpartition('/')[2]}{run} is said to be withheld, and `seal` leaves out no such file")
    made = {line["cell"] for line in record.attempts if line["event"] in ENDS}
    gone = sorted(made - {cell.hash for cell in cells})
    wrong += [f"run {name[:12]} was made, and is not in the record" for name in gone]
    if not wrong and untold:
        missing = f"{untold} runs read files whose hashes an earlier version did not keep"
        return Checked(what, "cannot-tell", (missing,))
    return conclude(what, wrong)


def check_scores(what: str, record: Unpacked) -> Checked:
    """Whether the scores of each run are those of its predictions."""
    wrong: list[str] = []
    partial = rounded = 0
    for cell in record.cells:
        folder = record.store.path(record.store.cell(cell.hash))
        if not (folder / PREDICTIONS).exists():
            continue
        told = json.loads((folder / OUTCOME).read_bytes())["scores"]
        splits = draw_data(record.data, cell, DataSettings.model_validate(cell.settings["data"])).splits
        frame = pl.read_parquet(folder / PREDICTIONS)
        for (split, checkpoint), rows in frame.group_by("split", "checkpoint", maintain_order=True):
            named = f"{name_run(cell)}, {checkpoint} checkpoint on {split}:"
            if (told_rows := _check_rows(splits[str(split)], rows, len(record.data.classes))) is not None:
                wrong.append(f"{named} {told_rows}")
                continue
            found = _score(splits[str(split)], rows)
            if found is None:
                partial += 1
                continue
            for difference, rounding in compare_documents(told[split][checkpoint], found):
                rounded += rounding
                wrong += [] if rounding else [f"{named} {difference}"]
    if not wrong and partial:
        return Checked(what, "cannot-tell", (f"{partial} times only a sample of rows is kept of a run on a split",))
    return conclude(what, wrong, rounded)


def _check_rows(split: EncodedSplit, rows: pl.DataFrame, classes: int) -> str | None:
    """What is wrong with the rows that answers are kept of: all, or of a large split always the same sample."""
    kept = kept_rows(split.n_rows, classes)
    if np.array_equal(np.sort(rows["row"].to_numpy()), kept):
        return None
    return f"answers to {rows.height:,} rows are in the record, and not those to the {len(kept):,} that a run keeps"


def _score(split: EncodedSplit, rows: pl.DataFrame) -> dict[str, float | None] | None:
    """The metrics of stored outputs; None where not every row is stored."""
    if rows.height != split.n_rows:
        return None
    ready, hard = bool(rows["probabilities"][0]), bool(rows["hard"][0])
    values = np.asarray(rows.sort("row")["values"].to_list(), np.float64 if ready else np.float32)
    return split_scores(split, values if ready else softmax(values), hard)


def check_code(what: str, record: Unpacked) -> Checked:
    """Whether own code in the record is what its runs were made with."""
    other = list_changed_code(record.cells, record.document["own_digests"], record.folder / CODE)
    if other and not record.about["own_code"]["unchanged"]:
        missing = f"own code of {', '.join(other)} is not in the record as it was when its runs were made"
        return Checked(what, "cannot-tell", (missing,))
    return conclude(what, [f"own code of {name} is not what its runs were made with" for name in other])
