"""Studies on a Ray cluster of three nodes on this machine: the promises of one machine are kept."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from brittlestar.core.errors import InputError
from brittlestar.execution import jobs, ray_executor
from brittlestar.execution.environment import environment
from brittlestar.execution.executors import ExecutorName
from brittlestar.execution.ray_executor import Cluster, Connection
from brittlestar.verbs.probe import probe
from brittlestar.verbs.run import run
from tests.conformance.executor_conformance import executor_conformance
from tests.execution.nodes import kill_node, start_cluster
from tests.execution.tiny import attempts, contents, finished, forget, write_split, write_study
from tests.test_transcripts import run_page
from tests.transcript import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

OWN = """
import os, pathlib, subprocess, time

HERE = pathlib.Path(__file__).parent

def fit(train, dev, seed):
    print(f"seed {seed} begins")
    if seed == 1 and not (HERE / "begun").exists():
        sleeper = subprocess.Popen(["sleep", "600"])
        (HERE / "part").write_text(f"{os.environ['RAY_RAYLET_PID']} {sleeper.pid}")
        (HERE / "part").rename(HERE / "begun")
        time.sleep(600)
    return lambda rows: [[0.5, 0.5] for _ in rows]
"""
COMMAND = [sys.executable, "-c", "import sys; from brittlestar.cli import main; sys.exit(main())"]
STUDY = "name: own\ndata: {path: data}\nmodel: {own: 'own:fit'}\nseeds: 3\nvariants: {}\n"


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each node has a folder of its own for temporary files."""
    folder = tmp_path_factory.mktemp("nodes")
    for number in range(2):
        (folder / f"node-{number}").mkdir()
    return folder


@pytest.fixture(scope="module")
def cluster(temporary: Path) -> Iterator[Any]:
    """One for all tests here; each connects anew, since a connection carries own code."""
    with start_cluster(2, temporary) as found:
        yield found


@pytest.fixture
def executor(cluster: Any) -> Iterator[Cluster]:
    found = Cluster(connection=Connection(cluster.address))
    yield found
    found.close()


@pytest.fixture
def own_study(tmp_path: Path) -> Path:
    """Three seeds, of which the second begins, says on which node, and does not end the first time."""
    path = write_study(tmp_path)
    path.write_text(STUDY, encoding="utf-8")
    (tmp_path / "own.py").write_text(OWN, encoding="utf-8")
    return path


def when_begun(folder: Path, act: Callable[[int], None]) -> threading.Thread:
    """Call `act` with the raylet of the training that does not end, once it has begun."""

    def wait() -> None:
        until = time.monotonic() + 60
        while not (folder / "begun").exists():
            if time.monotonic() > until:
                return
            time.sleep(0.05)
        act(int((folder / "begun").read_text().split()[0]))

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


def is_gone(process: int) -> bool:
    """Whether a process ends at all."""
    until = time.monotonic() + 120
    while Path(f"/proc/{process}").exists() and "Z" not in Path(f"/proc/{process}/stat").read_text().split()[2]:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


PLAIN = """
import os, pathlib

def fit(train, dev, seed):
    there = pathlib.Path(os.environ.get("TMPDIR", "/tmp"))
    kept = len([*there.glob("brittlestar-*/data")])
    (pathlib.Path(__file__).parent / f"seed-{seed}").write_text(f"{there} {kept}")
    return lambda rows: [[0.5, 0.5] for _ in rows]
"""


@pytest.fixture
def ran(cluster: Any, own_study: Path, no_report: None) -> Path:
    """The folder of a study that ran in this process, `serial`, and on the cluster, `ray`."""
    (own_study.parent / "own.py").write_text(PLAIN, encoding="utf-8")
    options: dict[str, Any] = {"settings": {"probes.suite": "none"}, "progress": False}
    run(own_study, out=own_study.with_name("serial"), executor="serial", **options)
    run(own_study, out=own_study.with_name("ray"), executor="ray", address=cluster.address, **options)
    return own_study.parent


def test_a_study_runs_on_a_cluster_as_on_one_machine(ran: Path) -> None:
    serial, ray = (contents(ran / name) for name in ("serial", "ray"))
    assert serial.keys() == ray.keys() and [name for name in serial if serial[name] != ray[name]] == []


