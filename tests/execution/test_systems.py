"""What becomes of a run where the system lacks something that Linux has: each simulated here by taking it away."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import brittlestar
from brittlestar.core import files
from brittlestar.execution.environment import usable_cores
from brittlestar.execution.server import preloaded_modules
from brittlestar.verbs.run import run
from tests.execution.tiny import contents, write_study

REPOSITORY = Path(__file__).parents[2]

FIT = """
import pathlib, subprocess
HERE = pathlib.Path(__file__).parent

def fit(train, dev, seed):
    sleeper = subprocess.Popen(["sleep", "600"])
    (HERE / f"sleeper-{seed}").write_text(str(sleeper.pid))
    return lambda rows: [[0.5, 0.5] for _ in rows]
"""

LIKE_MACOS = """
import sys, tests.execution.like_macos
from brittlestar.pipeline import run as flow
from brittlestar.verbs.run import run
if __name__ == "__main__":
    flow.build_report = flow.show_document
    result = run(sys.argv[1], out=sys.argv[2], jobs=2)
    assert [cell.state for cell in result.record.cells] == ["done"] * 6, result.record.cells
"""

WAITS = """
import os, sys, time
sys.path[:0] = sys.argv[1:]
import tests.execution.like_macos
from brittlestar.execution.server import start
from tests.execution.waiting import wait_for_ever
if __name__ == "__main__":
    print(start(wait_for_ever).pid, flush=True)
    time.sleep(600)
