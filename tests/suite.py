"""Which test belongs to which command, and how long each takes. A plugin of pytest that `conftest.py` takes in.

`durations.json` has the seconds of every test function that took `SLOW` or more, by file: `make check` leaves these
out. Quick files are handed out first, so that most failures show within a minute, then the others longest first, so
that both workers end together. `make durations` writes it again.
`nightly.yaml` says which tests `make nightly` alone runs, and why.
"""

import json
import os
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
import yaml

SLOW = 0.15
"""Seconds of all examples of one test function, with its fixtures, from which `make check` leaves it out."""
QUICK = 2.0
"""Seconds of the slow tests of a file up to which it is handed out before the others."""
HERE = Path(__file__).parent
DURATIONS = HERE / "durations.json"
NIGHTLY = HERE / "nightly.yaml"


@cache
def read_durations() -> dict[str, dict[str, float]]:
    """Seconds of slow test functions, by file and name."""
    return json.loads(DURATIONS.read_text(encoding="utf-8"))


@cache
def read_nightly() -> dict[str, str]:
    """Why files, and tests of files (`FILE::TEST`), are left to the night."""
    return {place: reason for reason, places in (yaml.safe_load(NIGHTLY.read_text()) or {}).items() for place in places}


def name_test(item: pytest.Item) -> tuple[str, str]:
    """The file of a test, seen from this folder, and its name without what it is given."""
    return item.path.relative_to(HERE).as_posix(), item.name.split("[")[0]


def is_nightly(item: pytest.Item) -> bool:
    """Whether the list names the test, also with what it is given, its file or a folder that the file is in."""
    file, test = name_test(item)
    folders = {f"{parent.as_posix()}/" for parent in Path(file).parents}
    return not read_nightly().keys().isdisjoint({file, f"{file}::{test}", f"{file}::{item.name}", *folders})


def place_file(file: str) -> tuple[bool, float]:
    """What files are sorted by: quick ones first, then those that take longest."""
    seconds = sum(read_durations().get(file, {}).values())
    return seconds > QUICK, -seconds


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow and what is for the night; put quick files first, and then the longest."""
    slow = read_durations()
    for item in items:
        file, test = name_test(item)
        if is_nightly(item):
            item.add_marker("nightly")
        if test in slow.get(file, {}):
            item.add_marker("slow")
    items.sort(key=lambda item: place_file(name_test(item)[0]))  # files stay whole: the sort is stable


class DurationsWriter:
    """Adds up what tests took, and writes `durations.json` at the end; tests that were not run keep theirs."""

    def __init__(self) -> None:
        self._seconds: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add one phase of one test; a worker's report reaches its controller too."""
        file, test = report.nodeid.split("[")[0].split("::", 1)
        self._seconds[file.removeprefix(f"{HERE.name}/")][test] += report.duration

    def pytest_sessionfinish(self) -> None:
        """Write what took long."""
        written = {file: dict(tests) for file, tests in read_durations().items() if (HERE / file).exists()}
        for file, tests in self._seconds.items():
            known = {test: seconds for test, seconds in written.get(file, {}).items() if test not in tests}
            slow = {test: round(seconds, 1) for test, seconds in tests.items() if seconds >= SLOW}
            written[file] = dict(sorted({**known, **slow}.items()))
        written = {file: tests for file, tests in sorted(written.items()) if tests}
        DURATIONS.write_text(json.dumps(written, indent=0) + "\n", encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Add up in the process that hears of every test."""
    if os.environ.get("WRITE_DURATIONS") == "1" and not hasattr(config, "workerinput"):
        config.pluginmanager.register(DurationsWriter())
