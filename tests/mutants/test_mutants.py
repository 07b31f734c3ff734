"""The run on a toy package: what strong tests notice, what a weak one does not, and what nothing reaches."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cosmic_ray.operators.operator import Example

from tests.mutants.draw_sample import divide_sample
from tests.mutants.find_sites import KINDS, find_sites, mutate_source
from tests.mutants.mutate_tree import copy_tree
from tests.mutants.nudge_numbers import NudgeNumber, nudge_number
from tests.mutants.rooms import WEIGHTS, find_files
from tests.mutants.tell_shares import tell_shares

ROOT = Path(__file__).parents[2]
TOY = {
    "pyproject.toml": "[tool.pytest.ini_options]\n",  # or pytest looks further up for where the tree begins
    "src/brittlestar/__init__.py": "",
    "src/brittlestar/audits/__init__.py": "",
    "src/brittlestar/audits/strong.py": "LIMIT = 0.05\n\n\ndef check(share):\n    return share >= LIMIT\n",
    "src/brittlestar/audits/weak.py": "def check(share):\n    return share >= 0.05\n",
    "src/brittlestar/audits/unread.py": "def check(share: int | None):\n    return share >= 0.05\n",
    "tests/audits/test_checks.py": (
        "import brittlestar.audits.unread\n"
        "from brittlestar.audits import strong, weak\n\n\n"
        "def test_strong():\n    assert strong.check(0.05) and not strong.check(0.0499) and not strong.check(-2)\n\n\n"
        "def test_weak():\n    assert weak.check(0.9) and not weak.check(0.0)\n"
    ),
}


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    tree = tmp_path / "toy"
    for name, text in TOY.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=tree, check=True)
    return tree


def run_command(*asked: str) -> str:
    """What the command prints; in a process of its own, since it forks, and a process where PyTorch has threads at work
    must not."""
    command = [sys.executable, "-m", "tests.mutants", *asked]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=300).stdout


@pytest.mark.slow
def test_a_weak_test_lets_mutants_live_and_a_strong_one_does_not(toy: Path) -> None:
    out = toy.parent / "results.json"
    asked = ["--tree", str(toy), "--rooms", "audits", "--sample", "100", "--out", str(out)]
    printed = run_command(*asked)
    told = json.loads(out.read_text("utf-8"))
    outcomes = {(Path(one["file"]).stem, one["kind"]): one for one in told["mutants"]}
    assert len(told["mutants"]) == len(outcomes) == 6  # a number and a comparison in each of three files
    assert {outcomes["strong", kind]["outcome"] for kind in ("constant", "comparison")} == {"killed"}
    assert outcomes["weak", "number"]["outcome"] == "survived"
    assert {outcomes["unread", kind]["outcome"] for kind in ("number", "comparison")} == {"unreached"}
    assert "src/brittlestar/audits/weak.py:2  return share >= 0.05  →  return share >= " in printed
    for name, text in TOY.items():
        assert (toy / name).read_text("utf-8") == text  # mutants are made in a copy
    assert f"{told['shares']['all']['survived']} mutants; " in run_command(*asked[:-2], "--again", str(out))


def test_shares_are_told_by_room_with_their_exact_interval() -> None:
    lived = {"room": "audits", "kind": "number", "outcome": "survived"}
    lines = tell_shares([lived, *[{**lived, "room": "claims", "outcome": "killed"}] * 9])
    assert lines[0].split("  ")[0] == "audits"
    assert lines[-1].startswith("all ") and "1 of 10   10.0 % [0.3, 44.5]  number 1/10" in lines[-1]  # R: binom.test


def test_a_number_moves_as_far_as_a_threshold_might_be_wrong() -> None:
    moved = {3: (2, 4), 0.0: (-1, 1), 0.05: (0.025, 0.1), 0.95: (0.9, 0.975), 50: (25, 100), 2.5: (1.25, 5.0)}
    assert {number: nudge_number(number) for number in moved} == moved


def test_an_operator_does_what_its_examples_show() -> None:
    for operator in [operator for operators in KINDS.values() for operator in operators] + [NudgeNumber]:
        for example in operator.examples():
            assert isinstance(example, Example)
            if not example.operator_args:
                mutated = mutate_source(example.pre_mutation_code, (operator, example.occurrence or 0))
                assert mutated == example.post_mutation_code


def test_only_places_that_can_differ_are_found() -> None:
    source = "@mark(frozen=True)\ndef join(one: int | None = 1) -> list[3]:\n    return zip(one, strict=True)\n"
    (default,) = find_sites(source)
    assert (default.kind, default.line, default.in_function) == ("constant", 2, False)
    (shift,) = find_sites("def shift(a, b):\n    return a - b\n")
    assert (shift.kind, shift.line, shift.column, shift.in_function) == ("arithmetic", 2, 13, True)
    assert find_sites("Either = int | None\n") == []


def test_a_sample_is_divided_by_weight_and_a_file_has_one_room(toy: Path) -> None:
    assert divide_sample(180, WEIGHTS) == {"audits": 100, "claims": 50, "statistics": 30}
    assert divide_sample(10, {"one": 1, "other": 1, "third": 1}) == {"one": 3, "other": 4, "third": 3}
    files = find_files(toy, ["audits", "other=audits/weak.py"])
    assert [file.name for file in files["audits"]] == ["__init__.py", "strong.py", "unread.py"]
    assert [file.name for file in files["other"]] == ["weak.py"]
    with pytest.raises(FileNotFoundError, match="room other: no "):
        find_files(toy, ["other=core/nothing.py"])


def test_a_copy_has_what_git_has(toy: Path, tmp_path: Path) -> None:
    (toy / ".gitignore").write_text("left.py\n", encoding="utf-8")
    (toy / "left.py").write_text("", encoding="utf-8")
    copy = copy_tree(toy, tmp_path / "copy")
    assert (copy / "src/brittlestar/audits/weak.py").is_file() and not (copy / "left.py").exists()
