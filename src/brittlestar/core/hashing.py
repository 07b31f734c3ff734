"""Canonical JSON and digests: the same record has the same name on every machine."""

import hashlib
import io
import json
import os
from collections.abc import Mapping
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


def parquet_bytes(columns: Mapping[str, Any]) -> bytes:
    """Parquet (zstd) of the given columns, each array-like of shape (n_rows, ...)."""
    import polars as pl

    buffer = io.BytesIO()
    pl.DataFrame(dict(columns)).write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()
