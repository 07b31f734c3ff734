"""A look at a table of token vectors as it is: in its own order, with rows that no model could be built from."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.errors import InputError
from brittlestar.core.optional import require
from brittlestar.core.texts import suggest_file
from brittlestar.models.table import text_shape


@dataclass(frozen=True)
class TableLook:
    """`names` are the tokens of all rows, in the order of the table, a token perhaps twice; `rows` int64 (n,),
    ascending, are the rows whose vectors were read, float32 (n, width), where NaN stands for what is no number."""

    names: tuple[str, ...]
    rows: np.ndarray
    vectors: np.ndarray


def look_at_table(path: Path, wanted: Collection[str], around: int = 0) -> TableLook:
    """Read the names of all rows, and the vectors of the rows named in `wanted` and of `around` rows beside each.

    Formats are those of `read_table`. Raises InputError where the file is not there or no table, OSError where it
    cannot be read.
    """
    if not path.is_file():
        hint = suggest_file(path, "check model.embedding.table")
        raise InputError("the embedding table does not exist", str(path), hint)
    if path.suffix == ".safetensors":
        names, table = _safetensors(path)
        rows = _rows(names, wanted, around)
        return TableLook(names, rows, table[rows].astype(np.float32))
    with path.open("rb") as handle:
        width, _, body = text_shape(path, enumerate(handle, start=1))
        names = tuple(raw.rstrip().rsplit(b" ", width)[0].decode(errors="replace") for _, raw in body)
    rows = _rows(names, wanted, around)
    return TableLook(names, rows, _text_vectors(path, rows, width))


def _rows(names: tuple[str, ...], wanted: Collection[str], around: int) -> np.ndarray:
    hits = np.flatnonzero(np.fromiter((name in wanted for name in names), np.bool_, len(names)))
    rows = np.unique(hits[:, None] + np.arange(-around, around + 1))
    return rows[(rows >= 0) & (rows < len(names))]


def _text_vectors(path: Path, rows: np.ndarray, width: int) -> np.ndarray:
    vectors = np.full((len(rows), width), np.nan, np.float32)
    place = dict(zip(rows.tolist(), range(len(rows)), strict=True))
    with path.open("rb") as handle:
        _, _, body = text_shape(path, enumerate(handle, start=1))
        for row, (_, raw) in enumerate(body):
            if row in place:
                fields = raw.rstrip().rsplit(b" ", width)[1:]
                vectors[place[row], : len(fields)] = [_number(field) for field in fields]
    return vectors


def _number(field: bytes) -> float:
    try:
        return float(field)
    except ValueError:
        return float("nan")


def _safetensors(path: Path) -> tuple[tuple[str, ...], np.ndarray]:
    safetensors: Any = require("safetensors", "train")
    try:
        with safetensors.safe_open(str(path), framework="pt") as handle:
            names: Any = json.loads((handle.metadata() or {})["tokens"])
            table: np.ndarray = handle.get_tensor("embedding").float().numpy()
    except (safetensors.SafetensorError, KeyError, ValueError) as error:
        raise InputError(f"not a table of token vectors ({error})", str(path)) from error
    if not isinstance(names, list) or table.ndim != 2 or len(names) != len(table):
        raise InputError(f"`tokens` must name each of the rows of `embedding` {table.shape}", str(path))
    return tuple(map(str, names)), table
