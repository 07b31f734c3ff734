"""A study under other choices: what is run, where the verdict holds, what moves it, and what cannot be run."""

import json
from pathlib import Path
from typing import Any

import pytest

from brittlestar import InputError, run_multiverse
from brittlestar.verbs.multiverse import read_choices
from tests.cli.test_cli import brittlestar

SETTINGS = {
    "model.family": "mean",
    "training.epochs": "5",
    "training.learning_rate": "0.1",
    "variants": json.dumps({"low": {"training.learning_rate": 1e-7}}),
    "claims": json.dumps(["main > low by 0.05 on accuracy"]),
}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("multiverse")
    (folder / "data").mkdir()
    for split, rows in (("train", 120), ("dev", 40), ("test", 200)):
        lines = [{"sequence": f"{'abcdefgh'[k % 8]} d{k % 7} e{k}{split}", "label": "wxyz"[k % 4]} for k in range(rows)]
        (folder / "data" / f"{split}.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in lines))
    return folder


def test_the_choice_that_decides_is_named(here: Path) -> None:
    options: dict[str, Any] = {"settings": SETTINGS, "seeds": 5, "executor": "serial", "out": here / "a.multiverse"}
    with pytest.raises(InputError, match=r"there is no setting data\.nothing"):
        run_multiverse(here / "data", {"choices": {"data.nothing": [1]}}, **options)
    found = run_multiverse(here / "data", {"choices": {"training.learning_rate": [2e-7]}}, **options)
    assert [dict(one.settings) for one in found.universes] == [
        {},
        {"training.learning_rate": 2e-7},
    ]
    assert found.universes[0].verdict == "supported" and found.holding == 1
    assert found.largest is not None and found.largest[0] == "training.learning_rate" and found.largest[1] > 0.3
    assert found.runs == 20 and found.of == 2 and found.left == 0 and found.exit_code == 0
    times = {path: path.stat().st_mtime_ns for path in (here / "a.multiverse").glob("*/cells/*/outcome.json")}
    again = run_multiverse(here / "data", {"choices": {"training.learning_rate": [2e-7]}}, **options)
    assert times == {path: path.stat().st_mtime_ns for path in times}, "nothing is run twice"
    assert json.dumps(again.document["universes"]) == json.dumps(found.document["universes"])


def test_what_cannot_be_run_is_told_and_the_rest_is_run(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here)
    (here / "c.yaml").write_text("choices:\n  model.hidden: [30]\n  model.family: [transformer]\n")
    asked = [word for name, value in {**SETTINGS, "model.heads": "4", "model.hidden": "32"}.items() for word in
             ("--set", f"{name}={value}")]  # fmt: skip
    asked += ["--seeds", "2", "--multiverse", "c.yaml", "--executor", "serial"]
    said = brittlestar("run", "data", "--json", *asked)
    document = json.loads(said.output)
    assert said.code == 1 and [bool(one["error"]) for one in document["universes"]] == [False, False, False, True]
    assert document["judged"] == 3 and "heads" in document["universes"][3]["error"]
    page = (here / "data.multiverse" / "report.html").read_text()
    assert "does the verdict hold under other choices?" in page and "as-it-is.study/report/report.html" in page
    assert json.loads((here / "data.multiverse" / "results.json").read_text())["judged"] == 3
    shown = brittlestar("run", "data", *asked)
    assert shown.output.startswith("Holds in") and "3 of 4 universes were run" in shown.output
    assert "not run" in shown.output and "transformer: " in " ".join(shown.output.split())
    assert brittlestar("run", "data", "--multiverse", "c.yaml", "--share", "1/2").code == 2


def test_a_universe_that_a_budget_cuts_off_has_no_verdict(here: Path) -> None:
    found = run_multiverse(
        here / "data", {"choices": {"training.learning_rate": [2e-7], "model.embedding.dim": [16]}},
        settings=SETTINGS, seeds=2, executor="serial", out=here / "cut.multiverse", budget=1e-9,
    )  # fmt: skip
    assert found.universes and not found.judged and found.universes[0].unmade
    assert found.left == 4 and found.holding == 0 and found.exit_code == 0


def test_a_value_that_no_study_can_have_is_told_before_anything_is_trained(here: Path, tmp_path: Path) -> None:
    choices = {"choices": {"training.epochs": [4, "four"], "model.layers": [-3]}}
    with pytest.raises(InputError, match=r"training\.epochs is 'four'") as told:
        run_multiverse(here / "data", choices, settings=SETTINGS, out=tmp_path / "m.multiverse")
    assert len(told.value.problems) == 2 and not (tmp_path / "m.multiverse").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no choices"), ("choices: {}", "no choice is stated"), ("choices: {a: [1]}\nmost: 1", "most is 1"),
        ("choices: {a: []}", "a is no choice"), ("choices: {seeds: [1]}", "seeds is no choice"),
        ("choices: {a: [1]}\nother: 2", "no key 'other'"), ("[", "no YAML"),
    ],
)  # fmt: skip
def test_mistakes_in_the_file_are_told(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(text)
    with pytest.raises(InputError, match=words):
        read_choices(tmp_path / "c.yaml")
    with pytest.raises(InputError, match="cannot be read"):
        read_choices(tmp_path / "none.yaml")
