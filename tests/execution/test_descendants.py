import os
import subprocess
import time

import psutil

from brittlestar.execution.descendants import descendants, kill_all


def test_grandchildren_are_found_and_killed() -> None:
    with subprocess.Popen(["sh", "-c", "sleep 600 & sleep 601 & wait"]) as shell:
        until = time.monotonic() + 60
        while len(descendants([shell.pid])) < 2:
            assert time.monotonic() < until
        below = descendants([shell.pid])
        assert len(below) == 2 and psutil.Process(shell.pid) not in below
        assert {*below, psutil.Process(shell.pid)} <= set(descendants([os.getpid()]))
        kill_all(below)
        kill_all(below)  # whoever is gone already is no trouble
        assert shell.wait(60) == 0
    assert descendants([shell.pid]) == []


def test_who_has_the_number_of_one_that_ended_is_left_alone() -> None:
    with subprocess.Popen(["sleep", "600"]) as child:
        other = psutil.Process(child.pid)
        other._ident = (child.pid, other.create_time() - 60)  # a process of a minute ago
        kill_all([other])
        assert child.poll() is None
        child.kill()