def test_nodes_have_folders_of_their_own_which_nothing_is_left_in(ran: Path, temporary: Path) -> None:
    nodes = {Path((ran / f"seed-{seed}").read_text().split()[0]) for seed in range(3)}
    assert nodes and all(node.parent == temporary for node in nodes)
    assert all((ran / f"seed-{seed}").read_text().endswith(" 1") for seed in range(3)), "not trained there"
    assert [*temporary.glob("node-*/brittlestar-*")] == []


def test_own_code_reaches_nodes_that_do_not_see_its_folder(
    cluster: Any, own_study: Path, no_report: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "def fit(train, dev, seed):\n    print(__file__)\n    return lambda rows: [[0.5, 0.5] for _ in rows]\n"
    (own_study.parent / "own.py").write_text(code, encoding="utf-8")
    collect, absolute = Connection.collect_code, jobs.make_absolute
    monkeypatch.setattr(jobs, "make_absolute", lambda run: replace(absolute(run), search_path="/nowhere"))
    here = {"search_path": str(own_study.parent)}
    monkeypatch.setattr(
        Connection, "collect_code", lambda self, job: collect(self, replace(job, run=replace(job.run, **here)))
    )
    store = own_study.with_name("own.study")
    done = run(own_study, out=store, executor="ray", address=cluster.address, progress=False)
    logs = [path.read_text() for path in (store / "cells").glob("*/log.txt")]
    assert done.exit_code == 0 and len(logs) == 3
    assert all("working_dir_files" in log and log.endswith("own.py\n") for log in logs)


def test_it_sits_the_exam(executor: Cluster) -> None:
    forget("executor_exam")
    executor_conformance(executor)
    assert executor.width == 2


def test_the_same_study_has_the_same_bytes_as_on_one_machine(cluster: Any, tmp_path: Path) -> None:
    study = write_study(tmp_path, seeds=2)
    ways: dict[ExecutorName, dict[str, Any]] = {"serial": {}, "ray": {"address": cluster.address}}
    write_split(tmp_path, "shift_new", seed=1)
    for name, options in ways.items():
        (tmp_path / name).mkdir()
        done = run(study, out=tmp_path / name / "tiny.study", executor=name, progress=False, **options)
        assert done.exit_code == 0
        splits = {"shift_new": tmp_path / "shift_new.csv"}
        probe(tmp_path / name / "tiny.study", splits=splits, executor=name, progress=False, **options)
    serial, ray = (contents(tmp_path / name / "tiny.study", report=False) for name in ways)
    assert sorted(serial.keys() ^ ray.keys()) == []
    assert [name for name in serial if serial[name] != ray[name]] == []
    documents = [json.loads((tmp_path / name / "tiny.study/report/results.json").read_bytes()) for name in ways]
    for document in documents:
        document.pop("timing", None)
    assert documents[0] == documents[1]


def test_a_node_that_is_killed_costs_the_tries_that_ran_there(cluster: Any, own_study: Path, no_report: None) -> None:
    folder, store = own_study.parent, own_study.with_name("own.study")
    killer = when_begun(folder, lambda raylet: kill_node(cluster, raylet))
    done = run(own_study, out=store, executor="ray", address=cluster.address, progress=False)
    killer.join()
    cluster.add_node(num_cpus=1)  # in this thread: Ray takes signals when a node begins
    os.kill(int((folder / "begun").read_text().split()[1]), signal.SIGKILL)  # nobody is left there who would
    assert [cell.state for cell in done.record.cells] == ["done"] * 3 and done.exit_code == 0
    lines = attempts(store)
    retried = [line for line in lines if line["event"] == "retried"]
    assert [(line["seed"], line["attempt"]) for line in retried] == [(1, 1)]
    assert "died" in retried[0]["reason"] or "ended" in retried[0]["reason"]
    once = [line["seed"] for line in lines if line["event"] == "started"]
    assert sorted(once) == [0, 1, 1, 2]
    assert contents(store)[f"cells/{retried[0]['cell']}/log.txt"] == b"seed 1 begins\n"


def test_a_training_that_hangs_is_timed_out(cluster: Any, own_study: Path, no_report: None) -> None:
    store = own_study.with_name("own.study")
    done = run(own_study, out=store, executor="ray", address=cluster.address, timeout=10.0, progress=False)
    assert [cell.state for cell in done.record.cells] == ["done", "failed", "done"] and done.exit_code == 1
    assert "timed out: not done within 10 s" in str(done.record.cells[1].error)
    assert is_gone(int((own_study.parent / "begun").read_text().split()[1]))
    log = next(
        path
        for path in (store / "cells").glob("*/log.txt")
        if "failed" in str(json.loads(path.with_name("outcome.json").read_bytes())["state"])
    )
    assert log.read_text() == "seed 1 begins\n"


def test_ctrl_c_ends_what_runs_and_keeps_what_is_done(cluster: Any, own_study: Path, no_report: None) -> None:
    store = own_study.with_name("own.study")

    def stop(_: int) -> None:
        until = time.monotonic() + 60
        while len(finished(store)) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    stopper = when_begun(own_study.parent, stop)
    with pytest.raises(KeyboardInterrupt, match="stopped by SIGINT"):
        run(own_study, out=store, executor="ray", address=cluster.address, progress=False)
    stopper.join()
    assert len(finished(store)) == 2
    assert is_gone(int((own_study.parent / "begun").read_text().split()[1]))
    again = run(store, executor="ray", address=cluster.address, progress=False)
    assert again.exit_code == 0
    assert sorted(line["seed"] for line in attempts(store) if line["event"] == "started") == [0, 1, 1, 2]


def test_other_versions_are_refused_before_anything_runs(
    cluster: Any, own_study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = environment()
    other = {**here, "packages": {**here["packages"], "numpy": "0.1"}}
    monkeypatch.setattr(ray_executor, "environment", lambda: other)
    store = own_study.with_name("own.study")
    with pytest.raises(InputError) as refused:
        run(own_study, out=store, executor="ray", address=cluster.address, progress=False)
    problem = refused.value.problems[0]
    assert problem.what == f"numpy is {here['packages']['numpy']}, here 0.1" and problem.where.startswith("node ")
    assert not store.exists()


def test_a_driver_that_is_killed_and_begun_again_trains_nothing_twice(cluster: Any, own_study: Path) -> None:
    store = own_study.with_name("own.study")
    asked = [*COMMAND, "run", str(own_study), "--out", str(store), "--executor", "ray", "--address", cluster.address]
    with (own_study.parent / "errors").open("w") as stream, subprocess.Popen(asked, stderr=stream) as first:
        when_begun(own_study.parent, lambda _: None).join()
        until = time.monotonic() + 60
        while not finished(store) and time.monotonic() < until:
            time.sleep(0.05)
        second = subprocess.run(asked, capture_output=True, text=True, timeout=60)
        assert second.returncode == 1 and "another run is at work" in second.stderr and "Traceback" not in second.stderr
        before = {name: (store / "cells" / name / "outcome.json").read_bytes() for name in finished(store)}
        first.kill()
    done = subprocess.run(asked, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert len(finished(store)) == 3
    assert {name: (store / "cells" / name / "outcome.json").read_bytes() for name in before} == before
    started = [line["cell"] for line in attempts(store) if line["event"] == "started"]
    assert all(started.count(name) == 1 for name in before)
    assert is_gone(int((own_study.parent / "begun").read_text().split()[1]))


def test_the_head_going_away_is_a_clear_end(tmp_path: Path, own_study: Path) -> None:
    store = own_study.with_name("own.study")
    with start_cluster(1) as own:
        asked = [*COMMAND, "run", str(own_study), "--out", str(store), "--executor", "ray"]
        errors = tmp_path / "errors"
        with errors.open("w") as stream, subprocess.Popen([*asked, "--address", own.address], stderr=stream) as process:
            when_begun(own_study.parent, lambda _: own.head_node.kill_gcs_server()).join()
            process.wait(timeout=120)
        told = errors.read_text()
        assert process.returncode == 1 and "the head of the Ray cluster is gone" in told
        assert "Traceback" not in told and len(told.splitlines()) < 12
        assert is_gone(int((own_study.parent / "begun").read_text().split()[1]))


def test_a_dry_run_counts_the_places_of_the_cluster(cluster: Any, tmp_path: Path) -> None:
    study = write_study(tmp_path)
    found = run(study, executor="ray", address=cluster.address, dry_run=True)
    assert found["jobs"] == 2
    assert run(study, executor="ray", address=cluster.address, jobs=1, dry_run=True)["jobs"] == 1
    with pytest.raises(InputError, match="--address needs --executor ray"):
        run(study, address=cluster.address, dry_run=True)


def test_the_page_about_clusters(cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_ADDRESS", cluster.address)
    run_page(ROOT / "docs" / "how-to" / "ray.md", tmp_path, monkeypatch)
