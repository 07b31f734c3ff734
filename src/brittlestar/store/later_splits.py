"""A split that comes after the study: read from its file and kept with the others, under the study's vocabulary."""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import pretty_json
from brittlestar.core.splits import UNLABELLED, EncodedSplit, is_unlabelled
from brittlestar.core.texts import suggest
from brittlestar.data.encode import Encoded, encode
from brittlestar.data.folder import token_lists, write_data
from brittlestar.data.opening import open_data, read_summary
from brittlestar.data.sources import SPLIT_NAME, SplitFrames, read_splits
from brittlestar.data.tokenise import tokenise
from brittlestar.store.layout import DATA, DERIVED, Store, telling_failures
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.study.names import canonical_split
from brittlestar.study.settings import DataSettings, columns_of

LATER, LABELLED = "data/later.json", "data/labelled.json"
NOT_LABELLED = -2


@dataclass(frozen=True)
class LaterRows:
    """Rows of a file that a study takes in: `frame` with sequences as lists of tokens, the `file`, and what checks say
    of them, as `later_splits` has it."""

    frame: pl.DataFrame
    file: str
    found: Mapping[str, Any] = field(default_factory=dict[str, Any])


def add_split(store: Store, name: str, path: Path, columns: Mapping[str, str] | None = None) -> None:
    """Add the rows of a file to the data of a store as the split `name`; the same rows once more change nothing.
    Vocabulary, classes and all other splits stay as they are. Raises InputError where the file does not fit the study
    or the study has other rows of that name."""
    name, there = canonical_split(name), open_data(store.data).splits
    if not SPLIT_NAME.fullmatch(name):
        raise InputError(f"'{name}' is no name of a split", "--split", "use a name like shift_2026")
    frame = None if name in there and name not in later_splits(store) else _read_later(store, name, path, columns)
    if name not in there and frame is not None:
        take_in(store, {name: LaterRows(frame, str(path))})
    elif frame is None or not frame.equals(read_stored(store.rows(name)).select(frame.columns)):
        hint = "a later one needs a name of its own, like shift_2026"
        raise InputError(f"the study has a split '{name}'", "--split", hint)


def read_new_rows(
    store: Store, name: str, given: Any, columns: Mapping[str, str] | None = None, instead: bool = False
) -> pl.DataFrame | None:
    """The rows of a file or a frame, which need no labels, for the split `new_NAME`; None where the study has just
    these. Raises InputError, also where the study has other rows of that name and these do not come `instead`."""
    frame = _read_later(store, name, given, columns)
    if instead or name not in open_data(store.data).splits:
        return frame
    if not read_stored(store.rows(name)).select("id", "sequence").equals(frame.select("id", "sequence")):
        hint = f"give these another name, or take those out: --forget {name}"
        place = str(given) if isinstance(given, str | Path) else "rows"
        raise InputError(f"the study has other rows of the name {name}", place, hint)
    return None


def _read_later(store: Store, name: str, given: Any, columns: Mapping[str, str] | None) -> pl.DataFrame:
    """The rows of a file or a frame beside the study's train, their sequences as lists of tokens."""
    settings = _read_settings(store)
    chosen = columns_of(dict(columns) if columns else settings.columns.model_dump())
    train = read_stored(store.rows("train"))
    beside = train.select(pl.col("sequence").list.join(" ").alias(chosen.sequence), pl.col("label").alias(chosen.label))
    key = f"{UNLABELLED}rows" if is_unlabelled(name) else name  # a file may have any name
    read = read_splits({"train": beside, key: given}, chosen)
    if key not in read:
        place = str(given) if isinstance(given, str | Path) else "rows"
        raise InputError("it has no rows", place, "give a file with rows")
    return _tokenise_frame(read[key], settings.tokens)


def take_in(store: Store, more: Mapping[str, LaterRows]) -> None:
    """Keep rows that come later with the others, under the study's vocabulary."""
    if more:
        told = {name: {"file": one.file, **one.found} for name, one in more.items()}
        store.write(LATER, pretty_json({**later_splits(store), **told}))  # first: a name without data is harmless
        frames, files = ({name: getattr(one, what) for name, one in more.items()} for what in ("frame", "file"))
        _write(store, frames, files, _read_settings(store))


def find_forgettable(store: Store, name: str) -> str:
    """The split of a name that may be taken out: of rows without labels that came later. Raises InputError."""
    later = [split for split in later_splits(store) if is_unlabelled(split)]
    found = name if is_unlabelled(name) else f"{UNLABELLED}{name}"
    if found not in later:
        hint = suggest(found, later) or f"these came later: {', '.join(later) or 'none'}"
        raise InputError(f"no rows of the name {found} came after the study's data", "--forget", hint)
    return found


def forget_split(store: Store, name: str) -> None:
    """Take rows that came later, and the answers to them, out of a store."""
    for key in list_answers(store, name):
        store.backend.remove(key)
    _write(store, {}, {}, _read_settings(store), without=name)
    for key, told in ((LATER, later_splits(store)), (LABELLED, _read_json(store, LABELLED))):
        if kept := {split: one for split, one in told.items() if split != name}:
            store.write(key, pretty_json(kept))
        else:
            store.backend.remove(key)


