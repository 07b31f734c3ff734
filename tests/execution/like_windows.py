"""Takes away from this process what Windows lacks, before brittlestar is imported; and from those that it starts.

Libraries that are imported first keep what they have: what they do there, their builds for Windows do in other ways.
With WITHOUT_TORCH in the environment PyTorch is not installed either, which is quicker.
"""

import ctypes
import errno
import fcntl
import importlib.util
import multiprocessing
import multiprocessing.context
import multiprocessing.forkserver
import os
import platform
import signal
import subprocess  # noqa: F401 - Python's own modules find out by themselves what there is
import sys
from multiprocessing import popen_spawn_posix, spawn  # noqa: F401
from pathlib import Path
from types import ModuleType
from typing import Any

import filelock  # noqa: F401
import numpy as np  # noqa: F401
import polars as pl  # noqa: F401
import psutil  # noqa: F401

OF_SIGNAL = """
ITIMER_PROF ITIMER_REAL ITIMER_VIRTUAL SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGPROF SIGQUIT SIGSTOP SIGTSTP
SIGUSR1 SIGUSR2 SIGVTALRM SIGXCPU SIGXFSZ SIG_BLOCK SIG_SETMASK SIG_UNBLOCK alarm getitimer pause pthread_kill
pthread_sigmask setitimer siginterrupt sigpending sigtimedwait sigwait
"""
OF_OS = """
O_CLOEXEC O_DIRECTORY O_NOFOLLOW O_NONBLOCK P_ALL P_PID WEXITED WNOHANG WNOWAIT chown chroot confstr ctermid fchdir
fchmod fchown fork forkpty getegid geteuid getgid getgroups getloadavg getpgid getpgrp getpriority getresuid getsid
getuid killpg lchown lockf mkfifo mknod nice openpty pathconf posix_fallocate posix_spawn pread pwrite register_at_fork
sched_getaffinity sched_setaffinity sendfile setegid seteuid setgid setpgid setpriority setsid setuid statvfs sync
sysconf tcgetpgrp ttyname uname wait wait3 wait4 waitid
"""
ABSENT = ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty")

if "WITHOUT_TORCH" in os.environ:
    _known = importlib.util.find_spec
    importlib.util.find_spec = lambda name, package=None: None if name == "torch" else _known(name, package)
else:
    import torch  # noqa: F401

assert not any(name.startswith("brittlestar") for name in sys.modules)
for place, names in ((signal, OF_SIGNAL.split()), (os, OF_OS.split())):
    whole = ModuleType(place.__name__)
    vars(whole).update(vars(place))
    for module in [*sys.modules.values()]:
        if module is not sys.modules[__name__] and vars(module).get(place.__name__) is place:
            vars(module)[place.__name__] = whole
    for name in names:
        if hasattr(place, name):
            delattr(place, name)
absent: dict[str, Any] = dict.fromkeys(ABSENT)
sys.modules.update(absent)  # None: importing them raises ImportError
del multiprocessing.context.ForkServerContext
multiprocessing.get_all_start_methods = lambda: ["spawn"]
platform.system = lambda: "Windows"

_open, _fsync, _command = os.open, os.fsync, spawn.get_command_line


class _Library(ctypes.CDLL):
    """A library, which has a name."""

    def __init__(self, name: Any, *arguments: Any, **options: Any) -> None:
        if name is None:
            raise TypeError("LoadLibrary() argument 1 must be str, not None")
        super().__init__(name, *arguments, **options)


def _open_file(path: Any, flags: int, *mode: int, **options: Any) -> int:
    """Open what is no folder."""
    if Path(path).is_dir():
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    return _open(path, flags, *mode, **options)


def _flush(descriptor: int) -> None:
    """Flush what is open for writing."""
    if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    _fsync(descriptor)


def _start_alike(**options: Any) -> list[str]:
    """The command of a process that lacks the same."""
    *first, code, last = _command(**options)
    return [*first, f"import {__name__}; {code}", last]


ctypes.CDLL = _Library  # type: ignore[misc]  # pyright: ignore
os.open, os.fsync, spawn.get_command_line = _open_file, _flush, _start_alike
