"""How many GPUs this machine has, asked in a process of its own: whoever asks CUDA cannot fork any more."""

import multiprocessing
from multiprocessing.connection import Connection

from brittlestar.core.errors import InputError, StoreError
from brittlestar.execution.server import start
from brittlestar.training.missing_gpu import NO_GPU

_PATIENCE = 120.0  # seconds: PyTorch loads in two, from a slow disk in twenty


def count_gpus() -> int:
    """How many GPUs this machine lets PyTorch see. Raises InputError where there is none, StoreError where nobody
    answers."""
    ours, theirs = multiprocessing.Pipe()
    process = start(_send_count, theirs)
    theirs.close()
    try:
        found: int | None = ours.recv() if ours.poll(_PATIENCE) else None
    except EOFError:
        found = None
    finally:
        process.kill()
        process.join()
        ours.close()
    if found is None:
        raise StoreError("a process that looks at the GPUs did not start", "", "is their driver at work?")
    if not found:
        raise InputError(*NO_GPU)
    return found


def _send_count(channel: Connection) -> None:
    import torch

    channel.send(torch.cuda.device_count() if torch.cuda.is_available() else 0)
