"""A study at an address: the bytes are those of one on disk, whatever happens to its store or its driver."""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from brittlestar import merge, run, run_share, status
from brittlestar.core.errors import StoreError
from brittlestar.store.attempts import read_attempts
from brittlestar.store.layout import Store
from brittlestar.store.leases import hold_lease
from brittlestar.store.objects import Objects
from tests.command import brittlestar
from tests.execution.tiny import PLACES_FOR_TIME, contents, write_study
from tests.faulty_proxy import start_proxy
from tests.s3_server import Server

QUICK: dict[str, Any] = {"executor": "serial", "progress": False}
COMMAND = [sys.executable, "-m", "brittlestar.cli"]
KILLS = 2


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the study file and the study as one machine and a disk leave it."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run(write_study(folder, seeds=2).name, out="tiny.study", **QUICK)
    return folder


@pytest.fixture
def study(whole: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(whole)
    return "study.yaml"


def compare_stores(address: str, whole: Path) -> None:
    """Hold every object against the file of its key: times aside, and study.json, whose paths go from another place."""
    objects = Objects(address)
    found = {
        one.key: objects.get(one.key)
        for one in objects.list("")
        if not one.key.startswith((".", "locks/")) and one.key.rpartition("/")[2] not in PLACES_FOR_TIME
    }
    wanted = contents(whole / "tiny.study")
    assert found.keys() == wanted.keys()
    paths = ("base", "search_path", "asked", "digest")
    for key in wanted:
        if key == "study.json":
            one, other = json.loads(found[key]), json.loads(wanted[key])
            assert {k: v for k, v in one.items() if k not in paths} == {
                k: v for k, v in other.items() if k not in paths
            }
        elif not key.endswith(".html"):  # the page has commands, which name the store
            assert found[key] == wanted[key], key
    done = Counter(line["cell"] for line in read_attempts(Store(address)) if line["event"] == "done")
    assert set(done.values()) == {1}, "a finished run was trained again"


def test_a_study_has_the_bytes_that_it_has_on_disk(bucket: str, study: str, whole: Path) -> None:
    address = f"{bucket}/deep/tiny.study"
    said = brittlestar("run", study, "--out", address, "--executor", "serial")
    assert said.code == 0 and f"{address}/report/report.html" in said.output
    compare_stores(address, whole)
    assert run(address, **QUICK).exit_code == 0
    compare_stores(address, whole)
    objects = Objects(address)
    assert not [one.key for one in objects.list("") if b"secret-of-nobody" in objects.get(one.key)], "a credential"


def test_every_verb_reads_it(bucket: str, study: str, whole: Path, tmp_path: Path) -> None:
    address = f"{bucket}/tiny.study"
    run(study, out=address, **QUICK)
    local = str(whole / "tiny.study")
    assert status(address)["states"] == status(local)["states"]
    for verb in ("judge", "report", "audit", "clean", "compare", "export", "probe", "check", "gate"):
        more = {"compare": (local,), "export": ("--scores", tmp_path / "scores.csv")}.get(verb, ())
        said = brittlestar(verb, address, *more)
        there = brittlestar(verb, local, *more) if verb not in ("compare", "export") else said
        assert said.code == there.code and said.code in (0, 1, 3, 4), (verb, said.errors)
        assert not [line for line in said.output.splitlines() if "s3:/" in line and "s3://" not in line], said.output
    assert merge(address, local).missing == 0
    grown = run(address, seeds=3, **QUICK)
    assert grown.exit_code == 0 and len({cell.seed for cell in grown.record.cells}) == 3


def test_shares_on_one_bucket(bucket: str, study: str, whole: Path) -> None:
    address = f"{bucket}/tiny.study"
    started = [subprocess.Popen([*COMMAND, "run", study, "--out", address, "--share", f"{k}/2"]) for k in (1, 2)]
    assert [one.wait(300) for one in started] == [0, 0]
    assert run(address, **QUICK).exit_code == 0
    compare_stores(address, whole)


def test_a_driver_that_is_killed_leaves_what_is_finished(bucket: str, study: str, whole: Path) -> None:
    address, draw = f"{bucket}/tiny.study", random.Random(0)
    for _ in range(KILLS):
        process = subprocess.Popen([*COMMAND, "run", study, "--out", address, "--quiet", "--jobs", "1"])
        try:
            process.wait(draw.uniform(2.5, 9))
        except subprocess.TimeoutExpired:
            process.kill()
        process.wait()
    assert run(study, out=address, **QUICK).exit_code == 0
    compare_stores(address, whole)


def test_a_second_driver_is_told_of_the_first(bucket: str, study: str) -> None:
    address = f"{bucket}/tiny.study"
    run_share(study, "1/2", out=address, **QUICK)
    with hold_lease(Objects(address), "run"):
        assert status(address)["at_work"]
        with pytest.raises(StoreError, match="another run is at work"):
            run(address, **QUICK)
    with hold_lease(Objects(address), "share-2-of-2"):
        assert status(address)["shares"] == ["2/2"]


@pytest.mark.parametrize("how", ["503", "gone"])
def test_a_store_that_is_away_for_a_while_is_waited_for(
    how: str, server: Server, bucket: str, study: str, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{bucket}/tiny.study"
    with start_proxy(server.url) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
        process = subprocess.Popen([*COMMAND, "run", study, "--out", address, "--quiet", "--jobs", "1"])
        time.sleep(4)
        proxy.misbehave(how, 8)
        assert process.wait(300) == 0
        assert proxy.unwell > 0, "the fault never came"
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    compare_stores(address, whole)


def test_a_store_that_refuses_writes_ends_the_run_and_keeps_what_is_there(
    server: Server, bucket: str, study: str, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{bucket}/tiny.study"
    with start_proxy(server.url) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
        command = [*COMMAND, "run", study, "--out", address, "--jobs", "1"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            while not Objects(address).list("cells"):
                time.sleep(0.2)
            proxy.misbehave("refuse-writes", 1000)
            errors = process.communicate(timeout=300)[1]
        assert process.returncode == 1 and "access is refused" in errors and "Traceback" not in errors, errors
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    assert run(study, out=address, **QUICK).exit_code == 0
    compare_stores(address, whole)


def test_an_address_without_the_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    said = brittlestar("status", "gs://nobody-was-here/x.study")
    assert said.code == 2 and "pip install 'brittlestar[cloud]'" in said.errors[0]
