"""How many processors this process may use."""

from __future__ import annotations

import math
import os
from pathlib import Path


def usable_cores(control: Path = Path("/sys/fs/cgroup")) -> int:
    """Processors of this process's affinity, no more than the quota of its control group (a container's `--cpus`)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    quota = _quota(control)
    return cores if quota is None else max(1, min(cores, math.ceil(quota)))


def _quota(control: Path) -> float | None:
    try:
        if (control / "cpu.max").is_file():
            limit, period = (control / "cpu.max").read_text(encoding="ascii").split()
        else:
            limit = (control / "cpu" / "cpu.cfs_quota_us").read_text(encoding="ascii")
            period = (control / "cpu" / "cpu.cfs_period_us").read_text(encoding="ascii")
        return int(limit) / int(period) if int(limit) > 0 else None
    except (OSError, ValueError):
        return None  # no control groups, or `max`
