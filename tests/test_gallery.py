"""Each case of the gallery prints what its page says, its twin included, and the index says the same."""

import re
import shutil
from pathlib import Path

import pytest

from tests import test_docs
from tests.test_transcripts import run_page
from tests.transcript import ROOT, read_steps

GALLERY = ROOT / "examples" / "gallery"
CASES = sorted(path.parent for path in GALLERY.glob("*/README.md"))
PAGES = [GALLERY / "README.md", *(case / "README.md" for case in CASES)]
ROW = re.compile(
    r"^\| \[.*?\]\((?P<case>[\w-]+)/README\.md\) \|[^|]*\| `(?P<command>[^`]*)` \|(?P<says>[^|]*)\|$", re.M
)
MOST_LINES = 80


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_prints_what_its_page_says(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(case, tmp_path, ignore=shutil.ignore_patterns("made", "*.study"), dirs_exist_ok=True)
    run_page(case / "README.md", tmp_path, monkeypatch)


def test_the_index_has_every_case_with_a_command_of_its_page_and_what_it_finds() -> None:
    rows = {row["case"]: row for row in ROW.finditer((GALLERY / "README.md").read_text(encoding="utf-8"))}
    assert sorted(rows) == [case.name for case in CASES]
    for case in CASES:
        steps = [step for step in read_steps(case / "README.md") if step.said is not None]
        said = next(step.said for step in steps if step.source.splitlines()[-1] == rows[case.name]["command"])
        assert said is not None
        codes = re.findall(r"`([a-z]+\.[a-z-]+)`", rows[case.name]["says"])
        numbers = re.findall(r"[−+]?\d+\.\d", rows[case.name]["says"])
        page = (case / "README.md").read_text(encoding="utf-8")
        assert all(code in said for code in codes) and all(number.lstrip("−") in page for number in numbers)
        assert codes or "inconclusive" in said


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_page_has_a_command_and_a_twin(case: Path) -> None:
    page = (case / "README.md").read_text(encoding="utf-8")
    command, twin = page.index("\n## The command\n"), page.index("\n## The healthy twin\n")
    assert page.count("```text", command, twin) >= 1 and page.count("```text", twin) == 1
    assert not re.search(r"^(error|warning) |leak\.exact|claim\.selected|Sound\? +No", page[twin:], re.M)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_a_page_keeps_to_the_words_and_the_links_of_the_docs(page: Path) -> None:
    test_docs.test_a_page_uses_the_words_that_contributing_lists(page)
    test_docs.test_sentences_are_short(page)
    test_docs.test_no_page_names_a_host_or_a_place_on_a_machine(page)
    targets = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("script", sorted(GALLERY.glob("*/*.py")), ids=lambda script: script.parent.name)
def test_a_script_is_short_and_says_how_it_is_run(script: Path) -> None:
    lines = script.read_text(encoding="utf-8").splitlines()
    assert len(lines) < MOST_LINES and lines[0].startswith("# ") and lines[0].endswith("python make.py made")


def test_the_published_runs_are_those_of_the_table() -> None:
    """Means and standard deviations that stand below the published columns, and the worst and the best run."""
    lines = (GALLERY / "one-run" / "runs.csv").read_text(encoding="utf-8").splitlines()[1:]
    scores: dict[str, list[float]] = {}
    for _, split, _, score in (line.split(",") for line in lines):
        scores.setdefault(split, []).append(float(score))
    stated = {
        "mnli": (0.843392765, 0.00241974, 0.83667856, 0.8476821),
        "entailed": (0.958374, 0.011357182, 0.9296, 0.9774),
        "swap": (0.19021, 0.173032565, 0.0, 0.662),
    }
    for split, (mean, deviation, low, high) in stated.items():
        own = scores[split]
        assert len(own) == 100 and (min(own), max(own)) == (low, high)
        assert sum(own) / 100 == pytest.approx(mean, abs=1e-8)
        assert (sum((one - mean) ** 2 for one in own) / 99) ** 0.5 == pytest.approx(deviation, abs=1e-8)
