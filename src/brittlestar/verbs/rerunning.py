"""What a record has so that a stranger can run its study again: settings in effect in one file, beside rows as read."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.results import StudyRecord
from brittlestar.data.spr.writing import MANIFEST as GENERATION
from brittlestar.records.gathering import CODE
from brittlestar.records.writing import Content
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_study
from brittlestar.study.settings import Columns
from brittlestar.verbs.asked import asked_of
from brittlestar.verbs.opening import Opened, open_input
from brittlestar.verbs.read_files import name_unchanged, point_to_record, refuse_elsewhere

RERUN = f"{CODE}/study.yaml"
"""The study file; JSON is YAML. It lies where own code lies, which it names."""
ROWS = "rows"
ALONE = {"probes": '{"suite": "none"}', "report.checks": "[]"}
"""Settings under which nothing of a record's code is run but models."""


def gather_rerun(store: Store, record: StudyRecord) -> tuple[dict[str, Content], str]:
    """Files by name; or none, and why there are none."""
    kept: Mapping[str, str] = read_study(store).get("file_digests", {})
    try:
        asked = asked_of(store.root)
        opened = open_input(
            asked.data,
            model=asked.model,
            predictions=list(asked.predictions),
            predictions_columns=asked.predictions_columns,
            columns=asked.columns,
            overrides=asked.settings,
            name=asked.name,
        )
        names = name_unchanged(opened.loaded, kept)
    except InputError as error:
        return {}, f"the data cannot be read again: {error.problems[0]}"
    if any(opened.fingerprints.get(name) != one.fingerprint for name, one in record.splits.items()):
        return {}, "the data have changed since the study was set up"
    values: dict[str, Any] = point_to_record(opened.loaded.study.model_dump(mode="json"), names)
    values["seeds"] = list(record.seeds)
    values["data"] |= {"path": f"../{ROWS}", "splits": {}, "columns": Columns().model_dump()}
    files: dict[str, Content] = {RERUN: _write_study(values)}
    files |= {name: opened.loaded.resolve(written) for written, name in names.items()}
    if (path := opened.loaded.study.data.path) and (rule := opened.loaded.resolve(path) / GENERATION).is_file():
        files[f"{ROWS}/{GENERATION}"] = rule
    for name in record.splits:
        buffer = io.BytesIO()
        opened.frames[name].write_parquet(buffer)
        files[f"{ROWS}/{name}.parquet"] = buffer.getvalue()
    return files, ""


def open_rerun(folder: Path, about: Mapping[str, Any]) -> Opened:
    """The study of the record in `folder`, read from its settings and rows; `about` is record.json, and own code stays
    unread. Raises InputError where the record
    lacks them, where they name a file elsewhere, or where they are not those that the study was run on."""
    path = folder / RERUN
    if not path.exists():
        raise InputError("the record has no rows as they were read", RERUN)
    _refuse_elsewhere(path)
    opened = open_input(path, overrides=ALONE)
    refuse_elsewhere(opened.loaded, folder)
    sealed = {name: one["fingerprint"] for name, one in about["data"].items()}
    if other := sorted({*sealed.items()} ^ {*opened.fingerprints.items()}):
        raise InputError(f"rows of {other[0][0]} are not those of the study", ROWS)
    return opened


def _write_study(values: Mapping[str, Any]) -> bytes:
    """A study file; its variants stay in their order, in which findings name them."""
    return (json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _refuse_elsewhere(path: Path) -> None:
    """Raise InputError where a study file of a record is not as `seal` writes it, with the rows of the record: what two
    readers could read in two ways is none."""
    try:
        written = path.read_bytes()
        values: Any = json.loads(written)
        data = values["data"]
        ours = _write_study(values) == written and (data["path"], data["splits"]) == (f"../{ROWS}", {})
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"it cannot be read: {error}", RERUN) from error
    if not ours:
        raise InputError("it does not name the rows of the record", RERUN)
