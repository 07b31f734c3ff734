"""The ledger of the exam: it is what pages print, it grows by whole scorings, and no set that checks were tuned on is
called unseen."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from brittlestar.core.errors import InputError
from brittlestar.reports.error_budget import TRAINING, describe_diagnosis, error_budget, sentences
from brittlestar.statistics.proportions import bound_share
from docs.reference_pages import REFERENCE, reference_pages
from exam import benchmark, budget, ledger
from exam.faults.fifth.sealed import FIFTH
from exam.training.sets import FOURTH

ROOT = Path(__file__).parents[2]
TEXTS = [
    path
    for place in ("src", "exam", "benchmarks", "docs", "tests/exam")
    for pattern in ("*.py", "*.md", "*.j2")
    for path in sorted((ROOT / place).rglob(pattern))
    if path != Path(__file__) and path.parent.name != "fourth_set"  # programs, whose text is fixed by a hash
] + [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
CLAIM = re.compile(r"held[ -]out|kept apart|set apart|(?:nothing|no check) (?:is|was) tuned", re.IGNORECASE)
EXAM = re.compile(
    r"\bexams?\b|\bplanted\b|\bfaults?\b|clean folders?|benchmark held|(?:second|third|fourth|fifth) set", re.IGNORECASE
)
OLDER = {"planted", "fourth"}
"""Sets that were scored, and are in the tree no more."""
FOUND = "planted faults that were found"
ALARMS = "clean folders with an alarm"
CLEAN = {"clean": {"with_alarm": 1, "cases": 400}}
FAULTS = {
    "faults": [
        {"code": "leak.exact", "right": 9, "cases": 10},
        {"code": "leak.exact", "right": 5, "cases": 5},
        {"code": "label.noise", "right": 0, "cases": 5},
    ]
}


@pytest.mark.parametrize("one", ledger.entries(), ids=lambda one: f"{one['set']} {one['commit']}")
def test_an_entry_says_what_was_scored_where_and_what_came_of_it(one: dict[str, Any]) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}|not recorded", one["sha256"])
    assert one["commit"] is None or re.fullmatch(r"[0-9a-f]{7,}(-dirty)?", one["commit"])
    assert one["commit"] is not None or one["commit_from"].startswith("not recorded")
    assert one["command"].startswith("python -m ")
    for figure in one["figures"].values():
        if figure["of"] is not None:
            assert (figure["low"], figure["high"]) == pytest.approx(bound_share(figure["hits"], figure["of"]))
    assert all(later.keys() == {"commit", "what"} for later in one["tuned_afterwards"])


def test_the_last_scoring_of_each_set_is_what_the_budget_and_the_pages_print() -> None:
    last = ledger.latest(ledger.entries())
    budgeted = error_budget()
    page = reference_pages()[REFERENCE / "findings" / "error-rates.md"]
    assert {"clean", "fifth"} <= budgeted.keys() <= {*budget.SETS, *OLDER, *TRAINING}
    for part in budgeted.keys() - TRAINING.keys():
        figures = budgeted[part]
        for what, name in budget.FIGURES.items():
            if what in figures:
                entry = last[part, name]
                shown = {key: figures[what][key] for key in ("hits", "of", "low", "high")}
                assert (shown, figures["commit"]) == (entry["figures"][name], entry["commit"]), part
                assert any(f"{shown['of']:,}" in one and f"commit {entry['commit']}" in one for one in sentences())
    assert all(one in page for one in sentences())
    for part, what in TRAINING.items():
        if part not in budgeted:
            continue
        training = budgeted[part]
        for name, shown in training.items():
            if name != "commit":
                entry = last[part, name]
                assert (shown, training["commit"]) == (entry["figures"][name], entry["commit"])
        assert bool(last[part, "faults first"]["tuned_afterwards"]) == ("tuned on" in what)
    sentence = next(part for part in TRAINING if part in budgeted)
    said = describe_diagnosis(["train.unchanged"])
    assert f"commit {budgeted[sentence]['commit']}" in said and TRAINING[sentence] in said


def test_the_figures_of_probes_in_the_guide_are_those_of_the_ledger() -> None:
    guide = " ".join((ROOT / "docs" / "explanation" / "probe-errors.md").read_text(encoding="utf-8").split())
    scored = [entry for entry in ledger.entries() if entry["part"] == "probes"]
    first, *later = (figure for entry in scored for figure in entry["figures"].values())
    assert f"of {first['hits']} of these ({100 * first['hits'] / first['of']:.1f} %, {100 * first['low']:.1f}" in guide
    for one in later:
        assert f"{one['hits']} of {one['of']} ({100 * one['low']:.1f} to {100 * one['high']:.1f} %)" in guide
    assert all(entry["commit"] is None or entry["commit"] in guide for entry in scored)
    assert guide.count("commit not recorded") == 1 + sum(entry["commit"] is None for entry in scored)


def test_no_set_that_checks_were_tuned_on_is_called_unseen() -> None:
    tuned = {entry["part"] for entry in ledger.entries() if entry["tuned_afterwards"]}
    assert tuned >= {"clean", *OLDER}
    for path in TEXTS:
        text = path.read_text(encoding="utf-8")
        for sentence in re.split(r"(?<=[.:;])\s|\n\s*\n|\n(?=[-|#])", text):
            assert not (CLAIM.search(sentence) and EXAM.search(sentence)), f"{path.relative_to(ROOT)}: {sentence}"


def test_a_scoring_is_added_up_by_code_and_goes_into_budget_and_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, book = tmp_path / "budget.json", tmp_path / "ledger.json"
    book.write_text("[]", encoding="utf-8")
    monkeypatch.setattr(budget, "PLACE", place)
    monkeypatch.setattr(ledger, "PLACE", book)
    budget.record("clean", CLEAN, "abc1234", "f" * 64)
    budget.record("known", FAULTS, "def5678-dirty", "e" * 64)
    known = json.loads(place.read_bytes())
    assert known["known"]["faults"]["codes"] == {"label.noise": [0, 5], "leak.exact": [14, 15]}
    assert known["clean"]["commit"] == "abc1234" and known["known"]["commit"] == "def5678-dirty"
    first, second = ledger.entries()
    assert first["figures"][ALARMS]["hits"] == 1 and first["sha256"] == "f" * 64
    low, high = bound_share(14, 20)
    assert second["figures"] == {FOUND: {"hits": 14, "of": 20, "low": low, "high": high}}
    assert second["commit"] == "def5678-dirty" and second["tuned_afterwards"] == []
    assert f"| def5678-dirty | {FOUND}: 14 of 20" in ledger.table()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "exam").mkdir()
    (tmp_path / "src" / "check.py").write_text("LEAST = 3\n", encoding="utf-8")
    (tmp_path / "exam" / "ledger.json").write_text("[]\n", encoding="utf-8")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "a check"]):
        subprocess.run([*git, *arguments], cwd=tmp_path, check=True)
    return tmp_path


def test_only_code_that_is_committed_is_recorded(checkout: Path) -> None:
    commit = ledger.clean_commit(checkout)
    assert re.fullmatch("[0-9a-f]{7}", commit) and ledger.commit_after(commit, checkout) == commit
    (checkout / "exam" / "ledger.json").write_text("[1]\n", encoding="utf-8")
    assert ledger.clean_commit(checkout) == commit  # what a scoring writes does not keep the next one from it
    (checkout / "src" / "check.py").write_text("LEAST = 2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"src/check\.py: the code differs from its commit"):
        ledger.clean_commit(checkout)
    assert ledger.commit_after(commit, checkout) == f"{commit}-dirty"


def test_sets_are_those_that_were_scored_last() -> None:
    last = ledger.latest(ledger.entries())
    assert benchmark.sha256_of("clean") == last["clean", ALARMS]["sha256"]
    assert FIFTH.sealed == last["fifth", FOUND]["sha256"] == last["fifth", ALARMS]["sha256"]
    assert FOURTH.sealed == last[FOURTH.part, "faults first"]["sha256"]
