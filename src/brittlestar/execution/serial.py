"""One job after another, in this very process."""

from __future__ import annotations

import contextlib
import io
import os
import traceback
from dataclasses import dataclass

from brittlestar.core.errors import BrittlestarError
from brittlestar.execution.jobs import Failed, Finished, Handler, Job, Lost, Progressed, Source, Started


@dataclass(frozen=True)
class Serial:
    """Runs jobs in this process: for debuggers, and where processes cannot be started.

    A crash of own code ends everything, and there is no timeout; see `Processes` for isolation.
    """

    width: int = 1

    def run(self, source: Source, handle: Handler) -> None:
        """Run every job of `source`."""
        while (job := source()) is not None:
            handle(Started(job, 1, os.getpid()))
            handle(self._one(job, handle))

    @staticmethod
    def _one(job: Job, handle: Handler) -> Finished | Failed | Lost:
        from brittlestar.execution.work import perform

        log = io.StringIO()
        try:
            with contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
                value = perform(job, lambda epoch, epochs: handle(Progressed(job, epoch, epochs)))
        except MemoryError as error:
            return Lost(job, 1, f"out of memory: {error}", log.getvalue(), final=True)
        except BrittlestarError as error:
            return Failed(job, 1, str(error), log.getvalue(), error)
        except Exception as error:  # own code may raise anything; the cell fails, the study goes on
            text = log.getvalue() + traceback.format_exc()
            return Failed(job, 1, f"{type(error).__name__}: {error}", text)
        return Finished(job, 1, value, log.getvalue())
