"""What a worker process of this machine computes with, asked of one that is started like any other."""

import multiprocessing
import os
from collections.abc import Callable
from functools import cache
from multiprocessing.connection import Connection
from typing import Any

from brittlestar.core.errors import StoreError
from brittlestar.execution.environment import environment, numeric_environment
from brittlestar.execution.server import start
from brittlestar.execution.worker import end_with_the_run
from brittlestar.training.process import isolate_process

_PATIENCE = 120.0  # seconds: PyTorch loads in two, from a slow disk in twenty


@cache
def describe_worker() -> dict[str, Any]:
    """The environment of a worker process here, versions and processor; asked once. Raises StoreError where none
    starts."""
    try:
        return ask_worker(_tell)
    except TimeoutError:
        raise StoreError("a worker process did not start in two minutes") from None
    except EOFError as error:
        raise StoreError("a worker process ended while it loaded PyTorch") from error


def ask_worker(tell: Callable[[Connection], None]) -> Any:
    """What `tell` sends from a new worker process, which then is ended. Raises TimeoutError where nothing comes in two
    minutes, EOFError where the process ended before."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = start(tell, sender)
    sender.close()
    try:
        if not receiver.poll(_PATIENCE):
            raise TimeoutError
        return receiver.recv()
    finally:
        process.kill()
        process.join()
        receiver.close()


def _tell(channel: Connection) -> None:
    end_with_the_run()
    with isolate_process():
        channel.send({**environment(), **numeric_environment()})
    channel.close()
    os._exit(0)
