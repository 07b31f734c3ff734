"""Arrays that may be larger than memory: made part by part, and kept in a file where they are large."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from brittlestar.core.errors import StoreError

IN_MEMORY = 1 << 28  # budget: 256 MiB of one array; a larger one lies in a file, whose pages memory holds while it can
AT_ONCE = 1 << 22  # budget: entries that are looked at together, 32 MB where they are 64 bits wide


def collect(parts: Iterable[np.ndarray], dtype: np.dtype | type) -> np.ndarray:
    """The one-dimensional parts, one after the other, read-only where they fill more than 256 MiB.

    Such an array is a memory map of a file without a name, in TMPDIR or else `/var/tmp`, which is on disk where `/tmp`
    may be memory; it goes away with the array. Raises StoreError where there is no room.
    """
    kept: list[np.ndarray] = []
    size = 0
    incoming = iter(parts)
    for part in incoming:
        kept.append(np.ascontiguousarray(part, dtype))
        size += kept[-1].nbytes
        if size > IN_MEMORY:
            return _write(chain((kept.pop(0) for _ in range(len(kept))), incoming), np.dtype(dtype))
    return np.concatenate(kept) if len(kept) > 1 else (kept[0] if kept else np.zeros(0, dtype))


def blocks(n: int, at_once: int) -> Iterator[slice]:
    """Slices that cover `n` entries, `at_once` each."""
    return (slice(start, min(start + at_once, n)) for start in range(0, n, at_once))


def look_up(table: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """`table[codes]`, block by block: `codes` int (n,), a result of `table`'s type."""
    if len(codes) <= AT_ONCE:
        return table[codes]
    return collect((table[codes[part]] for part in blocks(len(codes), AT_ONCE)), table.dtype)


def count(codes: np.ndarray, n: int) -> np.ndarray:
    """int64 (n,): how often each of 0 … n - 1 occurs in `codes`, int, none of them n or more."""
    counts = np.zeros(n, np.int64)
    for part in blocks(len(codes), AT_ONCE):
        counts += np.bincount(codes[part], minlength=n)
    return counts


def are_in(values: np.ndarray, among: np.ndarray) -> np.ndarray:
    """bool (n,): which of `values` (n,) occur in `among`: as `np.isin`, but `values` are looked up block by block and
    never sorted."""
    distinct, found = np.unique(among), np.zeros(len(values), np.bool_)
    for part in blocks(len(values), AT_ONCE) if len(distinct) else ():
        nearest = np.minimum(np.searchsorted(distinct, values[part]), len(distinct) - 1)
        found[part] = distinct[nearest] == values[part]
    return found


def _write(parts: Iterable[np.ndarray], dtype: np.dtype) -> np.ndarray:
    """Written, not mapped while it grows: a full disk is then an error, and no signal that ends the process."""
    lasting = Path("/var/tmp")
    folder = None if "TMPDIR" in os.environ or not os.access(lasting, os.W_OK | os.X_OK) else str(lasting)
    try:
        with tempfile.TemporaryFile(prefix="brittlestar-", dir=folder) as file:
            for part in parts:
                file.write(np.ascontiguousarray(part, dtype).data)
            file.flush()
            return np.asarray(np.memmap(file, dtype, "r"))
    except OSError as error:
        what = f"large data cannot be kept in a file ({error.strerror or error})"
        hint = "set TMPDIR to a folder with room: 4 bytes for each token of the data, three times"
        raise StoreError(what, folder or tempfile.gettempdir(), hint) from error
