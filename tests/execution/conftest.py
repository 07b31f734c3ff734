from collections.abc import Iterator
from pathlib import Path

import pytest

from brittlestar.reports.showing import Document
from tests.execution.tiny import forget, write_study


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A tiny study file with its data, in a folder of its own."""
    return write_study(tmp_path)


@pytest.fixture
def no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs end with the record: pages are drawn elsewhere, and take longer than a tiny study."""
    monkeypatch.setattr("brittlestar.pipeline.run.build_report", lambda store, reading: Document({}))


@pytest.fixture(autouse=True)
def _own_modules_are_forgotten() -> Iterator[None]:
    yield
    forget("own", "faulty", "planted", "helper")
