"""A process that looks at the memory of this machine's GPUs, by CUDA's own figures, while others compute on them."""

import multiprocessing
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

from brittlestar.core.errors import InputError, StoreError
from brittlestar.execution.server import start
from brittlestar.execution.worker import end_with_the_run
from brittlestar.training.missing_gpu import NO_GPU

_PATIENCE = 120.0  # seconds: PyTorch loads in two, from a slow disk in twenty, and each GPU takes one more
_LOOK_EVERY = 0.02  # seconds between two looks: PyTorch's allocator keeps what it has taken, so peaks last

ReadFree = Callable[[], tuple[int, ...]]
"""Returns the bytes that are free on each GPU now."""


@dataclass(frozen=True)
class ProcessGauge:
    """The gauge as the run sees it: `free[k]` bytes of GPU k were free when it began, with its own context in place."""

    free: tuple[int, ...]
    channel: Connection

    def take_most(self) -> int:
        """The most that was gone of the first GPU at any time since this was last asked, in bytes."""
        self.channel.send(None)
        return self.channel.recv()


@contextmanager
def open_gauge() -> Generator[ProcessGauge]:
    """Watch the first GPU in a process of its own until the block ends. Raises InputError where there is none,
    StoreError where the process does not start."""
    ours, theirs = multiprocessing.Pipe()
    process = start(_watch, theirs)
    theirs.close()
    try:
        try:
            free = ours.recv() if ours.poll(_PATIENCE) else None
        except EOFError:
            free = None
        if free is None:
            raise StoreError("a process that looks at the GPUs did not start", "", "is their driver at work?")
        if not free:
            raise InputError(*NO_GPU)
        yield ProcessGauge(free, ours)
    finally:
        process.kill()
        process.join()
        ours.close()


def count_gpus() -> int:
    """How many GPUs this machine lets PyTorch see. Raises InputError where there is none."""
    with open_gauge() as gauge:
        return len(gauge.free)


def _watch(channel: Connection) -> None:
    end_with_the_run()
    watch_memory(channel, _read_free)
    os._exit(0)


def watch_memory(channel: Connection, read: ReadFree, every: float = _LOOK_EVERY) -> None:
    """Send what is free on each GPU, then for each question the most that was gone of the first one since the question
    before, until the other end is closed."""
    first = read()
    channel.send(first)
    least = first[0] if first else 0
    try:
        while first:
            asked = channel.poll(every)
            now = read()[0]
            least = min(least, now)
            if asked:
                channel.recv()
                channel.send(first[0] - least)
                least = now
    except (EOFError, OSError):
        return


def _read_free() -> tuple[int, ...]:
    import torch

    if not torch.cuda.is_available():
        return ()
    return tuple(torch.cuda.mem_get_info(gpu)[0] for gpu in range(torch.cuda.device_count()))
