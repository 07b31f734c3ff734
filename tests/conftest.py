"""What every test relies on: the same draws, the same signals and the same surroundings, whoever started the tests."""

import hashlib
import json
import os
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from tests import suite
from tests.zoo import Zoo

MORE = 10
"""How many times as many examples `make fresh` tries of each property."""
OUTPUT = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "PY_COLORS", "TERMINAL_WIDTH")
"""Variables that change how wide and how coloured the console is: a test that is about one sets it itself."""

HERE = Path(__file__).parent
DRAWN = {"test_transcripts.py", "endtoend", "reports", "test_changed_records.py", "test_export.py"}
"""Folders and files of tests that are about pictures."""

settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
settings.register_profile("fresh", derandomize=False, deadline=None, print_blob=True)
settings.load_profile("fixed")  # --hypothesis-profile, read later, has the last word


def pytest_configure(config: pytest.Config) -> None:
    """Hear Ctrl-C and a polite kill, which some tests send: a shell starts what runs in its background deaf to the
    first, and a supervisor may block or ignore either. SIGHUP stays as it is, or `nohup make test` would be in vain."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGCHLD})
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    config.pluginmanager.register(suite)


def pytest_sessionstart() -> None:
    """A plain terminal of no known width and no CI, for this process and all that it starts; pytest has read its own
    by now, and modules that read theirs when they are imported come later."""
    for name in [*OUTPUT, "CI", *(name for name in os.environ if name.startswith("GITHUB_"))]:
        os.environ.pop(name, None)
    os.environ["BRITTLESTAR_AUDITS"] = "anew"  # what this machine audited before is no part of a test
    os.environ["BRITTLESTAR_DOCS"] = ""  # nor is where its documentation stands
    os.environ["TERM"] = "xterm-256color"  # a pseudo-terminal that a test opens is no dumb one


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Fresh draws are many more, also where a test says how many it takes; and how long drawing takes is never an
    error, because that is the machine's load."""
    times = MORE if config.getoption("--hypothesis-profile") == "fresh" else 1
    for test in {item.function for item in items if isinstance(item, pytest.Function)}:
        if getattr(test, "is_hypothesis_test", False):
            own = test._hypothesis_internal_use_settings  # there is no public way to read them
            test._hypothesis_internal_use_settings = settings(
                own,
                max_examples=own.max_examples * times,
                suppress_health_check={*own.suppress_health_check, HealthCheck.too_slow},
            )


@pytest.fixture(scope="module", autouse=True)
def _undrawn(request: pytest.FixtureRequest) -> Iterator[None]:
    """Drawing takes half the time of a report. A picture is a digest of what would be drawn instead: where
    specifications differ, so do pages."""
    if DRAWN & set(request.path.relative_to(HERE).parts):
        yield
        return
    from brittlestar.reports import render

    def digest(spec: Any) -> str:
        return f"<svg >{hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()}</svg>"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "svg", digest)
        patch.setattr(render, "javascript", lambda: "")
        yield


@pytest.fixture(scope="session")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Zoo:
    """Finished studies, the same for all workers."""
    shared = tmp_path_factory.getbasetemp()
    return Zoo((shared.parent if os.environ.get("PYTEST_XDIST_WORKER") else shared) / "zoo")


@pytest.fixture
def in_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory is an empty folder of the test's own."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _same_global_draws() -> None:
    """Who draws from a global generator draws the same, whatever ran before in this process."""
    random.seed(0)
    np.random.seed(0)
    if "torch" in sys.modules:  # tests that draw from it have imported it
        sys.modules["torch"].manual_seed(0)
