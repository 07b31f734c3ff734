"""Shares of a study: beside each other on one store, on stores of their own, and what they refuse."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar import run, run_share, status
from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError, StoreError
from brittlestar.core.shares import Share, read_share
from brittlestar.store.attempts import read_attempts
from brittlestar.store.layout import Store
from brittlestar.store.lock import lock_alone, lock_share
from tests.command import brittlestar
from tests.execution.tiny import contents, finished, write_study

QUICK: dict[str, Any] = {"executor": "serial", "progress": False}
COMMAND = [sys.executable, "-m", "brittlestar.cli"]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A study file of nine runs in the current directory."""
    monkeypatch.chdir(tmp_path)
    write_study(tmp_path)
    return "study.yaml"


def document(store: str) -> dict[str, Any]:
    found = json.loads((Path(store) / "report/results.json").read_bytes())
    return {key: value for key, value in found.items() if key != "timing"}


@given(st.integers(1, 50), st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=20))
def test_every_run_is_in_one_share(of: int, digests: list[bytes]) -> None:
    cells = [Cell("main", 0, {}, {}, digest.hex()) for digest in digests]
    for cell in cells:
        assert [k for k in range(1, of + 1) if Share(k, of).takes(cell)] == [Share.of_cell(cell, of).number]


@pytest.mark.parametrize("text", ["17/16", "0/3", "3", "a/b", "-1/2", "1/0", "1/100001", ""])
def test_what_is_no_share_is_refused_before_anything_is_read(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--share"):
        read_share(text)
    said = brittlestar("run", tmp_path / "nothing", "--share", text)
    assert said.code == 2 and said.errors[0].startswith("brittlestar: --share: ")
    assert not (tmp_path / "nothing.study").exists()


def test_shares_on_one_store_leave_what_one_run_leaves(study: str) -> None:
    run(study, out="whole/tiny.study", **QUICK)
    shares = [run_share(study, f"{k}/3", out="shared/tiny.study", **QUICK) for k in (1, 2, 3)]
    own = [{cell.hash for cell in share.cells} for share in shares]
    assert set.union(*own) == finished(Path("whole/tiny.study")) and sum(map(len, own)) == 9
    assert [share.exit_code for share in shares] == [0, 0, 0] and shares[-1].open_elsewhere == 0
    assert not Path("shared/tiny.study/report").exists()
    notes = [line["event"] for line in read_attempts(Store(Path("shared/tiny.study")))]
    run("shared/tiny.study", **QUICK)
    assert [line["event"] for line in read_attempts(Store(Path("shared/tiny.study")))] == notes, "trained again"
    assert document("shared/tiny.study") == document("whole/tiny.study")
    one, other = contents(Path("shared/tiny.study")), contents(Path("whole/tiny.study"))
    assert one.keys() == other.keys() and [name for name in one if one[name] != other[name]] == []


def test_shares_that_begin_at_once_and_one_that_is_killed(study: str) -> None:
    run(study, out="whole/tiny.study", **QUICK)
    started = [
        subprocess.Popen([*COMMAND, "run", study, "--out", "tiny.study", "--share", f"{k}/3", "--jobs", "1"])
        for k in (1, 2, 3)
    ]
    while not finished(Path("tiny.study")):
        time.sleep(0.05)
    started[0].kill()
    assert [one.wait(120) for one in started][1:] == [0, 0]
    ended = written(Path("tiny.study"))
    assert run_share(study, "1/3", out="tiny.study", **QUICK).exit_code == 0
    run("tiny.study", **QUICK)
    assert document("tiny.study") == document("whole/tiny.study")
    assert written(Path("tiny.study")).items() >= ended.items(), "a finished run was trained again"
    done = [line["cell"] for line in read_attempts(Store(Path("tiny.study"))) if line["event"] == "done"]
    assert len(done) == len(set(done)) and len(finished(Path("tiny.study")) - set(done)) <= 1, (
        "only the run that the kill met may have ended without its line"
    )


def written(store: Path) -> dict[str, int]:
    """When the outcome of each finished run was written, in nanoseconds."""
    return {cell: (store / "cells" / cell / "outcome.json").stat().st_mtime_ns for cell in finished(store)}


def test_who_is_at_work_is_told(study: str) -> None:
    run_share(study, "1/2", **QUICK)
    store = Store(Path("tiny.study"))
    with lock_share(store, "share-1-of-2"):
        assert status("tiny.study")["shares"] == ["1/2"]
        assert "1 share of a run at work (1/2)" in brittlestar("status", "tiny.study").output
        with pytest.raises(StoreError, match="this share of the run is at work already"):
            run_share(study, "1/2", **QUICK)
        with pytest.raises(StoreError, match=r"shares of a run are at work on this store \(1/2\)"):
            run(study, **QUICK)
        with pytest.raises(StoreError, match="on a study with other settings, seeds or data"):
            run_share(study, "2/2", seeds=5, **QUICK)
        being_written = Path("tiny.study/cells/.abc.0a1b.part")
        being_written.mkdir()
        assert run_share(study, "2/2", **QUICK).exit_code == 0
        assert being_written.is_dir(), "what another share is writing is swept"
    run_share(study, "2/2", **QUICK)
    assert not being_written.exists(), "what nobody is writing any more stays"
    with lock_alone(store), pytest.raises(StoreError, match="another run is at work"):
        run_share(study, "1/2", **QUICK)


def test_what_a_share_prints_and_what_it_does_not_take(study: str) -> None:
    said = brittlestar("run", study, "--share", "2/2", "--executor", "serial")
    done = len(finished(Path("tiny.study")))
    assert said.code == 0 and f"Share 2/2  {done} of {done} runs done; the study has 9 runs." in said.output
    assert "brittlestar run tiny.study" in said.output and f"{9 - done} runs of other shares" in said.output
    again = brittlestar("run", "tiny.study", "--share", "2/2", "--executor", "serial", "--json").document
    assert again["states"] == {"done": done} and again["open_elsewhere"] == 9 - done and again["share"] == "2/2"
    none = brittlestar("run", "tiny.study", "--share", "1/90000", "--executor", "serial")
    assert none.code == 0 and "No run has a hash of this share" in none.output
    for option in (["--cell", "ab"], ["--settle", "claim"], ["--open"], ["--preds", "p.csv"]):
        refused = brittlestar("run", study, "--share", "1/2", *option)
        assert refused.code == 2 and f"--share and {option[0]} exclude each other" in refused.errors[0]