def list_answers(store: Store, name: str) -> list[str]:
    """Where the answers of runs to a split lie that came later."""
    of_split = re.compile(rf"{re.escape(name)}-[0-9a-f]{{12}}")
    return [key for key in store.backend.list_placed(DERIVED) if of_split.fullmatch(key.rpartition("/")[2])]


def later_splits(store: Store) -> dict[str, dict[str, Any]]:
    """{split that came after the study: its `file`, what `token.mismatch` says, `mismatch` (empty: nothing), and the
    effects of shift checks that found something, `shifts` by code}; without the latter two where nobody looked."""
    read = _read_json(store, LATER)
    return {name: one if isinstance(one, dict) else {"file": one} for name, one in read.items()}


def _read_json(store: Store, key: str) -> dict[str, Any]:
    try:
        return json.loads(store.backend.read(key))
    except FileNotFoundError:
        return {}


def save_labels(store: Store, labels: Mapping[str, np.ndarray]) -> None:
    """Keep the labels that are known of splits without labels, in the place of older ones: int64 (n_rows,) by split,
    classes, -1 for a label that train lacks, -2 for rows that nobody labelled."""
    splits = open_data(store.data).splits
    told = {
        name: {"fingerprint": splits[name].fingerprint, "rows": rows.tolist(), "classes": known[rows].tolist()}
        for name, known in labels.items()
        for rows in (np.flatnonzero(known > NOT_LABELLED),)
    }
    if told:
        store.write(LABELLED, pretty_json({**_read_json(store, LABELLED), **told}))


def read_labels(store: Store) -> dict[str, np.ndarray]:
    """What `save_labels` kept of the splits that a study has, as they are now."""
    splits, found = open_data(store.data).splits, dict[str, np.ndarray]()
    for name, told in _read_json(store, LABELLED).items():
        if name in splits and splits[name].fingerprint == told["fingerprint"]:
            found[name] = np.full(splits[name].n_rows, NOT_LABELLED, np.int64)
            found[name][told["rows"]] = told["classes"]
    return found


def refuse_taken_names(store: Store, splits: Mapping[str, EncodedSplit]) -> None:
    """Raise InputError where a study's data have other rows under the name of a split that came later."""
    later = {name: told["file"] for name, told in later_splits(store).items() if name in splits}
    kept = open_data(store.data).splits if later else {}
    for name, file in later.items():
        if name in kept and kept[name].fingerprint != splits[name].fingerprint:
            hint = "rename one of them"
            hint += f", or take those out: brittlestar forecast {store.nearby} --forget {name}" * is_unlabelled(name)
            raise InputError(f"the study has other rows of this name, which came later from {file}", name, hint)


def save_later(store: Store, settings: DataSettings, look: Callable[[str, pl.DataFrame], Mapping[str, Any]]) -> None:
    """Take the splits that came later in again, after the data of a study were written anew from their source; `look`
    says by name and rows what checks find now, as `later_splits` has it."""
    here, later = open_data(store.data).splits, later_splits(store)
    missing = {name: told["file"] for name, told in later.items() if name not in here and store.rows(name).exists()}
    frames = {name: read_stored(store.rows(name)) for name in missing}
    if missing:
        _write(store, frames, missing, settings)
    if later:
        told = {name: {"file": missing[name], **look(name, rows)} for name, rows in frames.items()}
        store.write(LATER, pretty_json(told))


def save_rows(store: Store, frames: Mapping[str, pl.DataFrame], data: Encoded, without: str = "") -> None:
    """Write the data of a store, and remove a split. Raises StoreError when the disk is full or read-only."""
    with telling_failures(store.name_key(DATA)):
        folder = store.backend.folder(DATA)
        write_data(folder, frames, data, store.lasting)
        if without:
            shutil.rmtree(folder / without, ignore_errors=True)


def _write(
    store: Store, more: Mapping[str, pl.DataFrame], named: Mapping[str, str], settings: DataSettings, without: str = ""
) -> None:
    """Write the data of a store with more splits, whose sequences are lists of tokens, or without one."""
    here = [split for split in open_data(store.data).splits if split != without]
    frames = {split: read_stored(store.rows(split)) for split in here}
    files = {split: file for split, file in read_summary(store.data).files.items() if split in frames}
    whole = SplitFrames({**frames, **more}, {**files, **named})
    save_rows(store, whole, encode(whole, settings.model_copy(update={"tokens": "list"})), without)


def _read_settings(store: Store) -> DataSettings:
    return DataSettings.model_validate(read_cells(read_study(store))[0].settings["data"])


def read_stored(path: Path) -> pl.DataFrame:
    """A split as it was read: id, sequence as a list of tokens, label, and group where it has one."""
    frame = pl.read_parquet(path)
    columns = [pl.col("id"), pl.col("tokens").alias("sequence"), pl.col("label")]
    if frame["group"].null_count() < frame.height:
        columns.append(pl.col("group").fill_null(""))
    return frame.select(columns)


def _tokenise_frame(frame: pl.DataFrame, how: str) -> pl.DataFrame:
    if frame.schema["sequence"] == pl.List(pl.String):
        return frame
    lists = (
        one
        for chunk in tokenise(frame["sequence"], how)
        for one in token_lists(chunk.tokens, chunk.codes, np.concatenate([[0], np.cumsum(chunk.lengths)]))
    )
    return frame.with_columns(pl.concat(lists).alias("sequence"))
