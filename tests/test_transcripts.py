"""What the how-tos print is what the commands print: each text below a command is run and compared, line by line."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from brittlestar.cli import app
from brittlestar.core.gating import GATE_EXITS
from tests.execution.tiny import forget

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "docs" / name for name in ("12-gate.md", "14-one-csv.md")]
BLOCK = re.compile(r"^```sh\n(?P<commands>.*?)^```$(?:\n\n```text\n(?P<said>.*?)^```$)?", re.DOTALL | re.MULTILINE)
LEFT_OUT = "…"


def as_pattern(said: str) -> str:
    """The text of a page as a pattern: a line of three dots stands for any lines."""
    lines = [r"(?:.*\n)*?" if line == LEFT_OUT else f"{re.escape(line)} *\n" for line in said.splitlines()]
    return "".join(lines)


def test_a_line_that_differs_is_found() -> None:
    assert re.fullmatch(as_pattern("a\n…\nd\n"), "a\nb\nc\nd\n") and re.fullmatch(as_pattern("a\n…\n"), "a\n")
    assert not re.fullmatch(as_pattern("a\nd\n"), "a\nb\nd\n") and not re.fullmatch(as_pattern("a.c\n"), "abc\n")


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_prints_what_its_commands_print(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.syspath_prepend(str(tmp_path))
    for example in (ROOT / "examples").glob("*.py"):
        shutil.copy(example, tmp_path)
    blocks = list(BLOCK.finditer(page.read_text(encoding="utf-8")))
    assert sum(block["said"] is not None for block in blocks) >= 2
    for block in blocks:
        for line in block["commands"].splitlines():
            program, *arguments = shlex.split(line)
            if program == "python":
                subprocess.run([sys.executable, *arguments], check=True, cwd=tmp_path)
                continue
            result = CliRunner().invoke(app, arguments)
            answers = GATE_EXITS.values() if arguments[0] == "gate" else (0,)
            assert result.exit_code in answers, result.output
        if block["said"] is not None:
            assert re.fullmatch(as_pattern(block["said"]), result.stdout), f"{line}\n{result.stdout}"
    forget("own_sklearn")
