"""The pilot of a study on the GPUs of a cluster: one task, on a node that has one."""

from pathlib import Path
from typing import Any

from brittlestar.core.errors import BrittlestarError, format_error
from brittlestar.execution.gpu_gauge import open_gauge
from brittlestar.execution.gpu_pilot import GpuPilot, OpenGauge
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.own_code import collect_own_code
from brittlestar.execution.ray_connection import Connection
from brittlestar.execution.ray_node import measure_here
from brittlestar.execution.sharing import Sharing

_LOOK_EVERY = 0.2  # seconds: quicker than a person notices


def count_cores_per_gpu(connection: Connection) -> int:
    """How many jobs a GPU has processors for, on the node that has the most: each job asks for one."""
    nodes: list[dict[str, Any]] = [node["Resources"] for node in connection.open().nodes() if node["Alive"]]
    counts = [int(node.get("CPU", 0) // node["GPU"]) for node in nodes if node.get("GPU", 0) >= 1]
    return max([1, *counts])


def measure_on_a_node(
    connection: Connection, pilot: GpuPilot, interruption: Interruption, open_gauge: OpenGauge = open_gauge
) -> Sharing:
    """Run the pilot as a task that has a whole GPU. A node that is lost meanwhile, or a pilot that raises what no
    person is meant to read, leaves one run to a GPU. Raises InputError, StoreError, Interrupted."""
    ray = connection.open()
    code = collect_own_code(Path(pilot.site.search_path), pilot.cells)
    interruption.check()
    task = ray.remote(num_cpus=1, num_gpus=1, max_retries=0)(measure_here).remote(pilot, code, open_gauge)
    waiting = [task]
    try:
        while waiting:
            _, waiting = ray.wait(waiting, timeout=_LOOK_EVERY)
            interruption.check()
            connection.check()
        return ray.get(task)
    except ray.exceptions.RayError as error:
        cause = getattr(error, "cause", None) or error
        if isinstance(cause, BrittlestarError):
            raise cause from error
        return Sharing(1, f"the pilot was lost: {format_error(cause)}")
    finally:
        for one in waiting:  # never one that has just begun or ended: Ray 2.60 may abort this process
            ray.cancel(one)
