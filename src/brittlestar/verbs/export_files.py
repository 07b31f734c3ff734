"""Tables of a study in files: what is in them, their formats by ending, and what keeps them from being written."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from brittlestar.core.errors import InputError, Problem, StoreError
from brittlestar.core.files import write_whole
from brittlestar.core.hashing import canonical_json, pretty_json
from brittlestar.core.plain import plain
from brittlestar.core.texts import suggest
from brittlestar.data.tables import format_list
from brittlestar.data.writing import table_bytes
from brittlestar.records.opened_study import OpenedStudy
from brittlestar.reports.export_tables import make_findings_table, make_scores_table
from brittlestar.reports.finding_groups import fill_remedies
from brittlestar.store.stored_predictions import read_predictions_table

ROW_ENDINGS, TABLE_ENDINGS = (".csv", ".tsv", ".parquet", ".jsonl"), (".csv", ".tsv", ".parquet", ".jsonl", ".json")
ENDINGS = {"predictions": ROW_ENDINGS, "scores": TABLE_ENDINGS, "findings": TABLE_ENDINGS}
"""Endings of each kind of table: predictions end as `--preds` reads them."""
FORMATS = {
    "csv": dict.fromkeys(ENDINGS, ".csv"),
    "parquet": dict.fromkeys(ENDINGS, ".parquet"),
    "json": {"predictions": ".jsonl", "scores": ".json", "findings": ".json"},
}
"""Endings of the files of a folder, by what was asked for."""
SPLITS_NAMED = 10  # a sentence that a person reads


@dataclass(frozen=True)
class Exported:
    """One table; `records` are its lines where JSON can say more than a table; `notes` say what is not in it."""

    frame: pl.DataFrame
    records: Sequence[Mapping[str, Any]] | None = None
    notes: tuple[str, ...] = ()


def make_table(study: OpenedStudy, kind: str, splits: Sequence[str]) -> Exported:
    """The predictions, scores or findings of these splits."""
    record = study.record
    if kind == "predictions":
        found = read_predictions_table(study.store, record, splits)
        return Exported(found.frame, None, found.notes)
    if kind == "scores":
        gone = sum(cell.state != "done" for cell in record.cells)
        notes = (f"{gone:,} of {len(record.cells):,} runs have no result, and are not in these files",) if gone else ()
        scored = [split for split in splits if split in record.splits]
        if lacking := [split for split in splits if split not in scored]:
            notes = (*notes, f"{format_list(lacking, SPLITS_NAMED)}: no labels, no scores")
        return Exported(make_scores_table(record, scored), None, notes)
    every = fill_remedies(study.reading.findings, shlex.quote(record.folder))
    here = [finding for finding in every if finding.where.get("split", splits[0]) in splits]
    listed = [plain(finding.document) for finding in here]
    return Exported(make_findings_table(listed), listed)


def choose_splits(study: OpenedStudy, wanted: Sequence[str]) -> tuple[str, ...]:
    """The splits that somebody wants, all where nobody names one. Raises InputError for one that is not there."""
    there = tuple(study.record.every_split)
    for name in wanted:
        if name not in there:
            hint = suggest(name, there) or f"splits: {format_list(list(there), SPLITS_NAMED)}"
            raise InputError(f"there is no split '{name}'", "--split", hint)
    return tuple(name for name in there if name in wanted) if wanted else there


def choose_targets(
    named: Mapping[str, str | Path | None], folder: Path | None, format: str
) -> tuple[tuple[str, Path], ...]:
    """The tables to write with their files: those that are named, and one of each kind in `folder`. Raises InputError
    with everything that is wrong with them."""
    if format not in FORMATS:
        raise InputError(f"--format must be {', '.join(FORMATS)} (got {format!r})")
    targets = [(kind, Path(path)) for kind, path in named.items() if path is not None]
    problems = [problem for kind, path in targets if (problem := _refuse_target(kind, path)) is not None]
    paths = [path.absolute() for _, path in targets]
    problems += [Problem("two tables are to be written there", str(one)) for one in {*paths} if paths.count(one) > 1]
    if folder is not None:
        targets += [(kind, folder / f"{kind}{ending}") for kind, ending in FORMATS[format].items()]
        if (problem := refuse_existing_file(folder, "--out", "DIR")) is not None:
            problems.append(problem)
    if problems:
        raise InputError(problems)
    return tuple(targets)


def _refuse_target(kind: str, path: Path) -> Problem | None:
    if path.suffix.lower() in ENDINGS[kind]:
        return refuse_existing_file(path, f"--{kind}")
    more = "; JSON Lines are .jsonl" if path.suffix.lower() == ".json" else ""
    return Problem(f"'{path.suffix}' is no format of {kind}", str(path), f"use {', '.join(ENDINGS[kind])}{more}")


def refuse_existing_file(path: Path, option: str, kind: str = "FILE") -> Problem | None:
    """What is wrong with a file (or folder, DIR) that is to be written and is there already; `option` names another."""
    if not path.exists() and not path.is_symlink():
        return None
    return Problem("is there already, and nothing is overwritten", str(path), f"name another: {option} {kind}")


def write_table(table: Exported, path: Path) -> None:
    """Write a table whole. Raises StoreError."""
    ending = path.suffix.lower()
    if ending not in (".json", ".jsonl"):
        write_file(path, table_bytes(table.frame, ending))
        return
    records: Sequence[Mapping[str, object]] = table.frame.to_dicts() if table.records is None else table.records
    lines = (canonical_json(record) + b"\n" for record in records)
    write_file(path, pretty_json(list(records)) if ending == ".json" else b"".join(lines))


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole, with the folders that it lies in. Raises StoreError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise StoreError(f"cannot be written: {error.strerror or error}", str(path), "name another file") from None
