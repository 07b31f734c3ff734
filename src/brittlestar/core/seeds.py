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


def stream_seed(root: int, *names: str | int) -> int:
    """A 63-bit seed that depends on the root seed and the stream's names only (first 8 bytes of a SHA-256)."""
    text = "/".join(["brittlestar", str(int(root)), *(str(name) for name in names)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def generator(root: int, *names: str | int) -> np.random.Generator:
    """A fresh NumPy generator (PCG64) for one named stream of one root seed."""
    return np.random.Generator(np.random.PCG64(stream_seed(root, *names)))
