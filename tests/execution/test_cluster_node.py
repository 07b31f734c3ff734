"""What a node does with a job, what is said of nodes that differ, and where a cluster is looked for; without one."""

import pickle
import socket
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from brittlestar.core.errors import InputError
from brittlestar.execution import ray_node
from brittlestar.execution.environment import environment
from brittlestar.execution.executors import find_address
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Event, Failed, Job, Run, Started, TrainJob
from brittlestar.execution.ray_executor import Connection
from brittlestar.execution.ray_node import do_job, read_files
from brittlestar.execution.saving import save_returned
from brittlestar.store.cell_folder import damage
from brittlestar.store.layout import create_store
from tests.execution.tiny import cell

HERE: dict[str, Any] = {**environment(), "torch_cpu_capability": "AVX2", "torch_threads": 1, "host": "a"}


def told(device: str = "cpu", **changed: Any) -> list[str]:
    """What is said of a node that joins one like this machine."""
    connection = Connection()
    connection.compare_node(HERE, device)
    try:
        connection.compare_node({**HERE, "host": "b", **changed}, device)
    except InputError as error:
        return [f"{problem.where}: {problem.what}" for problem in error.problems]
    return []


def test_versions_are_compared_with_this_machine_and_the_rest_with_the_first_node() -> None:
    assert told() == told(cores=999, cuda_device="H100") == []
    packages = {**HERE["packages"], "numpy": "9.9"}
    del packages["scipy"]
    assert told(python="2.7.18", packages=packages) == [
        f"node b: python is 2.7.18, here {HERE['python']}",
        f"node b: numpy is 9.9, here {HERE['packages']['numpy']}",
        f"node b: scipy is not there, here {HERE['packages']['scipy']}",
    ]
    assert told(torch_cpu_capability="AVX512") == ["node b: torch_cpu_capability is AVX512, on node a AVX2"]
    assert told("cuda", cuda_device="H100") == ["node b: cuda_device is H100, on node a not there"]


class Failing:
    """In place of processes that train: a job begins, looks at what it was given, and fails."""

    def __init__(self, *_: Any, **__: Any) -> None: ...

    def run(self, source: Callable[[], Job | None], handle: Callable[[Event], None], _: Interruption) -> None:
        job = source()
        assert isinstance(job, TrainJob)
        root = Path(job.run.folder)
        found = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
        handle(Started(job, 1, 7))
        handle(Failed(job, 1, "ValueError: odd", f"{found} {Path(job.run.tables['t.txt']).read_text()}"))


def test_a_job_finds_its_files_on_a_node_and_what_it_writes_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "node").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "node"))
    monkeypatch.setattr(ray_node, "describe_worker", lambda: HERE)
    monkeypatch.setattr(ray_node, "Processes", Failing)
    store = create_store(tmp_path / "tiny.study")
    (store.backend.folder("data") / "train").mkdir()
    (store.data / "train" / "codes.npy").write_bytes(b"codes")
    (store.data / "empty").touch()
    (tmp_path / "t.txt").write_bytes(b"a 1 2")
    here = TrainJob(Run(str(store.root), "", str(tmp_path), environment_class="class"), cell())
    there = replace(here, run=replace(here.run, folder="", tables={"t.txt": "tables/0/t.txt"}))
    inputs = read_files(store.data, "data"), read_files(tmp_path / "t.txt", "tables/0/t.txt")
    described, (started, _), (failed, files) = do_job(pickle.dumps((there, {}, None)), *inputs)
    assert described == {**HERE, "host": socket.gethostname()}
    assert isinstance(started, Started) and started.host == socket.gethostname() and failed.job != there
    assert [*(tmp_path / "node").iterdir()] == []
    for _ in range(2):  # a node that was believed lost may answer, too
        save_returned(here, files)
    key = store.cell(cell().hash)
    assert [*files] == [key] and damage(store, key) == []
    log = (store.path(key) / "log.txt").read_text()
    assert log == "['data/empty', 'data/train/codes.npy', 'tables/0/t.txt'] a 1 2"


def test_addresses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))
    assert find_address(None) == find_address("local") == "local"
    with pytest.raises(InputError, match="no Ray cluster runs on this machine"):
        find_address("auto")
    (tmp_path / "ray").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        here = f"127.0.0.1:{server.getsockname()[1]}"
        assert find_address(here) == here
        (tmp_path / "ray" / "ray_current_cluster").write_text(f"{here}\n")
        assert find_address("auto") == here
        (tmp_path / "ray" / "ray_current_cluster").write_text("nobody:2\n")
        monkeypatch.setenv("RAY_ADDRESS", here)
        assert find_address(None) == find_address("auto") == here
    with pytest.raises(InputError, match=f"{here} does not answer: Connection refused"):
        find_address(here)
    for wrong in ("ray://h:1", "h", "h:port", ":1"):
        with pytest.raises(InputError, match="is not the address of a Ray cluster"):
            find_address(wrong)
