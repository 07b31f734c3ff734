"""Runs of a record: their names, scores, curves and code, each held against what it follows from."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError
from brittlestar.core.hashing import file_digest
from brittlestar.core.splits import EncodedSplit
from brittlestar.execution.imported import is_given
from brittlestar.execution.job_inputs import draw_data
from brittlestar.execution.own_code import list_changed_code
from brittlestar.pipeline.open import Opened
from brittlestar.records.gathering import CODE, may_be_withheld
from brittlestar.records.outcomes import Checked, compare_documents, conclude
from brittlestar.records.rerunning import RERUN, name_files
from brittlestar.records.unpacked import Unpacked, name_run
from brittlestar.store.backend import OUTCOME
from brittlestar.store.cell_outputs import PREDICTIONS, score_answers
from brittlestar.store.layout import derived_folder
from brittlestar.study.expand import expand, hash_cell, reads_files
from brittlestar.study.settings import DataSettings, Study
from brittlestar.training.trained import kept_rows

DEFAULT_SEEDS: tuple[int, ...] = Study.model_fields["seeds"].default


def check_cells(what: str, record: Unpacked) -> Checked:
    """Whether each run is named by what it was made of: its settings, seeds, data and code; the study file of the
    record makes these; and none is missing."""
    cells = record.cells
    fingerprints = {name: split.fingerprint for name, split in record.data.splits.items()}
    files: Mapping[str, str] = record.document.get("file_digests", {})
    digests = record.document["own_digests"]
    untold = [cell for cell in cells if reads_files(cell.settings) and not files]
    wrong = [
        f"{name_run(cell)}: its settings, seeds, data or code are not those that it is named by"
        for cell in cells
        if cell not in untold
        and hash_cell(cell.settings, cell.streams, fingerprints, digests.get(cell.variant), files) != cell.hash
    ]
    wrong += [
        f"{name} is not the file {written} that its runs have read"
        for written, name in name_files(files).items()
        if (record.folder / name).is_file() and file_digest(record.folder / name) != files[written]
    ]
    wrong += [
        f"{key} is said to be withheld, and `seal` leaves out no such file"
        for key in sorted(record.store.withheld)
        if not may_be_withheld(key)
    ]
    lost, replaced = _list_gone(record)
    wrong += [f"{run} was made, and is not in the record" for run in lost]
    wrong += list_missing(record.document, cells)
    if (record.folder / RERUN).exists():
        with suppress(InputError):  # rows that cannot be read are told by their audit
            wrong += list_other_runs(record, record.rerun[1])
    if not wrong and untold:
        missing = f"{len(untold)} runs read files whose hashes an earlier version did not keep"
        return Checked(what, "cannot-tell", (missing,))
    found = conclude(what, wrong)
    told = f"made before, by other settings, rows or variants, and not in the record: {', '.join(replaced)}"
    return replace(found, details=(told,)) if replaced and found.outcome == "identical" else found


def _list_gone(record: Unpacked) -> tuple[list[str], list[str]]:
    """Runs that were made and are not in the record: those of its variants by whose seed it has none, and those that
    others took the place of, or whose variant the study no longer has."""
    runs, variants = {(cell.variant, cell.seed) for cell in record.cells}, {cell.variant for cell in record.cells}
    made = {line["cell"]: line for line in record.attempts if line["event"] in ("done", "failed")}
    names = {cell.hash for cell in record.cells}
    gone = [(line.get("variant"), line.get("seed")) for name, line in made.items() if name not in names]
    lost = [one for one in gone if one[0] in variants and one not in runs]
    others = [one for one in gone if one not in lost]
    return [f"{variant} seed {seed}" for variant, seed in lost], [f"{variant} seed {seed}" for variant, seed in others]


def check_scores(what: str, record: Unpacked) -> Checked:
    """Whether the scores of each run are those of its predictions, on the labels of the record. Scores on labels that
    were corrected later are kept, and no surface has them. Metrics that no run has are of a later version."""
    wrong: list[str] = []
    partial = rounded = 0
    scored = [*_list_scored(record)]
    metrics = {name for _, _, told, _ in scored for one in told.values() for name in one}
    drawn: dict[str, Mapping[str, EncodedSplit]] = {}  # of the run at hand alone
    for cell, split, told, folder in scored:
        if cell.hash not in drawn:
            settings = DataSettings.model_validate(cell.settings["data"])
            drawn = {cell.hash: draw_data(record.data, cell, settings).splits}
        rows_of = drawn[cell.hash][split]
        frame = pl.read_parquet(folder / PREDICTIONS).filter(pl.col("split") == split)
        for (checkpoint,), rows in frame.group_by("checkpoint", maintain_order=True):
            named = f"{name_run(cell)}, {checkpoint} checkpoint on {split}:"
            if (told_rows := _check_rows(rows_of, rows, len(record.data.classes))) is not None:
                wrong.append(f"{named} {told_rows}")
                continue
            found = score_answers(rows_of, rows)
            if found is None:
                partial += 1
                continue
            known = {name: value for name, value in found.items() if name in metrics}
            for difference, rounding in compare_documents(told[str(checkpoint)], known):
                rounded += rounding
                wrong += [] if rounding else [f"{named} {difference}"]
    if not wrong and partial:
        return Checked(what, "cannot-tell", (f"{partial} times only a sample of rows is kept of a run on a split",))
    return conclude(what, wrong, rounded)


def _list_scored(record: Unpacked) -> Iterator[tuple[Cell, str, Mapping[str, Any], Path]]:
    """Each run and split with the scores by checkpoint that are shown of it, and the folder of its predictions: those
    of the run, or, of rows that came or were corrected later, those beside it."""
    for cell in record.cells:
        own = record.store.path(record.store.cell(cell.hash))
        outcome = json.loads((own / OUTCOME).read_bytes()) if (own / OUTCOME).exists() else {}
        for split, rows in record.data.splits.items():
            later = record.store.path(derived_folder(record.store, cell.hash, split, rows.fingerprint))
            if (later / PREDICTIONS).exists():
                yield cell, split, json.loads((later / OUTCOME).read_bytes())["scores"], later
            elif outcome.get("splits", {}).get(split) == rows.fingerprint and (own / PREDICTIONS).exists():
                yield cell, split, outcome["scores"][split], own


def _check_rows(split: EncodedSplit, rows: pl.DataFrame, classes: int) -> str | None:
    """What is wrong with the rows that answers are kept of: all, or of a large split always the same sample."""
    kept = kept_rows(split.n_rows, classes)
    if np.array_equal(np.sort(rows["row"].to_numpy()), kept):
        return None
    return f"answers to {rows.height:,} rows are in the record, and not those to the {len(kept):,} that a run keeps"


def check_code(what: str, record: Unpacked) -> Checked:
    """Whether own code in the record is what its runs were made with."""
    other = list_changed_code(record.cells, record.document["own_digests"], record.folder / CODE)
    if other and not record.about["own_code"]["unchanged"]:
        missing = f"own code of {', '.join(other)} is not in the record as it was when its runs were made"
        return Checked(what, "cannot-tell", (missing,))
    return conclude(what, [f"own code of {name} is not what its runs were made with" for name in other])


def list_missing(document: Mapping[str, Any], cells: tuple[Cell, ...]) -> Iterator[str]:
    """Every variant was planned with each seed that was given; more seeds go to some of them later."""
    planned = _read_planned(document) & {*document["seeds"]}
    if any(is_given(cell) for cell in cells):
        return
    for variant in dict.fromkeys(cell.variant for cell in cells):
        seeds = {cell.seed for cell in cells if cell.variant == variant}
        for seed in sorted(planned - seeds):
            yield f"{variant} seed {seed} is in no list of runs, and every variant was planned with that seed"


def _read_planned(document: Mapping[str, Any]) -> set[int]:
    """The seeds that a study was begun with; none where nobody can say."""
    asked = (document.get("asked") or {}).get("settings", {}).get("seeds")
    try:
        given = document["given"].get("seeds", [*DEFAULT_SEEDS]) if asked is None else json.loads(asked)
        return {*range(given)} if isinstance(given, int) else {int(seed) for seed in given}
    except (AttributeError, KeyError, TypeError, ValueError):
        return set()


def list_other_runs(record: Unpacked, opened: Opened) -> Iterator[str]:
    """Variants of which code/study.yaml, as it was `opened`, makes other runs than are in the record."""
    made = {one.hash for one in expand(opened.loaded, opened.fingerprints, record.document["own_digests"])}
    for variant in dict.fromkeys(cell.variant for cell in record.cells if cell.hash not in made):
        yield f"{RERUN} makes other runs of {variant} than are in the record"
