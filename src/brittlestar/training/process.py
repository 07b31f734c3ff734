"""What a process that trains sets for itself: one thread, a heap that is not returned, private random state."""

import ctypes
import random
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec

import numpy as np

_M_TRIM_THRESHOLD = -1  # malloc.h of the GNU C library
_M_MMAP_THRESHOLD = -3  # malloc.h of the GNU C library
_KEEP = 512 << 20  # budget: memory that a worker keeps between steps


def keep_memory() -> None:
    """Raise glibc's trim and mmap thresholds, so that each step reuses the last one's pages instead of faulting them
    in again. Does nothing outside glibc; call it only in a process that exists to train."""
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return
    mallopt(_M_MMAP_THRESHOLD, _KEEP)
    mallopt(_M_TRIM_THRESHOLD, _KEEP)


def has_torch() -> bool:
    """Whether PyTorch is installed: fit functions and estimators do without it."""
    return find_spec("torch") is not None


@contextmanager
def isolate_process(kind: str = "cpu", gpu: int = 0) -> Generator[str]:
    """One thread and private random state inside, everything as it was outside; the name of the device, which is the
    GPU with this number where `kind` is cuda.

    Own code may draw from the global generators of Python, NumPy and PyTorch: inside they belong to the cell
    (`seed_frameworks`), and the caller's are put back untouched.
    """
    python_state, numpy_state = random.getstate(), np.random.get_state()
    try:
        if has_torch():
            from brittlestar.training.torch_process import isolate_torch

            with isolate_torch(kind, gpu) as device:
                yield device
        else:
            yield kind
    finally:
        random.setstate(python_state)
        np.random.set_state(numpy_state)


def seed_frameworks(seed: int) -> None:
    """Seed the generators that own code may use unasked: Python's, NumPy's legacy one, PyTorch's on all devices."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    if has_torch():
        import torch

        torch.manual_seed(seed)
