"""What a record has so that a stranger can run its study again: settings in effect in one file, beside rows as read and
the files that models read, given predictions and tables of vectors."""

import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, cast

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError
from brittlestar.core.results import StudyRecord
from brittlestar.core.splits import is_unlabelled
from brittlestar.data.spr.writing import MANIFEST as GENERATION
from brittlestar.pipeline.open import Opened, is_study_file, open_input, open_request
from brittlestar.pipeline.request import read_request
from brittlestar.records.gathering import CODE
from brittlestar.records.writing import Content
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_study
from brittlestar.study.expand import digest_files, reads_files
from brittlestar.study.loading import load_study
from brittlestar.study.settings import Columns
from brittlestar.study.variants import LoadedStudy

FILES = "files"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,80}")
_KEYS = ("table", "predictions")
"""Last parts of the settings that name such files."""


def name_files(digests: Mapping[str, str]) -> dict[str, str]:
    """{path as written: name in a record}; the same file under two paths has one name for each."""
    found: dict[str, str] = {}
    for written, digest in digests.items():
        last = re.split(r"[\\/]", written)[-1]
        found[written] = f"{FILES}/{digest[:12]}/{last if _PLAIN.fullmatch(last) else 'file'}"
    return found


def name_unchanged(loaded: LoadedStudy, kept: Mapping[str, str]) -> dict[str, str]:
    """{path as written: name in the record} of what a study reads; `kept` are the hashes of when it was set up,
    whatever paths led there. Raises InputError where one was in memory, is gone or has changed."""
    now = digest_files(loaded)
    if loaded.digests:
        raise InputError("predictions were objects in memory", "model.predictions")
    if sorted(now.values()) != sorted(kept.values()):
        raise InputError("a file that a model reads has changed since the study was set up", "model")
    return name_files(now)


def point_to_record(values: Any, names: Mapping[str, str], key: str = "") -> Any:
    """Settings of a study with the names of a record in place of the paths that were written, seen from its study
    file."""
    if isinstance(values, Mapping):
        given = cast("Mapping[str, Any]", values)
        return {name: point_to_record(value, names, name.rpartition(".")[2]) for name, value in given.items()}
    if isinstance(values, list):
        return [point_to_record(one, names, key) for one in cast("list[Any]", values)]
    return f"../{names[values]}" if key in _KEYS and isinstance(values, str) and values in names else values


def point_back(document: Any, digests: Mapping[str, str]) -> Any:
    """A JSON document with the paths that were written in place of the names of a record."""
    text = json.dumps(document)
    for written, name in name_files(digests).items():
        text = text.replace(f"../{name}", json.dumps(written)[1:-1])
    return json.loads(text)


def _refuse_files_elsewhere(loaded: LoadedStudy, folder: Path) -> None:
    """Raise InputError where a study of the record in `folder` reads a file that is not in the record."""
    models = [study.model for study in loaded.by_variant.values()]
    for written in (one for model in models for one in (*model.predictions, model.embedding.table) if one is not None):
        parts = PurePosixPath(written).parts
        inside = parts[:2] == ("..", FILES) and ".." not in parts[2:]
        if not inside or not (folder / CODE / written).is_file():
            raise InputError(f"it names a file that is not in the record: {written}", f"{CODE}/study.yaml")


def locate_table(cell: Cell, digests: Mapping[str, str], folder: Path) -> Cell | None:
    """A run with its table of vectors where the record in `folder` has it; None where it has none, and of given
    predictions, which nobody trains."""
    model = cell.settings["model"]
    if not reads_files(cell.settings):
        return cell
    name = name_files(digests).get(model["embedding"]["table"] or "")
    if model["predictions"] or name is None or not (folder / name).is_file():
        return None
    embedding = {**model["embedding"], "table": str(folder / name)}
    return replace(cell, settings={**cell.settings, "model": {**model, "embedding": embedding}})


RERUN = f"{CODE}/study.yaml"
"""The study file; JSON is YAML. It lies where own code lies, which it names."""
ROWS_FOLDER = "rows"
ALONE = {"probes": '{"suite": "none"}', "report.checks": "[]"}
"""Settings under which nothing of a record's code is run but models."""


def gather_rerun(store: Store, record: StudyRecord) -> tuple[dict[str, Content], str]:
    """Files by name; or none, and why there are none."""
    document = read_study(store)
    kept: Mapping[str, str] = document.get("file_digests", {})
    try:
        opened = open_request(read_request(store.root), document["given"])
        names = name_unchanged(opened.loaded, kept)
    except InputError as error:
        return {}, f"the data cannot be read again: {error.problems[0]}"
    if changed := [name for name, one in record.splits.items() if opened.fingerprints.get(name) != one.fingerprint]:
        what = f"{', '.join(changed)} changed since the study was set up"
        return {}, f"{what}. Run the study again on the rows of today, or put those back"
    values: dict[str, Any] = point_to_record(opened.study.model_dump(mode="json"), names)
    values["seeds"] = list(record.seeds)
    values["data"] |= {"path": f"../{ROWS_FOLDER}", "splits": {}, "columns": Columns().model_dump()}
    files: dict[str, Content] = {RERUN: _write_study(values)}
    files |= {name: opened.loaded.resolve(written) for written, name in names.items()}
    if (path := opened.study.data.path) and (rule := opened.loaded.resolve(path) / GENERATION).is_file():
        files[f"{ROWS_FOLDER}/{GENERATION}"] = rule
    for name in (*record.splits, *(one for one in record.unlabelled if one in opened.frames)):
        buffer = io.BytesIO()
        opened.frames[name].write_parquet(buffer)
        files[f"{ROWS_FOLDER}/{name}.parquet"] = buffer.getvalue()
    return files, ""


def is_edited(store: Store) -> bool:
    """Whether a study was run by a study file that says something else today, or is gone."""
    document = read_study(store)
    if document.get("asked") is None:
        return False
    data = read_request(store.root).data
    try:
        return is_study_file(data) and load_study(str(data)).given != document["given"]
    except InputError:
        return True


def open_rerun(folder: Path, about: Mapping[str, Any]) -> Opened:
    """The study of the record in `folder`, read from its settings and rows; `about` is record.json, and own code stays
    unread. Raises InputError where the record
    lacks them, where they name a file elsewhere, or where they are not those that the study was run on."""
    path = folder / RERUN
    if not path.exists():
        raise InputError("the record has no rows as they were read", RERUN)
    _refuse_rows_elsewhere(path)
    opened = open_input(path, overrides=ALONE)
    _refuse_files_elsewhere(opened.loaded, folder)
    sealed = {
        name: one["fingerprint"]
        for name, one in about["data"].items()
        if name in opened.fingerprints or not is_unlabelled(name)  # rows without labels may have come later
    }
    if other := sorted({*sealed.items()} ^ {*opened.fingerprints.items()}):
        raise InputError(f"rows of {other[0][0]} are not those of the study", ROWS_FOLDER)
    return opened


def _write_study(values: Mapping[str, Any]) -> bytes:
    """A study file; its variants stay in their order, in which findings name them."""
    return (json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _refuse_rows_elsewhere(path: Path) -> None:
    """Raise InputError where a study file is not as `seal` writes it: two readers could read it in two ways."""
    try:
        written = path.read_bytes()
        values: Any = json.loads(written)
        data = values["data"]
        ours = _write_study(values) == written and (data["path"], data["splits"]) == (f"../{ROWS_FOLDER}", {})
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"it cannot be read: {error}", RERUN) from error
    if not ours:
        raise InputError("it does not name the rows of the record", RERUN)