"""

LIKE_WINDOWS = """
import json, sys
import tests.execution.like_windows
import brittlestar
from brittlestar.pipeline import run as flow
loaded = [getattr(brittlestar, name) for name in brittlestar.__all__]
study, out = sys.argv[1:]
flow.build_report = flow.show_document
table = {name: {"seeds": range(5), "score": [k / 100 for k in range(5)]} for name in ("a", "b")}
claim = {"claim": "a > b by 0 on f", "population": "fixed-test-set", "higher_is_better": True}
judged = brittlestar.judge(table, claim)
result = brittlestar.run(study, out=out, jobs=2)
print(json.dumps([len(loaded), judged.verdict, [cell.state for cell in result.record.cells]]))
"""


def python(code: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """What a fresh interpreter does with the code, with more variables in its environment."""
    command, around = [sys.executable, "-c", code, *arguments], os.environ | variables
    ran = subprocess.run(command, cwd=REPOSITORY, env=around, capture_output=True, text=True, check=False, timeout=600)
    assert ran.returncode == 0, ran.stderr
    return ran


def lives(process: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False)
    return state.stdout.strip()[:1] not in ("", "Z")


def write_fitted(folder: Path) -> Path:
    """A study of a network and of own code that leaves a process behind."""
    write_study(folder)
    (folder / "own.py").write_text(FIT, encoding="utf-8")
    text = "name: tiny\ndata: {path: data}\nseeds: 3\ntraining: {epochs: 2, batch_size: 16}\n"
    text += "model: {family: bag}\nvariants: {fitted: {model.own: 'own:fit'}}\n"
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    return folder / "study.yaml"


def read_same(store: Path) -> dict[str, Any]:
    """All of a store that is the same on every system."""
    found: dict[str, Any] = contents(store, report=False)
    study = json.loads(found.pop("study.json"))
    del study["digest"], study["environment"]["system"]
    return found | {"study.json": study}


def check_ended(folder: Path, most: int) -> None:
    """What own code started, once in each of its runs, has ended with it."""
    sleepers = [int(path.read_text()) for path in folder.glob("sleeper-*")]
    assert len(sleepers) == most and not any(map(lives, sleepers)), "what own code started lives on"


def check_same(there: Path, here: Path) -> None:
    """The stores of two folders have the same files, and nothing that own code started in the first lives on."""
    check_ended(there, 3)
    found, wanted = (read_same(folder / "store") for folder in (there, here))
    assert found.keys() == wanted.keys() and [name for name in wanted if found[name] != wanted[name]] == []


def test_a_study_runs_where_there_is_what_macos_has_and_gives_the_same_store(tmp_path: Path, no_report: None) -> None:
    there, here = tmp_path / "like macOS", tmp_path / "as here"
    python(LIKE_MACOS, str(write_fitted(there)), str(there / "store"))
    run(write_fitted(here), out=here / "store", jobs=2)
    check_same(there, here)


def test_own_code_runs_in_processes_where_there_is_what_windows_has(tmp_path: Path) -> None:
    write_fitted(tmp_path)
    text = "name: tiny\ndata: {path: data}\nseeds: 1\nmodel: {own: 'own:fit'}\nprobes: {suite: none}\n"
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    ran = python(LIKE_WINDOWS, str(tmp_path / "study.yaml"), str(tmp_path / "store"), WITHOUT_TORCH="1")
    loaded, verdict, states = json.loads(ran.stdout)
    assert loaded == len(brittlestar.__all__) and verdict in ("supported", "refuted", "inconclusive")
    assert states == ["done"], ran.stderr
    check_ended(tmp_path, 1)


def test_a_study_runs_where_there_is_what_windows_has_and_gives_the_same_store(tmp_path: Path, no_report: None) -> None:
    there, here = tmp_path / "like Windows", tmp_path / "as here"
    ran = python(LIKE_WINDOWS, str(write_fitted(there)), str(there / "store"))
    *_, states = json.loads(ran.stdout)
    assert states == ["done"] * 6, ran.stderr
    run(write_fitted(here), out=here / "store", jobs=2)
    check_same(there, here)


def test_a_worker_ends_with_its_run_where_no_signal_of_the_kernel_tells_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WAITS, str(REPOSITORY)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        worker = int(holder.stdout.readline())
        time.sleep(0.5)
        assert lives(worker)
        holder.kill()
        holder.wait()
        until = time.monotonic() + 120
        while lives(worker) and time.monotonic() < until:
            time.sleep(0.05)
        if lives(worker):
            os.kill(worker, signal.SIGKILL)
            pytest.fail("the worker lives on")


def test_on_macos_nothing_is_loaded_before_a_fork() -> None:
    assert preloaded_modules(True, "darwin") == preloaded_modules(False, "darwin") == []
    assert (
        preloaded_modules(True, "linux")[:1] == preloaded_modules(False, "linux") == ["brittlestar.execution.preload"]
    )


@pytest.mark.parametrize("knows", [True, False])
def test_files_outlive_a_power_cut_where_fsync_alone_does_not_see_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, knows: bool
) -> None:
    done: list[Any] = []

    def asked(descriptor: int, command: int) -> None:
        done.append(command)
        if not knows:
            raise OSError(errno.ENOTSUP, "a network share")

    monkeypatch.setattr(files, "_FCNTL", SimpleNamespace(F_FULLFSYNC=51, fcntl=asked))
    monkeypatch.setattr(os, "fsync", lambda descriptor: done.append("fsync"))
    files.write_whole(tmp_path / "file", b"content")
    assert done == ([51] if knows else [51, "fsync"]) and (tmp_path / "file").read_bytes() == b"content"


@pytest.mark.parametrize(
    ("quota", "affinity", "cores"),
    [("max 100000\n", 16, 16), ("150000 100000\n", 16, 2), ("10000 100000\n", 16, 1), ("odd\n", 16, 16),
     ("", 16, 16), ("", None, 10)],
)  # fmt: skip
def test_processors_are_those_of_the_container_and_of_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quota: str, affinity: int | None, cores: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 10)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(affinity or 0)), raising=False)
    if affinity is None:
        monkeypatch.delattr(os, "sched_getaffinity")
    if quota:
        (tmp_path / "cpu.max").write_text(quota, encoding="ascii")
    assert usable_cores(tmp_path) == cores
