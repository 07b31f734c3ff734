"""A study on a Ray cluster whose nodes share no folder: they write to a bucket, and one of them is killed."""

import threading
import time
from pathlib import Path

import pytest

from brittlestar.execution.ray_connection import Connection
from brittlestar.store.attempts import read_attempts
from brittlestar.store.layout import Store
from brittlestar.store.objects import Objects
from brittlestar.verbs.run import run
from tests.addresses.test_studies import compare_stores, study, whole  # noqa: F401 - fixtures
from tests.execution.nodes import kill_node, start_cluster

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def test_nodes_write_to_a_bucket_and_one_is_killed(bucket: str, study: str, whole: Path) -> None:  # noqa: F811
    address = f"{bucket}/tiny.study"
    with start_cluster(2) as cluster:
        raylet = cluster.list_all_nodes()[-1].all_processes["raylet"][0].process.pid

        def kill_when_begun() -> None:
            while not Objects(address).list("cells"):
                time.sleep(0.1)
            kill_node(cluster, raylet)

        killer = threading.Thread(target=kill_when_begun)
        killer.start()
        connection = Connection(cluster.address)
        try:
            result = run(study, out=address, executor="ray", address=cluster.address, progress=False)
        finally:
            killer.join()
            connection.close()
    assert result.exit_code == 0
    hosts = {line.get("host") for line in read_attempts(Store(address)) if line["event"] == "started"}
    assert hosts, "no attempt says where it ran"
    compare_stores(address, whole)
