"""The rows of a suite as a worker opens them: nothing but NumPy is needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from brittlestar.core.splits import EncodedSplit
from brittlestar.store.growing_arrays import map_array

ROWS = 1 << 16
"""Rows that are scored together: memory does not grow with a suite."""
NAME = "probe"


def encode_suite(folder: Path, rows: int = ROWS) -> Iterator[EncodedSplit]:
    """The rows of the suite in `folder`, `rows` at a time, each part a split without labels."""
    offsets, tokens = map_array(folder / "offsets.npy"), map_array(folder / "tokens.npy")
    for start in range(0, len(offsets) - 1, rows):
        own = offsets[start : start + rows + 1]
        part = tokens[own[0] : own[-1]]
        named = f"suite {folder.name} from {start}"
        yield EncodedSplit(part, own - own[0], NAME, np.zeros(len(own) - 1, np.int32), {}, None, named)
