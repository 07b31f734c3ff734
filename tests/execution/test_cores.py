import os
from pathlib import Path

import pytest

from brittlestar.execution.environment import usable_cores


@pytest.fixture(autouse=True)
def _sixteen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(16)), raising=False)


@pytest.mark.parametrize(
    ("text", "cores"),
    [("max 100000\n", 16), ("200000 100000\n", 2), ("150000 100000\n", 2), ("10000 100000\n", 1), ("odd\n", 16)],
)
def test_the_quota_of_a_container_counts(tmp_path: Path, text: str, cores: int) -> None:
    (tmp_path / "cpu.max").write_text(text, encoding="ascii")
    assert usable_cores(tmp_path) == cores


def test_without_control_groups_affinity_decides(tmp_path: Path) -> None:
    assert usable_cores(tmp_path) == 16
