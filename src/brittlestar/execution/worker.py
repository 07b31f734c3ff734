"""The whole life of a worker process: one job, one message with its result, and nothing left behind."""

import ctypes
import faulthandler
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from multiprocessing import forkserver
from multiprocessing.connection import Connection

from brittlestar.execution.descendants import descendants, kill_all, kill_own_tree
from brittlestar.execution.guarded import perform_guarded
from brittlestar.execution.jobs import Job

_PARENT_DEATH_SIGNAL = 1  # linux/prctl.h


def live(job: Job, channel: Connection, log: str, gpu: int) -> None:
    """Do `job`, one for cuda on this GPU, and print into the file `log`. Sends ("progress", epoch, epochs), and at last
    ("result", Result)."""
    end_with_the_run()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    descriptor = _open_log(log)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    faulthandler.enable(2)

    def progress(epoch: int, epochs: int) -> None:
        channel.send_bytes(pickle.dumps(("progress", epoch, epochs)))

    result = perform_guarded(job, progress, gpu)
    sys.stdout.flush()
    sys.stderr.flush()
    channel.send_bytes(pickle.dumps(("result", result), protocol=5))
    channel.close()
    kill_all(descendants([os.getpid()]))
    os._exit(0)  # threads that own code left behind are not waited for


def end_with_the_run() -> None:
    """See to it that this process ends when the run that started it does, however that ends.

    Linux kills it with its parent: the fork server, which ends with the run. Elsewhere a thread waits for the run's
    end.
    """
    try:
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    except (AttributeError, TypeError):  # this system has no `prctl`, or as Windows no library without a name
        threading.Thread(target=_await_the_end, daemon=True).start()
    _let_the_server_go()


def _await_the_end() -> None:
    run = multiprocessing.parent_process()
    if run is not None:
        run.join()
        kill_own_tree()


def _open_log(log: str) -> int:
    try:
        return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError:  # the disk for temporary files is full: what is printed is lost, the cell need not be
        return os.open(os.devnull, os.O_WRONLY)


def _let_the_server_go() -> None:
    """Close our end of the pipe by whose end the fork server knows that the run is gone: it would wait for us, and we
    end when it does. Only then a run that is killed takes its workers along."""
    server = getattr(forkserver, "_forkserver", None)
    descriptor = getattr(server, "_forkserver_alive_fd", None)
    if descriptor is not None:
        os.close(descriptor)
        setattr(server, "_forkserver_alive_fd", None)  # noqa: B010 - it is not in the type's list
