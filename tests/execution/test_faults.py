"""A full disk and a read-only store: told apart, nothing half-written, and the same command goes on afterwards."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from brittlestar.core.errors import StoreError
from brittlestar.execution.session import missing
from brittlestar.store.layout import create_store
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.verbs.report import report
from brittlestar.verbs.run import run
from brittlestar.verbs.status import status
from tests.execution.tiny import attempts, contents, write_study


@contextmanager
def mounted(place: Path, size: str) -> Iterator[None]:
    """A small file system of its own at `place`. Skips the test where this user may not mount."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("mounting needs root and its rights; test_a_limit_on_file_sizes looks at the same code")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def free(place: Path) -> int:
    about = os.statvfs(place)
    return about.f_bavail * about.f_frsize


def test_a_full_disk_at_any_moment(tmp_path: Path, no_report: None) -> None:
    study = write_study(tmp_path, seeds=1)
    run(study, out=tmp_path / "undisturbed" / "store", executor="serial")
    wanted = contents(tmp_path / "undisturbed" / "store")
    seen: set[int] = set()
    with mounted(tmp_path / "disk", "4m"):
        store, filler = tmp_path / "disk" / "store", tmp_path / "disk" / "filler"
        audit = -(-len(wanted["audit.json"]) // 4096) * 4  # written whole, before the first cell
        for kilobytes in (0, 8, 40, *(audit + more for more in (0, 64, 96, 132, 176, 196, 216, 236, 256, 280))):
            shutil.rmtree(store, ignore_errors=True)
            filler.write_bytes(b"\0" * (free(tmp_path / "disk") - 1024 * kilobytes))
            with pytest.raises(StoreError) as told:
                run(study, out=store, executor="serial")
            assert told.value.problems[0].what.startswith("the disk is full"), kilobytes
            assert "run the same command again" in told.value.problems[0].hint
            filler.unlink()
            if (store / "study.json").exists():
                seen.add(len(missing(create_store(store), read_cells(read_study(create_store(store))))))
            run(study, out=store, executor="serial")
            assert contents(store) == wanted, kilobytes
            done = [line["cell"] for line in attempts(store) if line["event"] == "done"]
            assert len(done) == len(set(done)) == 3
    assert seen >= {1, 2, 3}, "the disk was never full in the middle of the study"


def test_a_limit_on_file_sizes(tmp_path: Path, no_report: None) -> None:
    study = write_study(tmp_path, seeds=1)
    run(study, out=tmp_path / "undisturbed" / "store", executor="serial")
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    biggest = max(len(content) for content in contents(tmp_path / "undisturbed" / "store").values())
    resource.setrlimit(resource.RLIMIT_FSIZE, (biggest - 1, usual[1]))
    try:
        with pytest.raises(StoreError, match="cannot write: File too large"):
            run(study, out=tmp_path / "limited" / "store", executor="serial")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    run(study, out=tmp_path / "limited" / "store", executor="serial")
    assert contents(tmp_path / "limited" / "store") == contents(tmp_path / "undisturbed" / "store")


def test_a_read_only_store_can_be_looked_at(tmp_path: Path, no_report: None) -> None:
    study = write_study(tmp_path, seeds=1)
    with mounted(tmp_path / "disk", "8m"):
        store = tmp_path / "disk" / "store"
        run(study, out=store, executor="serial")
        subprocess.run(["mount", "-o", "remount,ro", str(tmp_path / "disk")], check=True)
        assert status(store)["states"] == {"done": 3}
        for verb in (lambda: run(study, out=store), lambda: run(store), lambda: report(store)):
            with pytest.raises(StoreError) as told:
                verb()
            (problem,) = told.value.problems
            assert problem.what == "the store is read-only for this user" and "--out DIR" in problem.hint
            assert problem.where.startswith(str(store))
        with pytest.raises(StoreError, match="the store is read-only for this user"):
            run(study, out=tmp_path / "disk" / "new store")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere; the mounted store above is for it")
def test_a_store_without_the_right_to_write(tmp_path: Path, no_report: None) -> None:
    study = write_study(tmp_path, seeds=1)
    run(study, out=tmp_path / "store", executor="serial")
    (tmp_path / "store" / "attempts.jsonl").chmod(0o444)
    (tmp_path / "store").chmod(0o555)
    try:
        with pytest.raises(StoreError, match="the store is read-only for this user"):
            run(study, out=tmp_path / "store", executor="serial")
    finally:
        (tmp_path / "store").chmod(0o755)
