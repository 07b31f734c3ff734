"""What the driver of a large study on a Ray cluster costs, by runs that sleep.

    python benchmarks/sleeping_cells.py [--cells 1000 4000] [--seconds 0.05] [--nodes 3] [--places 4]

For each number of runs a study is set up and trained on a cluster of nodes of this machine. Jobs, messages, records and
the store are those of any run; the process that would train on a node is replaced by a sleep and a finished run of few
rows. Counted is from the moment when every place of the cluster has given a run, since processes of nodes load PyTorch
first: runs per second; processor seconds of the driver (this process) per second by the clock, and per run; and the
most memory that it ever took. Nodes share the cores with the driver, so runs per second are those of this machine; the
driver's cost per run is its own. It should not grow with the number of runs.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from contextlib import ExitStack, chdir
from pathlib import Path
from unittest.mock import patch

from machine import HERE, heading, text_table
from many_cells import run_command, write_study
from sleeping_job import SECONDS, sleep_job

from brittlestar.core.processes import set_variables
from brittlestar.execution import ray_executor
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Finished, SilentWatcher
from brittlestar.execution.ray_executor import Cluster, Connection
from brittlestar.execution.resuming import resume
from brittlestar.execution.session import train_missing
from brittlestar.store.layout import Store


class Clock(SilentWatcher):
    """Notes clock and processor time when `first` runs are done, and when the last one is."""

    def __init__(self, first):
        self.first, self.marks = first, {}

    def on_event(self, event, done, total, seconds_left):
        if isinstance(event, Finished) and done in (self.first, total):
            self.marks[done] = time.perf_counter(), time.process_time()


def train(executor, place, first):
    """Runs counted, seconds by the clock and of this process. Raises RuntimeError where one is not done."""
    run, cells = resume(Store(Path(place)))
    clock = Clock(first)
    ended = train_missing(run, cells, cells[0].variant, executor, clock, Interruption())
    if ended is not None or len(clock.marks) < 2:
        raise RuntimeError(f"not all runs are done: {ended}")
    (began, used_before), (end, used) = clock.marks.values()
    return len(cells) - first, end - began, used - used_before


def start_nodes(stack, nodes, places, seconds):
    """A cluster of this machine whose processes import what this one does."""
    from ray.cluster_utils import Cluster as Nodes

    paths = os.pathsep.join([str(HERE.parent / "src"), str(HERE)])
    variables = {"RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": paths, SECONDS: str(seconds)}
    with set_variables(variables):
        cluster = Nodes(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
        stack.callback(cluster.shutdown)
        for _ in range(nodes):
            cluster.add_node(num_cpus=places)
    return cluster.address


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=int, nargs="+", default=[1000, 4000])
    parser.add_argument("--seconds", type=float, default=0.05)
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--places", type=int, default=4)
    options = parser.parse_args(argv)
    width = options.nodes * options.places
    print(heading(f"runs that sleep {options.seconds:g} s on {options.nodes} nodes of {options.places} places"))
    rows = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="brittlestar-")))
        stack.enter_context(chdir(folder))
        run_command("generate", "spr", "data", "--sizes", "60/20/20")
        connection = Connection(start_nodes(stack, options.nodes, options.places, options.seconds))
        stack.callback(connection.close)
        stack.enter_context(patch.object(ray_executor, "do_job", sleep_job))
        for cells in options.cells:
            write_study(folder, cells)
            place = str(folder / f"{cells}.study")
            run_command("run", "study.yaml", "--out", place, "--budget", "0.001s")
            counted = train(Cluster(connection=connection), place, width)
            rows.append(describe(cells, *counted))
            print(f"  {cells:,} runs: {counted[1]:.1f} s", file=sys.stderr, flush=True)
    print(text_table(HEADINGS, rows))
    return 0


HEADINGS = ["runs", "runs a second", "driver's cores", "its ms a run", "its MB"]


def describe(cells, counted, seconds, cpu):
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        f"{cells:,}",
        f"{counted / seconds:.1f}",
        f"{cpu / seconds:.2f}",
        f"{1000 * cpu / counted:.2f}",
        f"{memory:.0f}",
    ]


if __name__ == "__main__":
    sys.exit(main())
