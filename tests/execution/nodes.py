"""A Ray cluster on one machine: a head without processors, and nodes of one each."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from brittlestar.core.processes import set_variables

REPOSITORY = Path(__file__).parents[2]


@contextmanager
def start_cluster(nodes: int, folder: Path | None = None) -> Generator[Any]:
    """The cluster, whose nodes import what this process does. Each has a temporary folder of its own below `folder`."""
    from ray.cluster_utils import Cluster

    paths = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
    wanted = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0", "PYTHONPATH": paths}
    with set_variables(wanted):
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
        try:
            for number in range(nodes):
                with set_variables({} if folder is None else {"TMPDIR": str(folder / f"node-{number}")}):
                    cluster.add_node(num_cpus=1)
            yield cluster
        finally:
            cluster.shutdown()


def kill_node(cluster: Any, raylet: int) -> None:
    """SIGKILL to all processes of the node whose raylet this is."""
    node = next(one for one in cluster.worker_nodes if one.all_processes["raylet"][0].process.pid == raylet)
    cluster.remove_node(node, allow_graceful=False)
