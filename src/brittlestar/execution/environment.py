"""What computes, and with how many processors: enough to say whether two cells may be compared bit by bit."""

import math
import os
import platform
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from brittlestar.core.hashing import digest
from brittlestar.training.process import has_torch

_OURS = ("brittlestar", "numpy", "scipy", "polars", "pydantic")
_PACKAGES = (*_OURS, "torch", "scikit-learn", "safetensors", "transformers")


def packages() -> dict[str, str]:
    """Versions of the packages that can touch a result, as installed."""
    found: dict[str, str] = {}
    for name in _PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def environment() -> dict[str, Any]:
    """Python, system, processors and packages of this process. No clock, host name or path."""
    return {
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "system": platform.system(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "packages": packages(),
    }


def numeric_environment() -> dict[str, Any]:
    """What PyTorch computes with in this process; imports it. Nothing where it is not installed."""
    if not has_torch():
        return {}
    import torch

    return {
        "torch_cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "torch_threads": torch.get_num_threads(),
        "cuda_device": torch.cuda.get_device_name(0) if torch.cuda.is_available() else None,
        "cuda": torch.version.cuda,
    }


def environment_class(described: Mapping[str, Any], device: str) -> str:
    """Twelve digits that are equal where a cell gives the same bytes: versions, processor, one thread and device."""
    named = ("python", "machine", "packages", "torch_cpu_capability", "torch_threads")
    kept = {key: described.get(key) for key in named}
    if device == "cuda":
        kept["cuda"] = [described.get("cuda_device"), described.get("cuda")]
    return digest(kept)[:12]


def usable_cores(control: Path = Path("/sys/fs/cgroup")) -> int:
    """Processors of this process's affinity, no more than the quota of its control group (a container's `--cpus`)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    quota = _quota(control)
    return cores if quota is None else max(1, min(cores, math.ceil(quota)))


def _quota(control: Path) -> float | None:
    try:
        limit, period = (control / "cpu.max").read_text(encoding="ascii").split()
        return int(limit) / int(period)
    except (OSError, ValueError):
        return None  # no control groups of Linux 4.5 or later, or `max`
