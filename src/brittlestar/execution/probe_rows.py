"""The rows of a suite as a worker opens them: nothing but NumPy is needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from brittlestar.core.splits import EncodedSplit


def encoded(folder: Path) -> EncodedSplit:
    """The rows of the suite in `folder` as a split without labels."""
    offsets = np.load(folder / "offsets.npy", mmap_mode="r", allow_pickle=False)
    tokens = np.load(folder / "tokens.npy", mmap_mode="r", allow_pickle=False)
    return EncodedSplit(
        "probe", tokens, offsets, np.zeros(len(offsets) - 1, np.int32), {}, None, f"suite {folder.name}"
    )
