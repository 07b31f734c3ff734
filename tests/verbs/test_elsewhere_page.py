"""The page on results elsewhere: its commands, one after the other, print what the page shows, but for numbers."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.command import brittlestar

PAGE = Path(__file__).parents[2] / "docs" / "10-results-elsewhere.md"
FENCE = re.compile(r"^```(sh|text)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def without_numbers(text: str) -> list[str]:
    """Words of a terminal: numbers as `N`, whatever their sign, and what only depends on them left out."""
    text = re.sub(r"[+−]?\d+(?:[.,]\d+)*", "N", " ".join(text.split()))
    text = re.sub(r"\[N, N\] \(N % interval|\(no interval", "(an interval", text)
    text = re.sub(r"\b(open|better|worse|equivalent within N points)\b, ", "", text)
    return re.sub(r"Findings (?=N gained|N lost|the same).*?(?= -v)", "Findings", text).split()


@pytest.mark.slow
def test_the_page_shows_what_its_commands_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    printed, checked = "", 0
    for language, text in FENCE.findall(PAGE.read_text(encoding="utf-8")):
        if language == "text":
            assert without_numbers(printed) == without_numbers(text), printed
            checked += 1
            continue
        for line in text.splitlines():
            program, *arguments = shlex.split(line)
            said = brittlestar(*arguments, *(["--executor", "serial"] if arguments[0] == "run" else []))
            assert (program, said.code) == ("brittlestar", 0), (line, said)
            printed = said.output
    assert checked == 4


def test_other_words_are_found() -> None:
    assert without_numbers("a 5.7 points [−1.7, +2.5] (95 % interval") == without_numbers("a 1 points (no interval")
    assert without_numbers("4 runs taken") != without_numbers("4 runs lost")
