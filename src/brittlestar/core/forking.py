"""A fork inside own code whose child comes back out of it: two processes would go on with one run."""

import os
import sys
import traceback
from collections.abc import Generator
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
