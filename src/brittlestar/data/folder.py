"""The data of a store: every split in one folder that appears whole or not at all."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from brittlestar.core.files import write_whole
from brittlestar.core.hashing import pretty_json
from brittlestar.data.encode import Encoded
from brittlestar.data.opening import arrays_digest, arrays_of
from brittlestar.data.rows import sequence_hashes, token_hashes
from brittlestar.data.summary import summarise
from brittlestar.study.names import SLICE

DATA_FORMAT = 1  # raised whenever the files change
ROW_GROUP = 100_000  # budget: rows that a reader of the table takes together
ROWS_AT_ONCE = 1_000_000  # budget: rows whose tokens are text in memory together


def write_data(folder: Path, frames: Mapping[str, pl.DataFrame], data: Encoded, lasting: bool = True) -> None:
    """Write `folder/SPLIT/…`, `vocabulary.json` and `summary.json`; the same data gives the same bytes. What is not
    `lasting` may be lost in a power cut.

    A split that stands there already, complete and with the same fingerprint and arrays, is left as it is; another
    one of its name is replaced. Folders of splits that `data` lacks are not touched. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for debris in folder.glob(".*.part"):
        shutil.rmtree(debris) if debris.is_dir() else debris.unlink()
    # apart from the sizes of files: rows may stay while train, and so every id, changes
    entries: dict[str, dict[str, Any]] = {
        name: {
            "format": DATA_FORMAT,
            "fingerprint": split.fingerprint,
            "arrays": arrays_digest(arrays_of(split)),
            "grouped": split.groups is not None,
            **({"slices": kept} if (kept := _list_slices(frames[name])) else {}),
        }
        for name, split in data.splits.items()
    }
    for name, entry in entries.items():
        if not _stands(folder / name, entry):
            _write_split(folder, frames[name], data, name, entry)
    vocabulary = {
        "tokens": data.vocabulary.tokens,
        "factor_names": list(data.vocabulary.factors),
        "factors": {name: ids.tolist() for name, ids in data.vocabulary.factors.items()},
        "factor_values": data.vocabulary.factor_values,
        "classes": data.classes,
        "splits": entries,
    }
    _write_if_changed(folder / "vocabulary.json", pretty_json(vocabulary), lasting)
    summary = asdict(summarise(frames, data))
    for record in summary["splits"].values():
        del record["majority"]
    _write_if_changed(folder / "summary.json", pretty_json(summary), lasting)


def _list_slices(frame: pl.DataFrame) -> list[str]:
    return [name for name in frame.columns if name.startswith(SLICE)]


def _stands(folder: Path, entry: Mapping[str, Any]) -> bool:
    """Whether the split is there as described, its arrays byte for byte."""
    try:
        if json.loads((folder / "split.json").read_bytes()) != entry or not (folder / "rows.parquet").exists():
            return False
        arrays = {path.stem: np.load(path, mmap_mode="r", allow_pickle=False) for path in folder.glob("*.npy")}
        return arrays_digest(arrays) == entry["arrays"]
    except (OSError, ValueError):
        return False


def _write_split(folder: Path, frame: pl.DataFrame, data: Encoded, name: str, entry: Mapping[str, Any]) -> None:
    temporary = Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=".part", dir=folder)) / name
    try:
        temporary.mkdir()  # its mode is what the umask says; that of the folder around it is its owner's alone
        for array_name, array in arrays_of(data.splits[name]).items():
            np.save(temporary / f"{array_name}.npy", np.ascontiguousarray(array), allow_pickle=False)
        _write_rows(frame, data, name, temporary / "rows.parquet")
        (temporary / "split.json").write_bytes(pretty_json(entry))
        if (folder / name).exists():
            (folder / name).rename(Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=".part", dir=folder)) / "old")
        temporary.rename(folder / name)
    finally:
        for debris in folder.glob(f".{name}.*.part"):
            shutil.rmtree(debris)


def _write_rows(frame: pl.DataFrame, data: Encoded, name: str, path: Path) -> None:
    """The table of a split; above a million rows part by part, so that its tokens need not be in memory together."""
    starts = range(0, data.splits[name].n_rows, ROWS_AT_ONCE)
    if len(starts) <= 1:
        rows_table(frame, data, name).write_parquet(path, row_group_size=ROW_GROUP)
        return
    parts = [path.with_name(f"rows-{number}.arrow") for number in range(len(starts))]
    for start, part in zip(starts, parts, strict=True):
        rows_table(frame, data, name, slice(start, start + ROWS_AT_ONCE)).write_ipc(part)
    pl.scan_ipc(parts).sink_parquet(path, row_group_size=ROW_GROUP)
    for part in parts:
        part.unlink()


def rows_table(frame: pl.DataFrame, data: Encoded, name: str, rows: slice = slice(None)) -> pl.DataFrame:
    """The rows of a split for people and later stages: row, id, label, group, length, `weight_FACTOR`, `slice_COLUMN`,
    hash, and `tokens`; or some of them, `rows` with a step of 1.

    `hash` is UInt64 over the row's token strings (equal sequences have equal hashes, on every machine); `tokens` is
    List(String), the raw tokens, also those that train lacks.
    """
    split = data.splits[name]
    first, last, _ = rows.indices(split.n_rows)
    frame = frame.slice(first, last - first)
    groups = frame["group"] if "group" in frame.columns else pl.Series([None] * frame.height, dtype=pl.String)
    offsets = split.offsets[first : last + 1]
    codes = data.raw_codes[name][offsets[0] : offsets[-1]]
    offsets = offsets - offsets[0]
    columns = {
        "row": np.arange(first, last, dtype=np.int64),
        "id": frame["id"],
        "label": frame["label"],
        "group": groups,
        "length": np.diff(offsets),
        **{f"weight_{factor}": weights[first:last] for factor, weights in split.factor_weights.items()},
        **{one: frame[one] for one in _list_slices(frame)},
        "hash": sequence_hashes(token_hashes(data.raw_tokens), codes, offsets),
        "tokens": pl.concat(list(token_lists(data.raw_tokens, codes, offsets)), rechunk=True),
    }
    return pl.DataFrame(columns)


def token_lists(tokens: Sequence[str], codes: np.ndarray, offsets: np.ndarray) -> Iterator[pl.Series]:
    """The tokens of rows as List(String), 100,000 rows or so at a time; `codes` are places in `tokens`."""
    words = pl.Series("tokens", tokens, dtype=pl.String)
    for start in range(0, len(offsets) - 1, ROW_GROUP):
        part = offsets[start : start + ROW_GROUP + 1]
        rows = pl.DataFrame({"row": np.arange(len(part) - 1, dtype=np.uint32)})
        row = pl.Series("row", np.repeat(np.arange(len(part) - 1, dtype=np.uint32), np.diff(part))).set_sorted()
        flat = pl.DataFrame([row, words.gather(codes[part[0] : part[-1]])])
        lists = flat.group_by("row", maintain_order=True).agg("tokens")
        joined = rows.join(lists, on="row", how="left", maintain_order="left")
        yield joined["tokens"].fill_null(pl.Series([[]], dtype=pl.List(pl.String)))


def _write_if_changed(path: Path, content: bytes, lasting: bool) -> None:
    if not path.exists() or path.read_bytes() != content:
        write_whole(path, content, lasting)
