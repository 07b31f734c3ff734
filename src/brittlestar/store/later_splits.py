"""A split that comes after the study: read from its file and kept with the others, under the study's vocabulary."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import pretty_json
from brittlestar.data.encode import Encoded, encode
from brittlestar.data.folder import token_lists, write_data
from brittlestar.data.opening import open_data, read_summary
from brittlestar.data.sources import SPLIT_NAME, SplitFrames, read_splits
from brittlestar.data.tokenise import tokenise
from brittlestar.store.layout import DATA, Store, telling_failures
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.study.names import canonical_split
from brittlestar.study.settings import DataSettings, columns_of

LATER = "data/later.json"


def add_split(store: Store, name: str, path: Path, columns: Mapping[str, str] | None = None) -> None:
    """Add the rows of a file to the data of a store as the split `name`, which it does not have yet. Vocabulary,
    classes and all other splits stay as they are. Raises InputError where the file does not fit the study."""
    data, name = open_data(store.data), canonical_split(name)
    if name in data.splits or not SPLIT_NAME.fullmatch(name):
        what = f"the study has a split '{name}'" if name in data.splits else f"'{name}' is no name of a split"
        raise InputError(what, "--split", "a later one needs a name of its own, like shift_2026")
    frame, settings = _read_later(store, name, path, columns)
    _keep_later(store, name, frame, path, settings)


def add_new_rows(store: Store, name: str, path: Path, columns: Mapping[str, str] | None = None) -> None:
    """Add the rows of a file, which need no labels, as the split `new_NAME`; the same rows once more change nothing.
    Raises InputError, also where the study has other rows of that name."""
    if not SPLIT_NAME.fullmatch(name):
        raise InputError(f"'{name}' is no name of a split", str(path), "use letters, digits, '.', '_' and '-'")
    frame, settings = _read_later(store, name, path, columns)
    if name not in open_data(store.data).splits:
        _keep_later(store, name, frame, path, settings)
    elif not read_stored(store.rows(name)).select("id", "sequence").equals(frame.select("id", "sequence")):
        raise InputError(f"the study has other rows of the name {name}", str(path), "give the file another name")


def _read_later(
    store: Store, name: str, path: Path, columns: Mapping[str, str] | None
) -> tuple[pl.DataFrame, DataSettings]:
    """The rows of a file beside the study's train, their sequences as lists of tokens, and how data are read."""
    settings = DataSettings.model_validate(read_cells(read_study(store))[0].settings["data"])
    chosen = columns_of(dict(columns) if columns else settings.columns.model_dump())
    train = read_stored(store.rows("train"))
    beside = train.select(pl.col("sequence").list.join(" ").alias(chosen.sequence), pl.col("label").alias(chosen.label))
    read = read_splits({"train": beside, name: path}, chosen)
    if name not in read:
        raise InputError("it has no rows", str(path), "give a file with rows")
    return _tokenise_frame(read[name], settings.tokens), settings


def _keep_later(store: Store, name: str, frame: pl.DataFrame, path: Path, settings: DataSettings) -> None:
    _take_in(store, {name: frame}, {name: str(path)}, settings)
    kept = {split: file for split, file in later_splits(store).items() if split != name}
    store.write(LATER, pretty_json({**kept, name: str(path)}))


def later_splits(store: Store) -> dict[str, str]:
    """{split that came after the study: its file}."""
    try:
        return json.loads(store.backend.read(LATER))
    except FileNotFoundError:
        return {}


def keep_later(store: Store, settings: DataSettings) -> None:
    """Take the splits that came later in again, after the data of a study were written anew from their source."""
    here, later = open_data(store.data).splits, later_splits(store)
    missing = {name: file for name, file in later.items() if name not in here and store.rows(name).exists()}
    if missing:
        frames = {name: read_stored(store.rows(name)) for name in missing}
        _take_in(store, frames, missing, settings)


def keep_rows(store: Store, frames: Mapping[str, pl.DataFrame], data: Encoded) -> None:
    """Write the data of a store. Raises StoreError when the disk is full or read-only."""
    with telling_failures(store.name_key(DATA)), store.backend.folder(DATA) as folder:
        write_data(folder, frames, data)


def _take_in(store: Store, more: Mapping[str, pl.DataFrame], named: Mapping[str, str], settings: DataSettings) -> None:
    """Write the data of a store with more splits, whose sequences are lists of tokens."""
    frames = {split: read_stored(store.rows(split)) for split in open_data(store.data).splits}
    files = {split: file for split, file in read_summary(store.data).files.items() if split in frames}
    whole = SplitFrames({**frames, **more}, {**files, **named})
    encoded = encode(whole, settings.model_copy(update={"tokens": "list"}))
    keep_rows(store, whole, encoded)


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
