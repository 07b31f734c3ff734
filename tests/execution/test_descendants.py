import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from brittlestar.execution import descendants as room
from brittlestar.execution.descendants import descendants, has_children, kill_all

NO_PS = pytest.mark.skipif(shutil.which("ps") is None, reason="there is no ps")


@pytest.mark.parametrize("proc", ["/proc", pytest.param("/no/proc", marks=NO_PS)])
def test_grandchildren_are_found_and_killed(proc: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_PROC", Path(proc))
    with subprocess.Popen(["sh", "-c", "sleep 600 & sleep 601 & wait"]) as shell:
        until = time.monotonic() + 60
        while len(descendants([shell.pid])) < 2:
            assert time.monotonic() < until
        below = descendants([shell.pid])
        assert len(below) == 2 and shell.pid not in below
        assert {*below, shell.pid} <= set(descendants([os.getpid()]))
        kill_all(below)
        kill_all([*below, 2**22 + 1])  # whoever is gone already is no trouble
        assert shell.wait(60) == 0
    assert descendants([shell.pid]) == []


def test_none_are_found_where_no_one_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_PROC", Path("/no/proc"))
    monkeypatch.setattr(room, "_PS", ("no-such-command",))
    with subprocess.Popen(["sleep", "600"]) as child:
        assert descendants([os.getpid()]) == []
        child.kill()


@pytest.mark.parametrize("lacking", ["", "del os.waitid\n"])
def test_whether_there_is_any_child_is_asked_without_a_look_around(lacking: str) -> None:
    code = "from brittlestar.execution.descendants import has_children as h; import os, subprocess\n"
    code += lacking + "print(h())\n"
    code += "p = subprocess.Popen(['sleep', '600']); print(h()); p.kill(); p.wait(); print(h())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "True", "False"]
    assert isinstance(has_children(), bool)
