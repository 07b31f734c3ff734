from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from brittlestar.execution.descendants import descendants, has_children, kill_all

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc elsewhere")


def test_grandchildren_are_found_and_killed() -> None:
    with subprocess.Popen(["sh", "-c", "sleep 600 & sleep 601 & wait"]) as shell:
        until = time.monotonic() + 10
        while len(descendants([shell.pid])) < 2:
            assert time.monotonic() < until
        below = descendants([shell.pid])
        assert len(below) == 2 and shell.pid not in below
        assert {*below, shell.pid} <= set(descendants([os.getpid()]))
        kill_all(below)
        kill_all([*below, 2**22 + 1])  # whoever is gone already is no trouble
        assert shell.wait(10) == 0
    assert descendants([shell.pid]) == []


def test_whether_there_is_any_child_is_asked_without_a_look_around() -> None:
    code = "from brittlestar.execution.descendants import has_children as h; import os, subprocess\nprint(h())\n"
    code += "p = subprocess.Popen(['sleep', '600']); print(h()); p.kill(); p.wait(); print(h())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "True", "False"]
    assert isinstance(has_children(), bool)
