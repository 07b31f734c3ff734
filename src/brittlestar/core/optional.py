"""The helpers for what may not be installed: optional dependencies, and modules of Python that some systems lack."""

import importlib
from typing import Any

from brittlestar.core.errors import MissingExtraError

NO_GPU = ("no CUDA device is available", "training.device", "use cpu, or install a CUDA build of PyTorch")
"""What is wrong where a study for cuda finds no GPU, where, and what to try."""


def require(module: str, extra: str) -> Any:
    """Import `module`, or raise MissingExtraError whose hint is the line that installs `brittlestar[extra]`."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        if error.name is not None and error.name.split(".")[0] != module.split(".")[0]:
            raise
        raise MissingExtraError(
            f"{module.split('.')[0]} is not installed", hint=f"pip install 'brittlestar[{extra}]'"
        ) from error


def import_if_present(module: str) -> Any | None:
    """Import a module of the standard library that some systems lack (`fcntl` is absent on Windows); None there."""
    try:
        return importlib.import_module(module)
    except ImportError:
        return None
