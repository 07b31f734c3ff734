"""Run one command and write what it spent, with every process that it started, as JSON [seconds, CPU seconds, GB].

    python timed.py FILE COMMAND…

A fork server outlives the command that started it by a moment, and nobody waits for it. On Linux this process adopts
it, waits, and counts its time and that of its workers; elsewhere the CPU seconds are null. A process of its own,
because it waits for every child that it has.
"""

import ctypes
import json
import os
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path

ADOPT = 36
"""PR_SET_CHILD_SUBREAPER of prctl(2): orphans among the descendants become children of this process."""


def adopts():
    """Whether this process now adopts orphans."""
    try:
        return ctypes.CDLL(None).prctl(ADOPT, 1) == 0
    except AttributeError:
        return False


def wait_for_orphans():
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def main():
    told, *command = sys.argv[1:]
    adopted = adopts()
    began = time.perf_counter()
    code = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
    seconds = time.perf_counter() - began
    wait_for_orphans()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime if adopted else None
    unit = 1 if platform.system() == "Darwin" else 1024
    Path(told).write_text(json.dumps([seconds, cpu, used.ru_maxrss * unit / 1e9]), encoding="ascii")
    return code


if __name__ == "__main__":
    sys.exit(main())
