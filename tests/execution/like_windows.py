"""Takes away from this process what Windows lacks, before brittlestar is imported."""

import multiprocessing
import multiprocessing.context
import os
import platform
import signal
import subprocess  # noqa: F401 - Python's own modules find out by themselves what there is
import sys
from typing import Any

OF_SIGNAL = ("SIGHUP", "SIGKILL", "SIGVTALRM", "ITIMER_VIRTUAL", "ITIMER_REAL", "setitimer", "getitimer")
OF_OS = ("fork", "waitid", "P_ALL", "WEXITED", "WNOHANG", "WNOWAIT", "sched_getaffinity")

assert not any(name.startswith("brittlestar") for name in sys.modules)
absent: dict[str, Any] = {"fcntl": None, "resource": None}
sys.modules.update(absent)  # None: importing them raises ImportError
for place, names in ((signal, OF_SIGNAL), (os, OF_OS), (multiprocessing.context, ("ForkServerContext",))):
    for name in names:
        if hasattr(place, name):
            delattr(place, name)
multiprocessing.get_all_start_methods = lambda: ["spawn"]
platform.system = lambda: "Windows"
