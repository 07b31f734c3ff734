"""Runs that share the GPUs of a Ray cluster, on a node whose GPU is a number that it was told. Cells are of the CPU,
and the run takes them for cells of cuda (`trains_on_gpu`); nodes know nothing of that."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Event, Finished, Job, Lost, Started
from brittlestar.execution.ray_executor import Cluster, Connection
from tests.execution.nodes import start_cluster
from tests.execution.test_gpu_places import fitting_jobs
from tests.execution.tiny import forget, source

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    """A node without a GPU, and one of three processors that says it has one."""
    with start_cluster(1) as found:
        found.add_node(num_cpus=3, num_gpus=1)
        connection = Connection(found.address)
        connection.open()
        yield connection
        connection.close()


@pytest.fixture(autouse=True)
def _taken_for_cuda(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("brittlestar.execution.jobs.trains_on_gpu", lambda cell: True)
    yield
    forget("greedy")


def run_jobs(executor: Cluster, jobs: list[Job]) -> list[Event]:
    events: list[Event] = []
    executor.run(source(*jobs), events.append, Interruption())
    return events


def test_jobs_share_the_gpu_of_a_node(connection: Connection, tmp_path: Path) -> None:
    executor = Cluster(connection=connection, cells_per_gpu=2)
    assert executor.width == 2
    assert Cluster(connection=connection, cells_per_gpu=64).width == 4, "each run has a processor too"
    assert Cluster(connection=connection).width == 4
    events = run_jobs(executor, fitting_jobs(tmp_path, [1, 2, 3, 4]))
    at_work: Counter[int] = Counter()
    most = 0
    for event in events:
        assert not isinstance(event, Started) or event.gpu == 0
        at_work[event.job.cell.seed] = isinstance(event, Started)
        most = max(most, at_work.total())
    logs = [event.log for event in events if isinstance(event, Finished)]
    assert most <= 2 and logs == ["GPUs: 0\n"] * 4, "a training sees the GPU of its task alone"


def test_what_lacks_memory_beside_others_is_tried_again_with_a_whole_gpu(
    connection: Connection, tmp_path: Path
) -> None:
    executor = Cluster(connection=connection, cells_per_gpu=2)
    events = run_jobs(executor, fitting_jobs(tmp_path, [0, 1, 2, 3, 4]))
    first = [event for event in events if event.job.cell.seed == 0]
    assert [type(event) for event in first] == [Started, Lost, Started, Finished]
    lost = first[1]
    assert isinstance(lost, Lost) and not lost.final and lost.on_gpu
    assert lost.reason.startswith("out of memory on GPU 0 of ")
    assert events.index(first[3]) == events.index(first[2]) + 1, "another run was beside the one that is alone"
    assert sum(isinstance(event, Finished) for event in events) == 5
