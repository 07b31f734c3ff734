"""Canonical JSON and digests: the same record has the same name on every machine."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np


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
    with Path(path).open("rb", buffering=0) as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
