"""One job with everything that own code may do to it turned into a result; the same for every executor."""

import os
import sys
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from brittlestar.core.errors import BrittlestarError, shortage_of
from brittlestar.core.processes import ending_children
from brittlestar.execution.jobs import MOST_ATTEMPTS, Failed, Finished, Job, Lost, cells_of
from brittlestar.execution.places import describe_shortage

INSTALLED = Path(__file__).resolve().parents[2]
LONGEST_LOG = 1 << 20  # budget: 1 MiB a run
LONGEST_MESSAGE = 2000  # a message that a person reads


@dataclass(frozen=True)
class JobResult:
    """How a job ended in its process: `done` with a value; `memory`, `gpu-memory` or `failed` with what a person
    reads."""

    kind: Literal["done", "memory", "gpu-memory", "failed"]
    value: Any = None
    error: str = ""
    reported: BrittlestarError | None = None


def perform_guarded(job: Job, progress: Callable[[int, int], None], gpu: int = 0) -> JobResult:
    """Perform `job`, one for cuda on this GPU; tracebacks of own code go to standard error. Warnings are shown as in a
    fresh interpreter, so that a log does not depend on what else the process has done."""
    from brittlestar.execution.work import perform

    try:
        with ending_children("own code"), warnings.catch_warnings():
            warnings.showwarning = _show
            warnings.resetwarnings()
            for category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
                warnings.simplefilter("ignore", category)
            return JobResult("done", perform(job, progress, gpu))
    except BrittlestarError as error:
        cause = error.__cause__
        if cause is not None and (short := _lack_of_memory(cause)):
            return short
        if cause is not None:
            _print_traceback(cause)
        return JobResult("failed", error=_format_message(str(error)), reported=error)
    except (Exception, SystemExit) as error:  # own code may raise anything; the cell fails, the study goes on
        if short := _lack_of_memory(error):
            return short
        _print_traceback(error)
        return JobResult("failed", error=_format_message(f"{_own_place(job, error)}{type(error).__name__}: {error}"))


def _own_place(job: Job, error: BaseException) -> str:
    """`file:line: ` of the last line of own code that ran; empty where no variant is an own model."""
    from brittlestar.models.source import last_user_frame

    own = any(cell.settings["model"].get("own") for cell in cells_of(job))
    return f"{last_user_frame(error.__traceback__)}: " if own else ""


def _print_traceback(error: BaseException) -> None:
    """Print it with files of this package as `brittlestar/…`: a log does not depend on where it is installed."""
    text = "".join(traceback.format_exception(error))
    sys.stderr.write(text.replace(f"{INSTALLED}{os.sep}", ""))


def _show(message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: Any) -> None:
    sys.stderr.write(warnings.formatwarning(message, category, filename, lineno))


def _format_message(text: str) -> str:
    """A message that any file and terminal takes, and that nobody has to scroll through."""
    text = text if len(text) <= LONGEST_MESSAGE else f"{text[:LONGEST_MESSAGE]} …"
    return text.encode("utf-8", errors="backslashreplace").decode()


def _lack_of_memory(error: BaseException) -> JobResult | None:
    """The result of a job that found too little memory; what a GPU's allocator says of it goes to standard error."""
    shortage, text = shortage_of(error), _format_message(str(error))
    if shortage == "gpu":
        sys.stderr.write(f"{text}\n")
        return JobResult("gpu-memory", error=text)
    return None if shortage is None else JobResult("memory", error=text)


def ending(
    job: Job, attempt: int, result: JobResult, log: str, attempts: int = MOST_ATTEMPTS
) -> Finished | Failed | Lost:
    """The event that a result is, of a job that is done `attempts` times at most. Who lacked a GPU's memory is said to
    have been on the first."""
    if result.kind == "done":
        return Finished(job, attempt, result.value, log)
    if result.kind == "memory":
        reason = f"out of memory: {result.error}" if result.error else "out of memory"
        return Lost(job, attempt, reason, log, attempt >= attempts)
    if result.kind == "gpu-memory":
        return Lost(job, attempt, describe_shortage("GPU 0"), log, attempt >= attempts, on_gpu=True)
    return Failed(job, attempt, result.error, log, result.reported)


def read_log(handle: BinaryIO) -> str:
    """All that a job printed, or of more than a megabyte the first and the last half; no byte makes it fail."""
    size = handle.seek(0, 2)
    handle.seek(0)
    if size <= LONGEST_LOG:
        return handle.read().decode("utf-8", errors="replace")
    head = handle.read(LONGEST_LOG // 2)
    handle.seek(size - LONGEST_LOG // 2)
    left_out = f"\n[… {size - LONGEST_LOG:,} bytes left out …]\n"
    return head.decode("utf-8", errors="replace") + left_out + handle.read().decode("utf-8", errors="replace")
