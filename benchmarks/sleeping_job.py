"""What nodes of `sleeping_cells.py` do with a job: all that they do with any, but for the process that would train."""

import os
import time
from functools import cache
from pathlib import Path

from many_cells import make_trained

from brittlestar.data.opening import open_data
from brittlestar.execution import ray_node
from brittlestar.execution.jobs import Finished, Progressed, Started

SECONDS = "SLEEPING_CELLS_SECONDS"
"""The environment variable that tells processes of nodes how long a run sleeps."""


class Sleeping:
    """In place of processes that train: a job sleeps, and is done."""

    def __init__(self, width, timeout, attempts):
        pass

    def run(self, source, handle, interruption):
        job = source()
        handle(Started(job, 1, os.getpid()))
        time.sleep(float(os.environ[SECONDS]))
        handle(Progressed(job, 1, 1))
        handle(Finished(job, 1, read_trained(job.run.store.data), ""))


@cache
def read_trained(data: Path):
    """A finished run, made once in each process of a node."""
    return make_trained(open_data(data))


def sleep_job(*given):
    """Takes the place of `do_job`."""
    ray_node.Processes = Sleeping
    yield from ray_node.do_job(*given)
