"""Tables of token vectors, text (`token v1 … vd` a line) or safetensors: as they are, and what a model begins with."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.optional import require
from brittlestar.core.texts import suggest_file

_MOST_PROBLEMS = 10  # a list that a person reads


@dataclass(frozen=True)
class TableLook:
    """`names` are the tokens of all rows, in the order of the table, a token perhaps twice; `rows` int64 (n,),
    ascending, are the rows whose vectors were read, float32 (n, width), where NaN stands for what is no number. A text
    may promise a number of rows in its first line."""

    path: Path
    names: tuple[str, ...]
    rows: np.ndarray
    vectors: np.ndarray
    promised: int | None = None

    def place(self, row: int) -> str:
        """Where a person finds a row."""
        is_text = self.path.suffix != ".safetensors"
        return f"{self.path}:{row + 1 + (self.promised is not None)}" if is_text else f"{self.path}, row {row}"


@dataclass(frozen=True)
class PretrainedRows:
    """The rows of a table that a vocabulary asks for: `ids` int64 (n_found,), ascending; `vectors` float32
    (n_found, d); `table_rows` is the number of rows the table holds."""

    ids: np.ndarray
    vectors: np.ndarray
    table_rows: int


def read_table(path: Path, tokens: Sequence[str], skip: Sequence[int] = ()) -> PretrainedRows:
    """Find the vectors of `tokens` (position = id, those in `skip` left out) in the table at `path`.

    Raises what `look_at_table` raises, and InputError with the place of each row that cannot be used, and when no token
    is found at all.
    """
    wanted = {token: place for place, token in enumerate(tokens) if place not in set(skip)}
    look = look_at_table(path, wanted)
    found: dict[int, np.ndarray] = {}
    problems: list[Problem] = []
    for row, vector in zip(look.rows.tolist(), look.vectors, strict=True):
        token = look.names[row]
        if wanted[token] in found:
            problems.append(Problem(f"token {token!r} stands in the table twice", look.place(row)))
        elif not np.isfinite(vector).all():
            problems.append(Problem(f"token {token!r} has not {len(vector)} finite numbers", look.place(row)))
        found[wanted[token]] = vector
    if look.promised not in (None, len(look.names)):
        what = f"the first line promises {look.promised} rows and {len(look.names)} follow"
        problems.append(Problem(what, f"{path}:1"))
    if problems:
        raise InputError(problems[:_MOST_PROBLEMS])
    if not found:
        what = f"none of the {len(wanted)} tokens of train stands in the table ({len(look.names)} rows)"
        raise InputError(what, str(path), "check that the table was made with the same tokens")
    ids = np.array(sorted(found), dtype=np.int64)
    return PretrainedRows(ids, np.stack([found[place] for place in ids.tolist()]), len(look.names))


def look_at_table(path: Path, wanted: Collection[str], around: int = 0) -> TableLook:
    """Read the names of all rows, and the vectors of the rows named in `wanted` and of `around` rows beside each.

    A name that ends in `.safetensors` needs a 2-d tensor `embedding` and, in its metadata, `tokens`: a JSON list with
    one string per row. Anything else is read as UTF-8 text with an optional first line `n d`. Raises InputError where
    the file is not there or no table, OSError where it cannot be read.
    """
    if not path.is_file():
        hint = suggest_file(path, "check model.embedding.table")
        raise InputError("the embedding table does not exist", str(path), hint)
    if path.suffix == ".safetensors":
        names, table = _read_safetensors(path)
        rows = _choose_rows(names, wanted, around)
        return TableLook(path, names, rows, table[rows].astype(np.float32))
    with path.open("rb") as handle:
        width, promised, body = _read_shape(path, enumerate(handle, start=1))
        names = tuple(raw.rstrip().rsplit(b" ", width)[0].decode(errors="replace") for _, raw in body)
    rows = _choose_rows(names, wanted, around)
    return TableLook(path, names, rows, _read_vectors(path, rows, width), promised)


def _choose_rows(names: tuple[str, ...], wanted: Collection[str], around: int) -> np.ndarray:
    hits = np.flatnonzero(np.fromiter((name in wanted for name in names), np.bool_, len(names)))
    rows = np.unique(hits[:, None] + np.arange(-around, around + 1))
    return rows[(rows >= 0) & (rows < len(names))]


def _read_shape(path: Path, lines: Iterator[tuple[int, bytes]]) -> tuple[int, int | None, Iterator[tuple[int, bytes]]]:
    """(number of columns, rows promised by a header or None, the lines that hold vectors)."""
    first, second = next(lines, None), next(lines, None)
    if first is None:
        raise InputError("the embedding table is empty", str(path))
    fields = first[1].split()
    is_header = len(fields) == 2 and all(field.isdigit() for field in fields)
    # `7 3` may also be the token 7 in a table of one column: the second line tells.
    if is_header and (fields[1] == b"1" or (second is not None and len(second[1].split()) > 2)):
        return int(fields[1]), int(fields[0]), chain([second] if second else [], lines)
    if len(fields) < 2:
        raise InputError("expected a token and its numbers", f"{path}:{first[0]}")
    return len(fields) - 1, None, chain([first], [second] if second else [], lines)


def _read_vectors(path: Path, rows: np.ndarray, width: int) -> np.ndarray:
    vectors = np.full((len(rows), width), np.nan, np.float32)
    place = dict(zip(rows.tolist(), range(len(rows)), strict=True))
    with path.open("rb") as handle:
        _, _, body = _read_shape(path, enumerate(handle, start=1))
        for row, (_, raw) in enumerate(body):
            if row in place:
                # A token may itself hold spaces, so the numbers are taken from the right.
                fields = raw.rstrip().rsplit(b" ", width)[1:]
                vectors[place[row], : len(fields)] = [_read_number(field) for field in fields]
    return vectors


def _read_number(field: bytes) -> float:
    try:
        return float(field)
    except ValueError:
        return float("nan")


def _read_safetensors(path: Path) -> tuple[tuple[str, ...], np.ndarray]:
    safetensors: Any = require("safetensors", "train")
    try:
        with safetensors.safe_open(str(path), framework="pt") as handle:
            names: Any = json.loads((handle.metadata() or {})["tokens"])
            table: np.ndarray = handle.get_tensor("embedding").float().numpy()
    except (safetensors.SafetensorError, KeyError, ValueError) as error:
        hint = "it needs a tensor `embedding`, and metadata `tokens` with a JSON list of their names"
        raise InputError(f"not a table of token vectors ({error})", str(path), hint) from error
    if not isinstance(names, list) or table.ndim != 2 or len(names) != len(table):
        raise InputError(f"`tokens` must name each of the rows of `embedding` {table.shape}", str(path))
    return tuple(map(str, names)), table
