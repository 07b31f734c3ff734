"""Tables of pretrained token vectors: text (`token v1 … vd` a line) or safetensors."""

import json
from collections.abc import Iterator, Sequence
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
class PretrainedRows:
    """The rows of a table that the vocabulary asks for: `ids` int64 (n_found,), ascending; `vectors` float32
    (n_found, d); `asked` is the number of tokens looked for, `table_rows` the number of rows the table holds."""

    ids: np.ndarray
    vectors: np.ndarray
    asked: int
    table_rows: int


def read_table(path: Path, tokens: Sequence[str], skip: Sequence[int] = ()) -> PretrainedRows:
    """Find the vectors of `tokens` (position = id, those in `skip` left out) in the table at `path`.

    A name that ends in `.safetensors` needs a 2-d tensor `embedding` and, in its metadata, `tokens`: a JSON list with
    one string per row. Anything else is read as UTF-8 text with an optional first line `n d`. Raises InputError with
    the line (text) or row (safetensors) of each problem, and when no token is found at all.
    """
    wanted = {token: place for place, token in enumerate(tokens) if place not in set(skip)}
    if not path.is_file():
        hint = suggest_file(path, "check model.embedding.table")
        raise InputError("the embedding table does not exist", str(path), hint)
    read = _read_safetensors if path.suffix == ".safetensors" else _read_text
    found, table_rows = read(path, wanted)
    if not found:
        raise InputError(
            f"none of the {len(wanted)} tokens of train stands in the table ({table_rows} rows)",
            str(path),
            "check that the table was made with the same tokens",
        )
    ids = np.array(sorted(found), dtype=np.int64)
    vectors = np.stack([found[place] for place in ids.tolist()]).astype(np.float32)
    return PretrainedRows(ids, vectors, len(wanted), table_rows)


def _read_text(path: Path, wanted: dict[str, int]) -> tuple[dict[int, np.ndarray], int]:
    found: dict[int, np.ndarray] = {}
    problems: list[Problem] = []
    rows = 0
    with path.open("rb") as handle:
        lines = enumerate(handle, start=1)
        width, promised, body = text_shape(path, lines)
        for number, raw in body:
            # A token may itself hold spaces, so the numbers are taken from the right.
            fields = raw.rstrip().rsplit(b" ", width)
            rows += 1
            problem = _take(fields, width, wanted, found)
            if problem:
                problems.append(Problem(problem, f"{path}:{number}"))
                if len(problems) == _MOST_PROBLEMS:
                    break
    if not problems and promised is not None and rows != promised:
        problems.append(Problem(f"the first line promises {promised} rows and {rows} follow", f"{path}:1"))
    if problems:
        raise InputError(problems)
    return found, rows


def text_shape(path: Path, lines: Iterator[tuple[int, bytes]]) -> tuple[int, int | None, Iterator[tuple[int, bytes]]]:
    """(number of columns, rows promised by a header or None, the lines that hold vectors)."""
    first = next(lines, None)
    if first is None:
        raise InputError("the embedding table is empty", str(path))
    second = next(lines, None)
    fields = first[1].split()
    is_header = len(fields) == 2 and all(field.isdigit() for field in fields)
    # `7 3` may also be the token 7 in a table of one column: the second line tells.
    if (is_header and second is not None and len(second[1].split()) > 2) or (is_header and fields[1] == b"1"):
        return int(fields[1]), int(fields[0]), chain([second] if second else [], lines)
    if len(fields) < 2:
        raise InputError("expected a token and its numbers", f"{path}:{first[0]}")
    return len(fields) - 1, None, chain([first], [second] if second else [], lines)


def _take(fields: list[bytes], width: int, wanted: dict[str, int], found: dict[int, np.ndarray]) -> str | None:
    """Keep the vector of one line if it is wanted; return what is wrong with the line."""
    if len(fields) != width + 1:
        return f"expected a token and {width} numbers, found {len(fields)} fields"
    try:
        token = fields[0].decode()
    except UnicodeDecodeError:
        return "the token is not UTF-8"
    place = wanted.get(token)
    if place is None:
        return None
    if place in found:
        return f"token {token!r} stands in the table twice"
    try:
        vector = np.array([float(field) for field in fields[1:]], dtype=np.float32)
    except ValueError:
        return f"token {token!r}: a field is not a number"
    if not np.isfinite(vector).all():
        return f"token {token!r}: a number is not finite"
    found[place] = vector
    return None


def _read_safetensors(path: Path, wanted: dict[str, int]) -> tuple[dict[int, np.ndarray], int]:
    safetensors: Any = require("safetensors", "train")
    try:
        with safetensors.safe_open(str(path), framework="pt") as handle:
            metadata: dict[str, str] = handle.metadata() or {}
            if "embedding" not in handle.keys() or "tokens" not in metadata:  # noqa: SIM118 (a handle, not a dict)
                raise InputError(
                    "expected a tensor `embedding` and metadata `tokens` (a JSON list)",
                    str(path),
                    f"found tensors {sorted(handle.keys())} and metadata {sorted(metadata)}",
                )
            table: np.ndarray = handle.get_tensor("embedding").float().numpy()
    except safetensors.SafetensorError as error:
        raise InputError(f"not a safetensors file ({error})", str(path)) from error
    try:
        names: Any = json.loads(metadata["tokens"])
    except ValueError as error:
        raise InputError(f"metadata `tokens` is not JSON ({error})", str(path)) from error
    if not isinstance(names, list) or table.ndim != 2 or len(names) != len(table):
        raise InputError(f"`tokens` must name each of the rows of `embedding` {table.shape}", str(path))
    found: dict[int, np.ndarray] = {}
    problems: list[Problem] = []
    for row, name in enumerate(names):
        place = wanted.get(name) if isinstance(name, str) else None
        if place is None:
            continue
        if place in found:
            problems.append(Problem(f"token {name!r} stands in the table twice", f"{path}, row {row}"))
        elif not np.isfinite(table[row]).all():
            problems.append(Problem(f"token {name!r}: a number is not finite", f"{path}, row {row}"))
        found[place] = table[row]
    if problems:
        raise InputError(problems[:_MOST_PROBLEMS])
    return found, len(table)
