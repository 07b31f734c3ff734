"""What the how-tos print is what their commands and their code print."""

import re
import shutil
from pathlib import Path

import pytest

from tests.execution.tiny import forget
from tests.transcript import ROOT, Step, as_pattern, check_step, read_steps

PAGES = [
    ROOT / "docs" / name
    for name in (
        "how-to/compare-a-report.md", "how-to/curves.md", "how-to/diagnosis.md", "how-to/every-month.md",
        "how-to/for-programs.md", "how-to/forecast.md", "how-to/gate.md", "how-to/job-array.md",
        "how-to/logged-predictions.md", "how-to/paper.md", "how-to/prompts.md", "how-to/releases.md",
        "how-to/results-elsewhere.md", "how-to/seal.md", "how-to/verify.md", "start/install.md", "start/one-csv.md",
        "start/predictions.md",
    )
]  # fmt: skip
ELSEWHERE = [ROOT / "docs" / "how-to" / "ray.md"]
"""Pages that need a cluster: `execution/` runs them."""


@pytest.mark.parametrize(
    ("said", "printed", "same"),
    [
        ("a\n…\nd\n", "a\nb\nc\nd\n", True), ("a\n…\n", "a\n", True), ("a\nd\n", "a\nb\nd\n", False),
        ("a.c\n", "abc\n", False), ("a … d\n", "a b c d\n", True), ("a … d\n", "a b\nc d\n", False),
        ("a … d\n", "a b c e\n", False),
    ],
)  # fmt: skip
def test_a_text_that_differs_is_found(said: str, printed: str, same: bool) -> None:
    assert bool(re.fullmatch(as_pattern(said), printed)) == same


def test_a_step_is_held_against_what_it_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("one\ntwo\n", encoding="utf-8")
    check_step(Step("sh", "cat a.txt\n", "one\n…\n"), tmp_path)
    with pytest.raises(AssertionError, match="and not"):
        check_step(Step("sh", "cat a.txt\n", "one\n"), tmp_path)
    with pytest.raises(AssertionError, match="cannot run"):
        check_step(Step("sh", "rm a.txt\n", None), tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_prints_what_its_commands_print(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_page(page, tmp_path, monkeypatch)


def run_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do all steps of a page in a folder, beside the examples, and hold what they print against it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.syspath_prepend(str(tmp_path))
    examples = sorted((ROOT / "examples").glob("*.py"))
    for example in examples:
        shutil.copy(example, tmp_path)
    steps = read_steps(page)
    assert sum(step.said is not None for step in steps) >= 2
    try:
        for step in steps:
            check_step(step, tmp_path, page)
    finally:
        forget(*(example.stem for example in examples))
