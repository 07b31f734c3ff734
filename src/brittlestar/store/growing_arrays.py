"""Arrays on disk that are written in parts: NumPy's format, whose header leaves room for a first axis that grows; and
the rows of a suite as a worker opens them. Nothing but NumPy is needed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import write_array_header_1_0

from brittlestar.core.splits import EncodedSplit

SMALL = 1 << 22  # files of so many bytes are read


class Growing:
    """A file NAME.npy of one dimension, for `with`: its header says in the end how long it is. Raises OSError."""

    def __init__(self, path: Path, kind: type[np.generic]) -> None:
        self._kind = np.dtype(kind)
        self._rows = 0
        self._file = path.open("wb")

    def __enter__(self) -> Growing:
        self._header()
        return self

    def append(self, values: np.ndarray) -> None:
        """Write `values` (n,) behind those that are there."""
        if len(values):
            self._file.write(np.ascontiguousarray(values, self._kind).data)
            self._rows += len(values)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._file:
            if kind is None:
                self._file.seek(0)
                self._header()

    def _header(self) -> None:
        told: dict[str, Any] = {"descr": self._kind.str, "fortran_order": False, "shape": (self._rows,)}
        write_array_header_1_0(self._file, told)


def map_array(path: Path) -> np.ndarray:
    """The array as a memory map that cannot be written; what is small is read, since every map keeps a file open."""
    if path.stat().st_size <= SMALL:
        values = np.load(path, allow_pickle=False)
        values.flags.writeable = False
        return values
    return np.load(path, mmap_mode="r", allow_pickle=False)


ROWS = 1 << 16  # rows that are scored together: memory does not grow with a suite
STRINGS = 1 << 12  # rows of strings that are asked together
NAME = "probe"


def encode_suite(folder: Path, rows: int = ROWS) -> Iterator[EncodedSplit]:
    """The rows of the suite in `folder`, `rows` at a time, each part a split without labels."""
    offsets, tokens = map_array(folder / "offsets.npy"), map_array(folder / "tokens.npy")
    for start in range(0, len(offsets) - 1, rows):
        own = offsets[start : start + rows + 1]
        part = tokens[own[0] : own[-1]]
        named = f"suite {folder.name} from {start}"
        yield EncodedSplit(part, own - own[0], NAME, np.zeros(len(own) - 1, np.int32), {}, None, named)


def suite_strings(folder: Path, rows: int = STRINGS) -> Iterator[list[list[str]]]:
    """The rows of the suite in `folder` with tokens as they were written, `rows` at a time."""
    offsets, codes = map_array(folder / "offsets.npy"), map_array(folder / "codes.npy")
    names = np.array([*json.loads((folder / "suite.json").read_bytes())["lexicon"], ""], dtype=object)
    for start in range(0, len(offsets) - 1, rows):
        own = offsets[start : start + rows + 1]
        words = names[codes[own[0] : own[-1]]].tolist()
        yield [words[one - own[0] : other - own[0]] for one, other in pairwise(own.tolist())]
