"""From one root seed to named, independent streams.

Every random choice of a cell draws from a stream that has a name, so that one source of variation can be held
while another varies. Nothing here reads or changes a global generator.
"""

import hashlib
from collections.abc import Iterable
from typing import Literal, get_args

import numpy as np

Stream = Literal["init", "order", "dropout", "split", "sampling"]
STREAMS: tuple[Stream, ...] = get_args(Stream)

FRESH = 1000
"""What asks again takes seeds from here on, or behind those that were looked at (convention)."""


def find_fresh(seen: Iterable[int]) -> int:
    """The first root seed that is fresh beside those that were seen."""
    return max(FRESH, 1 + max(seen))


def describe_gaps(seeds: Iterable[object]) -> str:
    """`seed 0 is missing: 1 to 4 are there`, of seeds that are numbered from 0 with gaps; empty of others, and without
    one."""
    there = sorted({seed for seed in seeds if isinstance(seed, int) and seed >= 0})
    if len(there) < 2 or there[-1] >= 2 * len(there):
        return ""
    gone = [seed for seed in range(there[-1]) if seed not in there]
    runs = [one for one in range(len(there)) if not one or there[one] != there[one - 1] + 1]
    ends = [*(one - 1 for one in runs[1:]), len(there) - 1]
    spans = [
        str(there[one]) if one == end else f"{there[one]} to {there[end]}" for one, end in zip(runs, ends, strict=True)
    ]
    named = f"seed{'s' * (len(gone) > 1)} {', '.join(map(str, gone))} {'are' if len(gone) > 1 else 'is'} missing"
    return f"{named}: {' and '.join(spans)} {'are' if len(there) > 1 else 'is'} there" if gone else ""


def stream_seed(root: int, *names: str | int) -> int:
    """A 63-bit seed that depends on the root seed and the stream's names only (first 8 bytes of a SHA-256)."""
    text = "/".join(["brittlestar", str(int(root)), *(str(name) for name in names)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def generator(root: int, *names: str | int) -> np.random.Generator:
    """A fresh NumPy generator (PCG64) for one named stream of one root seed."""
    return np.random.Generator(np.random.PCG64(stream_seed(root, *names)))
