"""The page about buckets prints what its commands print."""

from pathlib import Path

import pytest

from tests.s3_server import Server
from tests.test_transcripts import run_page
from tests.transcript import ROOT


def test_the_page_about_buckets(server: Server, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bucket != server.make_bucket("my-bucket")
    run_page(ROOT / "docs" / "16-bucket.md", tmp_path, monkeypatch)
