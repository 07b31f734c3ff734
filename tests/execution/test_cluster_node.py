"""What a node does with a job, and what is said of nodes that differ; without a cluster."""

import os
import socket
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from brittlestar.core.errors import InputError
from brittlestar.execution import ray_node
from brittlestar.execution.environment import environment
from brittlestar.execution.jobs import Failed, Run, ScoreJob, TrainJob
from brittlestar.execution.own_code import OwnCode
from brittlestar.execution.ray_checks import find_differences
from brittlestar.execution.ray_connection import check_address, find_address
from brittlestar.execution.ray_files import (
    carry,
    carry_weights,
    collect_returned,
    forget_run,
    list_inputs,
    place_job,
)
from brittlestar.execution.ray_node import Demand, NodeRefused, NodeReport, do_job
from brittlestar.execution.saving import save_end, save_returned
from brittlestar.store.cell_folder import damage
from brittlestar.store.layout import create_store
from tests.execution.tiny import cell, job

HERE: dict[str, Any] = {**environment(), "torch_cpu_capability": "AVX2", "torch_threads": 1, "cuda_device": None}


def report(host: str, **changed: Any) -> NodeReport:
    return NodeReport(host, {**HERE, **changed})


def told(*reports: NodeReport, device: str = "cpu") -> list[str]:
    return [f"{difference.where}: {difference.what}" for difference in find_differences(reports, device, HERE)]


def test_equal_nodes_have_no_differences() -> None:
    assert told(report("a"), report("b"), report("c")) == []


def test_each_difference_is_told_once_with_all_its_nodes() -> None:
    packages = {**HERE["packages"], "numpy": "9.9", "torch": None}
    found = told(report("b", python="2.7.18", packages=packages), report("a", packages=packages), report("c"))
    assert f"node a, b: numpy is 9.9, here {HERE['packages']['numpy']}" in found
    assert f"node b: python is 2.7.18, here {HERE['python']}" in found
    assert any(one.startswith("node a, b: torch is not installed, here") for one in found) and len(found) == 3


def test_processors_are_compared_with_one_another_and_gpus_where_they_train() -> None:
    odd = report("c", torch_cpu_capability="AVX512", cuda_device="H100")
    assert told(report("a"), report("b"), odd) == ["node c: torch_cpu_capability is AVX512, elsewhere AVX2"]
    assert "node c: cuda_device is H100, elsewhere None" in told(report("a"), report("b"), odd, device="cuda")


def test_a_node_that_joined_later_and_differs_begins_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_node, "describe_worker", lambda: HERE)
    (message,) = do_job(job(), OwnCode({}), Demand("cpu", "0" * 12), None, "run")
    assert isinstance(message, NodeRefused) and message.report.described == HERE


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files of a node."""
    (tmp_path / "node").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "node"))
    return tmp_path / "node"


def test_a_job_finds_its_files_on_a_node_and_what_it_writes_comes_back(tmp_path: Path, temporary: Path) -> None:
    store = create_store(tmp_path / "tiny.study")
    (store.backend.folder("data") / "train").mkdir()
    (store.data / "train" / "codes.npy").write_bytes(b"codes")
    (store.data / "empty").touch()
    (tmp_path / "table.txt").write_bytes(b"a 1 2")
    settings = {"model": {"embedding": {"table": "table.txt"}}, "training": {"device": "cpu"}}
    run = Run(str(store.root), "", str(tmp_path), environment_class="class")
    here = TrainJob(run, replace(cell(), settings=settings))
    carried = tuple(carry(*one) for one in list_inputs(here))
    sent = replace(here, run=replace(here.run, folder="", base="/nowhere"))
    for _ in range(2):
        with place_job(sent, "run", carried) as there:
            root = Path(there.run.folder)
            assert root.is_relative_to(temporary)
            assert (root / "data/train/codes.npy").read_bytes() == b"codes" and (
                root / "data/empty"
            ).read_bytes() == b""
            assert Path(there.run.base, there.run.tables["table.txt"]).read_bytes() == b"a 1 2"
            save_end(Failed(there, 1, "ValueError: odd", "printed\n"))
            returned = collect_returned(there)
        assert not root.exists()
    assert len([*(temporary / f"brittlestar-run-{os.getuid()}" / "run").iterdir()]) == 2, "files are kept twice"
    key = store.cell(cell().hash)
    for _ in range(2):  # a node that was believed lost may answer, too
        save_returned(here, returned)
    assert (
        [*returned] == [key] and damage(store, key) == [] and (store.path(key) / "log.txt").read_text() == "printed\n"
    )
    forget_run("run")
    assert [*(temporary / f"brittlestar-run-{os.getuid()}").iterdir()] == []


def test_weights_go_with_jobs_that_need_them(tmp_path: Path, temporary: Path) -> None:
    store = create_store(tmp_path / "tiny.study")
    for checkpoint in ("best", "last"):
        store.write(store.weights(cell().hash, checkpoint), checkpoint.encode())
    run = Run(str(store.root), "", "")
    for one, wanted in ((TrainJob(run, cell()), 0), (ScoreJob(run, cell(), ("test",), False), 2)):
        with place_job(one, "run", (carry_weights(one),)) as there:
            found = sorted(path.read_bytes() for path in Path(there.run.folder).rglob("weights-*"))
        assert found == [b"best", b"last"][:wanted] and collect_returned(there) == {}


def test_nobody_who_answers_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = f"127.0.0.1:{server.getsockname()[1]}"
        check_address(taken, "--address")
    with pytest.raises(InputError, match="does not answer: Connection refused"):
        check_address(taken, "--address")


def test_addresses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))
    assert find_address(None) is None and find_address("local") is None and find_address("h:1") == "h:1"
    with pytest.raises(InputError, match="no Ray cluster runs on this machine"):
        find_address("auto")
    (tmp_path / "ray").mkdir()
    (tmp_path / "ray" / "ray_current_cluster").write_text("h:2\n")
    assert find_address("auto") == "h:2"
    monkeypatch.setenv("RAY_ADDRESS", "h:3")
    assert find_address(None) == find_address("auto") == "h:3" and find_address("h:1") == "h:1"
    for wrong in ("ray://h:1", "h", "h:port", ":1"):
        with pytest.raises(InputError, match="is not the address of a Ray cluster"):
            find_address(wrong)
