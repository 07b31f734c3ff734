"""What holds for a process for a while: environment variables, and that nothing it forks comes back out of a block."""

import os
import sys
import traceback
from collections.abc import Generator, Mapping
from contextlib import contextmanager

CAME_BACK = 86
"""The exit code of such a child: chosen, no program's own."""


@contextmanager
def ending_children(what: str) -> Generator[None]:
    """End the process where it is another one at the end than at the beginning: `what` forked, and the child came
    back."""
    process = os.getpid()
    try:
        yield
    finally:
        if os.getpid() != process:
            if sys.exc_info()[0] is not None:
                traceback.print_exc()
            sys.stderr.write(f"{what} forked, and the child came back: it was ended. End it with os._exit(0).\n")
            sys.stderr.flush()
            os._exit(CAME_BACK)


@contextmanager
def set_variables(values: Mapping[str, str]) -> Generator[None]:
    """Set them for this process, and for those that it starts, until the block ends; then they are as before."""
    kept = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
