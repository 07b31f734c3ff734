"""What a process that trains sets for itself: one thread, a heap that is not returned, private random state."""

import ctypes
import random
from collections.abc import Generator
from contextlib import contextmanager

import numpy as np
import torch

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


def load_optimisers() -> None:
    """Take one empty step of PyTorch's optimisers: it loads some 800 modules at the first, which takes every cell that
    uses one a second unless the process it is forked from has done it. No gradient is computed, so no thread is
    started."""
    parameter = torch.nn.Parameter(torch.zeros(1))
    parameter.grad = torch.zeros(1)
    for family in (torch.optim.Adam, torch.optim.AdamW, torch.optim.SGD):
        optimiser = family([parameter], lr=0.0)
        optimiser.step()
        optimiser.zero_grad()


def bf16_supported(device: str) -> bool:
    """Whether bf16 matrix products run in hardware on this device (`cpu` or `cuda`).

    Of CPUs, those that Linux says have AVX512-BF16 or AMX: elsewhere PyTorch's bf16 products were not measured."""
    if device == "cuda":
        return torch.cuda.is_available() and torch.cuda.is_bf16_supported()
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as handle:  # noqa: PTH123 - a kernel file
            flags = next((line for line in handle if line.startswith("flags")), "").split()
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


@contextmanager
def isolate_process(device: torch.device) -> Generator[None]:
    """One thread and private random state inside, everything as it was outside.

    Own code may draw from the global generators of Python, NumPy and PyTorch: inside they belong to the cell
    (`seed_frameworks`), and the caller's are put back untouched.
    """
    python_state, numpy_state = random.getstate(), np.random.get_state()
    threads = torch.get_num_threads()
    devices = [device] if device.type == "cuda" and torch.cuda.is_available() else []
    try:
        torch.set_num_threads(1)
        with torch.random.fork_rng(devices=devices):
            yield
    finally:
        torch.set_num_threads(threads)
        random.setstate(python_state)
        np.random.set_state(numpy_state)


def seed_frameworks(seed: int) -> None:
    """Seed the generators that own code may use unasked: Python's, NumPy's legacy one, PyTorch's on all devices."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
