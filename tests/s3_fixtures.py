"""A server that speaks as S3 does, on this machine, for all tests of stores at an address."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.s3_server import Server, start_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with start_server() as started:
        yield started


@pytest.fixture
def bucket(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty bucket; copies of its objects go into a folder of the test."""
    monkeypatch.setenv("BRITTLESTAR_CACHE", str(tmp_path / "copies"))
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return server.make_bucket(f"test-{uuid4().hex[:12]}")
