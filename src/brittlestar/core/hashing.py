"""Canonical JSON and digests: the same record has the same name on every machine."""

import hashlib
import io
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)  # Windows changes the bytes of what it takes for text
_AT_ONCE = 1 << 16  # bytes: a larger buffer costs a call of the system for itself


def canonical_json(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces; raises ValueError on NaN or infinity, TypeError on other objects."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def pretty_json(value: Any) -> bytes:
    """The same document for people: sorted keys, two spaces, a final newline."""
    return (json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def lined_json(value: Any, depth: int = 3) -> bytes:
    """A document for people and programs: the order of its own keys, those within sorted, and what lies deeper than
    `depth` on one line, so that a large document has lines to read and to compare, and little white space."""
    first = {key: json.loads(canonical_json(one)) for key, one in value.items()}
    return (_lay_lines(first, depth, "\n") + "\n").encode()


def _lay_lines(value: Any, depth: int, line: str) -> str:
    if not depth or not value or not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    deeper = f"{line}  "
    if isinstance(value, list):
        return f"[{deeper}{f',{deeper}'.join(_lay_lines(one, depth - 1, deeper) for one in value)}{line}]"
    named = ((json.dumps(key, ensure_ascii=False), one) for key, one in value.items())
    pairs = (f"{name}: {_lay_lines(one, depth - 1, deeper)}" for name, one in named)
    return f"{{{deeper}{f',{deeper}'.join(pairs)}{line}}}"


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON of `value`, 64 hex digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def array_digest(*arrays: np.ndarray) -> str:
    """SHA-256 over type, shape and bytes of each array in turn, 64 hex digits."""
    state = hashlib.sha256()
    for array in arrays:
        state.update(f"{array.dtype.str}{array.shape}".encode())
        state.update(np.ascontiguousarray(array).data)
    return state.hexdigest()


def file_digest(path: Path | str) -> str:
    """SHA-256 of a file's bytes, 64 hex digits."""
    state, descriptor = hashlib.sha256(), os.open(path, _READ)
    try:  # by the system's own calls: what Python's files cost beside is more than small files cost
        while part := os.read(descriptor, _AT_ONCE):
            state.update(part)
    finally:
        os.close(descriptor)
    return state.hexdigest()


def file_digests(root: Path, files: Iterable[Path]) -> dict[str, str]:
    """`file_digest` of each file by its place below `root`, as POSIX has it: the folder can move."""
    return {path.relative_to(root).as_posix(): file_digest(path) for path in files}


def parquet_bytes(columns: Mapping[str, Any]) -> bytes:
    """Parquet (zstd) of the given columns, each array-like of shape (n_rows, ...)."""
    import polars as pl

    buffer = io.BytesIO()
    pl.DataFrame(dict(columns)).write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()
