"""Before anything runs on a cluster: its nodes compute as this machine's records say."""

import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from brittlestar.core.errors import InputError, Problem, format_error
from brittlestar.execution.environment import environment, environment_class
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Job, trains_on_gpu
from brittlestar.execution.ray_connection import Connection
from brittlestar.execution.ray_node import Demand, NodeReport, report_node

_PATIENCE = 180.0  # seconds for a node to load brittlestar and PyTorch
_LOOK_EVERY = 0.2  # seconds: quicker than a person notices
_PROCESSOR = ("torch_cpu_capability", "torch_threads")
_DEVICE = ("cuda_device", "cuda")


def check_nodes(connection: Connection, job: Job, interruption: Interruption) -> Demand:
    """Ask every node that computes what it is, and return what all agree on. Where there is none yet, wait for one: the
    task that waits is what an autoscaling cluster grows for. Raises InputError with the nodes that differ from this
    machine's versions or from each other, or lack brittlestar."""
    ray, device = connection.open(), job.cell.settings["training"]["device"]
    describe = ray.remote(max_retries=0)(report_node)
    place = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy
    on_gpu = trains_on_gpu(job.cell)
    needed = ("CPU", "GPU") if on_gpu else ("CPU",)  # a head without a GPU gets no job for cuda
    alive = [node for node in ray.nodes() if node["Alive"]]
    nodes = [node for node in alive if all(node["Resources"].get(name, 0) >= 1 for name in needed)]
    asked: dict[Any, str] = {}
    for node in nodes:
        there = describe.options(num_cpus=0, scheduling_strategy=place(node["NodeID"], soft=False))
        asked[there.remote()] = node["NodeManagerAddress"]
    reports, problems = _collect(connection, asked, _PATIENCE, interruption)
    while not reports and not problems:
        anywhere = describe.options(num_cpus=1, num_gpus=int(on_gpu))
        first = {anywhere.remote(): "that came first"}
        reports, problems = _collect(connection, first, math.inf, interruption)
    problems += find_differences(reports, device)
    if problems:
        raise InputError(problems)
    return Demand(device, environment_class(reports[0].described, device))


def _collect(
    connection: Connection, asked: Mapping[Any, str], patience: float, interruption: Interruption
) -> tuple[list[NodeReport], list[Problem]]:
    """What nodes answered, by task and name, and which could not. One that dies meanwhile is none any more."""
    ray, reports, problems = connection.open(), list[NodeReport](), list[Problem]()
    waiting, until = [*asked], time.monotonic() + patience
    try:
        while waiting and time.monotonic() < until:
            ready, waiting = ray.wait(waiting, timeout=_LOOK_EVERY)
            interruption.check()
            connection.check()
            for one in ready:
                try:
                    reports.append(ray.get(one))
                except ray.exceptions.RayTaskError as error:
                    what = f"brittlestar cannot work there: {format_error(getattr(error, 'cause', None) or error)}"
                    hint = "install brittlestar there, in the same version, for the same Python"
                    problems.append(Problem(what, f"node {asked[one]}", hint))
                except ray.exceptions.RayError:
                    continue
    finally:
        for one in waiting:
            ray.cancel(one, force=True)
    problems += [Problem(f"it did not answer within {patience:g} s", f"node {asked[one]}") for one in waiting]
    return reports, problems


def find_differences(
    reports: Sequence[NodeReport], device: str, here: Mapping[str, Any] | None = None
) -> list[Problem]:
    """What is wrong with nodes, each thing once with all hosts that it holds for. `here` describes this machine."""
    own = environment() if here is None else here
    found: dict[tuple[str, str], list[str]] = {}
    usual = {name: _most_common(reports, name) for name in (*_PROCESSOR, *(_DEVICE if device == "cuda" else ()))}
    for report in reports:
        for what in _different_versions(report.described, own):
            found.setdefault((what, "install the same versions on every node"), []).append(report.host)
        for name, value in usual.items():
            if report.described.get(name) != value:
                what = f"{name} is {report.described.get(name)}, elsewhere {value}"
                found.setdefault((what, "use nodes of one kind: results are equal bit by bit there"), []).append(
                    report.host
                )
    return [Problem(what, f"node {', '.join(sorted({*hosts}))}", hint) for (what, hint), hosts in found.items()]


def _different_versions(there: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[str]:
    for name in ("python", "machine"):
        if there.get(name) != here.get(name):
            yield f"{name} is {there.get(name)}, here {here.get(name)}"
    packages = {**here["packages"], **there["packages"]}
    for name in packages:
        one, other = there["packages"].get(name), here["packages"].get(name)
        if one != other:
            yield f"{name} is {one or 'not installed'}, here {other or 'not installed'}"


def _most_common(reports: Sequence[NodeReport], name: str) -> Any:
    counted = Counter(repr(report.described.get(name)) for report in reports)
    most = max(counted, key=lambda value: counted[value], default="")
    return next((report.described.get(name) for report in reports if repr(report.described.get(name)) == most), None)
