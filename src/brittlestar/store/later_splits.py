"""A split that comes after the study: read from its file and kept with the others, under the study's vocabulary."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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
from brittlestar.store.layout import DATA, Store, telling_failures
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.study.names import canonical_split
from brittlestar.study.settings import DataSettings, columns_of

LATER = "data/later.json"


@dataclass(frozen=True)
class LaterRows:
    """Rows of a file that a study takes in: `frame` with sequences as lists of tokens, the `file`, and what
    `token.mismatch` says of them (empty: nothing)."""

    frame: pl.DataFrame
    file: str
    mismatch: str = ""


def add_split(store: Store, name: str, path: Path, columns: Mapping[str, str] | None = None) -> None:
    """Add the rows of a file to the data of a store as the split `name`, which it does not have yet. Vocabulary,
    classes and all other splits stay as they are. Raises InputError where the file does not fit the study."""
    data, name = open_data(store.data), canonical_split(name)
    if name in data.splits or not SPLIT_NAME.fullmatch(name):
        what = f"the study has a split '{name}'" if name in data.splits else f"'{name}' is no name of a split"
        raise InputError(what, "--split", "a later one needs a name of its own, like shift_2026")
    take_in(store, {name: LaterRows(_read_later(store, name, path, columns), str(path))})


def read_new_rows(store: Store, name: str, path: Path, columns: Mapping[str, str] | None = None) -> pl.DataFrame | None:
    """The rows of a file, which need no labels, for the split `new_NAME`; None where the study has just these. Raises
    InputError, also where the study has other rows of that name."""
    frame = _read_later(store, name, path, columns)
    if name not in open_data(store.data).splits:
        return frame
    if not read_stored(store.rows(name)).select("id", "sequence").equals(frame.select("id", "sequence")):
        hint = f"give the file another name, or take those out: --forget {name}"
        raise InputError(f"the study has other rows of the name {name}", str(path), hint)
    return None


def _read_later(store: Store, name: str, path: Path, columns: Mapping[str, str] | None) -> pl.DataFrame:
    """The rows of a file beside the study's train, their sequences as lists of tokens."""
    settings = _read_settings(store)
    chosen = columns_of(dict(columns) if columns else settings.columns.model_dump())
    train = read_stored(store.rows("train"))
    beside = train.select(pl.col("sequence").list.join(" ").alias(chosen.sequence), pl.col("label").alias(chosen.label))
    key = f"{UNLABELLED}rows" if is_unlabelled(name) else name  # a file may have any name
    read = read_splits({"train": beside, key: path}, chosen)
    if key not in read:
        raise InputError("it has no rows", str(path), "give a file with rows")
    return _tokenise_frame(read[key], settings.tokens)


def take_in(store: Store, more: Mapping[str, LaterRows]) -> None:
    """Keep rows that come later with the others, under the study's vocabulary."""
    if more:
        frames, files = ({name: getattr(one, what) for name, one in more.items()} for what in ("frame", "file"))
        _write(store, frames, files, _read_settings(store))
        told = {name: {"file": one.file, "mismatch": one.mismatch} for name, one in more.items()}
        store.write(LATER, pretty_json({**later_splits(store), **told}))


def forget_split(store: Store, name: str) -> None:
    """Take rows that came later out of the data of a store. Raises InputError where these did not."""
    later = later_splits(store)
    if name not in later:
        hint = suggest(name, later) or f"these came later: {', '.join(later) or 'none'}"
        raise InputError(f"no rows of the name {name} came after the study's data", "--forget", hint)
    _write(store, {}, {}, _read_settings(store), without=name)
    store.write(LATER, pretty_json({split: told for split, told in later.items() if split != name}))


def later_splits(store: Store) -> dict[str, dict[str, str]]:
    """{split that came after the study: its `file`, and what `token.mismatch` says, `mismatch`}."""
    try:
        return json.loads(store.backend.read(LATER))
    except FileNotFoundError:
        return {}


def refuse_taken_names(store: Store, splits: Mapping[str, EncodedSplit]) -> None:
    """Raise InputError where a study's data have other rows under the name of a split that came later."""
    taken = [name for name in later_splits(store) if name in splits]
    kept = open_data(store.data).splits if taken else {}
    for name in taken:
        if kept[name].fingerprint != splits[name].fingerprint:
            file = later_splits(store)[name]["file"]
            what = f"the study has other rows of this name, which came later from {file}"
            hint = f"rename one of them, or take those out: brittlestar forecast {store.nearby} --forget {name}"
            raise InputError(what, name, hint)


def keep_later(store: Store, settings: DataSettings) -> None:
    """Take the splits that came later in again, after the data of a study were written anew from their source."""
    here, later = open_data(store.data).splits, later_splits(store)
    missing = {name: told["file"] for name, told in later.items() if name not in here and store.rows(name).exists()}
    if missing:
        _write(store, {name: read_stored(store.rows(name)) for name in missing}, missing, settings)
    if len(missing) < len(later):
        store.write(LATER, pretty_json({name: later[name] for name in missing}))


def keep_rows(store: Store, frames: Mapping[str, pl.DataFrame], data: Encoded) -> None:
    """Write the data of a store. Raises StoreError when the disk is full or read-only."""
    with telling_failures(store.name_key(DATA)), store.backend.folder(DATA) as folder:
        write_data(folder, frames, data)


def _write(
    store: Store, more: Mapping[str, pl.DataFrame], named: Mapping[str, str], settings: DataSettings, without: str = ""
) -> None:
    """Write the data of a store with more splits, whose sequences are lists of tokens, or without one."""
    here = [split for split in open_data(store.data).splits if split != without]
    frames = {split: read_stored(store.rows(split)) for split in here}
    files = {split: file for split, file in read_summary(store.data).files.items() if split in frames}
    whole = SplitFrames({**frames, **more}, {**files, **named})
    keep_rows(store, whole, encode(whole, settings.model_copy(update={"tokens": "list"})))


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
