"""Runs all tests once and says which of them run which line, and how long each takes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.run_tests import QUIET, run_apart

HOURS = 3600.0


@dataclass(frozen=True)
class Trace:
    """Tests that run each line of each file of the tree, and processor seconds of every test that passed."""

    lines: dict[str, dict[int, set[str]]]
    seconds: dict[str, float]

    def reaching(self, file: Path) -> set[str]:
        """Tests that run any line of the file."""
        return set[str]().union(*self.lines.get(str(file), {}).values())


class _Recorder:
    """Tells coverage which test runs, and keeps what each test took and whether it passed."""

    def __init__(self, coverage: Any) -> None:
        self.coverage = coverage
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        began = time.process_time()  # other work on the machine makes no test slower
        result = yield
        self.seconds[item.nodeid] = time.process_time() - began
        self.coverage.switch_context("")
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self.failed.add(report.nodeid)


def trace_tests(tree: Path, tests: Sequence[str], package: Path, kept: Path) -> Trace:
    """The trace of tests on an unmutated tree; those that fail or are skipped there are left out.

    It is kept in the folder `kept`, and read from there where an earlier run left one. Lines run while modules are
    imported belong to no test.
    """
    data, told = kept / "coverage", kept / "seconds.json"
    if not told.exists():
        code = run_apart(lambda: _run_traced(list(tests), str(tree / package), data, told), tree, HOURS)
        if code not in (0, 1):
            raise RuntimeError(f"pytest ended in {code} before anything was mutated: run `pytest {' '.join(tests)}`")
    from coverage import CoverageData

    seconds = json.loads(told.read_text("utf-8"))
    read = CoverageData(str(data))
    read.read()
    inside = f"{package}/"
    lines = {
        file[file.rindex(inside) :]: {
            line: set(names) & set(seconds) for line, names in read.contexts_by_lineno(file).items()
        }
        for file in read.measured_files()
    }
    return Trace(lines, seconds)


def _run_traced(tests: list[str], source: str, data: Path, told: Path) -> int:
    from coverage import Coverage

    coverage = Coverage(data_file=str(data), source=[source], config_file=False)
    coverage.start()
    recorder = _Recorder(coverage)
    code = pytest.main([*QUIET, *tests], plugins=[recorder])
    coverage.stop()
    coverage.save()
    kept = {test: spent for test, spent in recorder.seconds.items() if test not in recorder.failed}
    told.write_text(json.dumps(kept), encoding="utf-8")
    return int(code)
