"""What a node does with a job, and what is said of nodes that differ; without a cluster."""

import socket
from pathlib import Path
from typing import Any

import pytest

from brittlestar.core.errors import InputError
from brittlestar.execution import ray_node
from brittlestar.execution.environment import environment, environment_class
from brittlestar.execution.own_code import OwnCode
from brittlestar.execution.ray_checks import find_differences
from brittlestar.execution.ray_connection import check_address, find_address
from brittlestar.execution.ray_node import Demand, NodeRefused, NodeReport, do_job, read_mark
from tests.execution.tiny import job

HERE: dict[str, Any] = {**environment(), "torch_cpu_capability": "AVX2", "torch_threads": 1, "cuda_device": None}


def report(host: str, sees: bool = True, **changed: Any) -> NodeReport:
    return NodeReport(host, {**HERE, **changed}, sees)


def told(*reports: NodeReport, device: str = "cpu") -> list[str]:
    return [f"{one.where}: {one.what}" for one in find_differences(reports, device, "/s/a.study", HERE)]


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


def test_a_node_without_the_store_is_told() -> None:
    assert told(report("a", sees=False), report("b")) == ["node a: does not see the study's folder /s/a.study"]


@pytest.mark.parametrize(("same_class", "mark"), [(False, None), (True, "another store")])
def test_a_node_that_joined_later_and_differs_begins_nothing(
    monkeypatch: pytest.MonkeyPatch, same_class: bool, mark: str | None
) -> None:
    monkeypatch.setattr(ray_node, "describe_worker", lambda: HERE)
    monkeypatch.setattr(ray_node, "_LOOKS", 1)
    demand = Demand("cpu", environment_class(HERE, "cpu") if same_class else "0" * 12, mark)
    (message,) = do_job(job(), OwnCode({}), demand, None)
    assert isinstance(message, NodeRefused) and message.report.described == HERE
    assert message.report.sees_store == (mark is None)


def test_a_store_is_known_by_its_data(tmp_path: Path) -> None:
    site = job().site
    assert read_mark(site) is None
    for name in ("a", "b"):
        (tmp_path / name / "data").mkdir(parents=True)
        (tmp_path / name / "data" / "vocabulary.json").write_text(name)
    one, other = (type(site)(str(tmp_path / name), "", "") for name in ("a", "b"))
    assert read_mark(one) == read_mark(one) != read_mark(other)


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
