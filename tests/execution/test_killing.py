"""The whole tree killed at many moments: run again, every file that is no place for time is as if nothing had been."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.execution.tiny import attempts, contents, write_study

REPOSITORY = Path(__file__).parents[2]

OWN = '''
import os, pathlib, signal, torch

FUSE = pathlib.Path(__file__).with_name("fuse")

class Own(torch.nn.Module):
    """Kills its whole process group in the middle of an epoch when there is a fuse."""

    def __init__(self, info):
        super().__init__()
        self.rows, self.steps = torch.nn.Embedding(info.vocabulary_size, len(info.classes)), 0

    def forward(self, tokens, lengths):
        self.steps += self.training
        if self.training and FUSE.exists() and self.steps == int(FUSE.read_text()):
            os.killpg(os.getpgrp(), signal.SIGKILL)
        return self.rows(tokens).sum(1)

def build(info):
    return Own(info)
'''

MOMENTS: dict[str, list[Any]] = {
    "first file of the first cell": ["write", "cell.json", 1],
    "curves of a cell": ["write", "curves.parquet", 2],
    "weights of a cell": ["write", "weights-last", 3],
    "outcome of a cell": ["write", "outcome.json", 4],  # the first is that of the suite of probes
    "timing of the last cell": ["write", "timing.json", 6],
    "flush of predictions": ["flush", "predictions.parquet", 3],
    "cell whole but not in its place": ["before rename", "/cells/", 4],
    "cell in its place but not noted": ["after rename", "/cells/", 5],
    "first step of all": ["step", "", 1],
    "second epoch of the first cell": ["step", "", 6],
    "middle of the study": ["step", "", 21],
    "last step of all": ["step", "", 48],
    "splits half encoded": ["array", "", 4],
    "a split whole but not in its place": ["before rename", "/data/", 2],
    "audit of the data": ["flush", "audit.json", 1],
    "audit not in its place": ["before rename", "audit.json", 1],
    "claims": ["flush", "claims.json", 1],
    "study.json": ["flush", "study.json", 1],
    "answers to probes": ["write", "predictions.npy", 4],
    "index half written": ["flush", "index.parquet", 1],
    "index not in its place": ["before rename", "index.parquet", 1],
    "index in its place": ["after rename", "index.parquet", 1],
    "page of the report": ["flush", "report.html", 1],
}
TREES: dict[str, list[Any]] = {
    "in a worker, mid-epoch": ["in a worker", "", 6],
    "an epoch reported, the other worker mid-epoch": ["progress", "", 8],
    "a cell half written while workers train": ["write", "steps.parquet", 3],
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed")
    study = write_study(folder, seeds=2)
    text = study.read_text(encoding="utf-8").replace(
        "  lstm: {model.family: lstm, model.hidden: 4, model.layers: 1}\n", ""
    )
    study.write_text(f"{text}  own: {{model.own: 'own:build'}}\n", encoding="utf-8")
    (folder / "own.py").write_text(OWN, encoding="utf-8")
    return folder


def run_all(place: Path, tasks: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Kill and run again in one interpreter of its own. Stores have one name, which the commands of a report hold."""
    whole = [
        {"study": str(place / "study.yaml"), "store": str(place / f"{number} {name}" / "killed.study"), **task}
        for number, (name, task) in enumerate(tasks.items())
    ]
    for task in whole:
        Path(task["store"]).parent.mkdir(exist_ok=True)
    (place / "tasks.json").write_text(json.dumps(whole), encoding="utf-8")
    command = [sys.executable, "-m", "tests.execution.killing", str(place / "tasks.json"), str(place / "results.json")]
    subprocess.run(command, cwd=REPOSITORY, check=True, timeout=3600)
    results = json.loads((place / "results.json").read_text(encoding="utf-8"))
    return {
        name: result | {"store": Path(task["store"])} for name, task, result in zip(tasks, whole, results, strict=True)
    }


def check(results: dict[str, dict[str, Any]], undisturbed: Path, cells: int = 6, answers: int = 6) -> None:
    wanted = contents(undisturbed)
    assert sum(name.endswith("outcome.json") and name.startswith("cells/") for name in wanted) == cells
    assert sum(name.endswith("outcome.json") and name.startswith("derived/") for name in wanted) == answers
    for name, result in results.items():
        assert result["killed"] == -9, f"{name}: the moment never came"
        assert result["left"] == [], f"{name}: processes live on"
        assert result["again"] == 0, f"{name}: {Path(str(result['store']) + '.log').read_text(encoding='utf-8')}"
        assert result["trained twice"] == [], name
        found = contents(result["store"])
        has_report = any(path.startswith("report/") for path in found)
        kept = wanted if has_report else {p: c for p, c in wanted.items() if not p.startswith("report/")}
        assert found.keys() == kept.keys(), name
        assert [path for path in kept if found[path] != kept[path]] == [], name
        done = Counter(line["cell"] for line in attempts(result["store"]) if line["event"] == "done")
        assert set(done.values()) == {1}, name


UNDISTURBED = {"undisturbed": {"moment": None, "executor": "serial", "again": None, "report": False}}
SERIAL = {"executor": "serial", "again": "serial"}


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """A small study, undisturbed, and killed when its first run was not in its place yet, or there but not noted."""
    folder = tmp_path_factory.mktemp("killed")
    text = write_study(folder, seeds=1).read_text(encoding="utf-8")
    (folder / "study.yaml").write_text(text.partition("  lstm:")[0] + "probes: {suite: none}\n", encoding="utf-8")
    moments = {"half-written": ["before rename", "/cells/", 1], "killed": ["after rename", "/cells/", 1]}
    tasks = {name: {"moment": moment, **SERIAL, "report": False} for name, moment in moments.items()}
    return run_all(folder, UNDISTURBED | tasks)


def test_a_kill_costs_nothing_that_is_finished(killed: dict[str, dict[str, Any]]) -> None:
    check({"killed": killed["killed"]}, killed["undisturbed"]["store"], cells=2, answers=0)
    assert killed["killed"]["finished"] == 1


def test_what_a_kill_leaves_half_written_is_swept_by_the_next_run(killed: dict[str, dict[str, Any]]) -> None:
    found = killed["half-written"]
    assert len(found["half-written"]) == 1 and found["finished"] == 0
    check({"half-written": found}, killed["undisturbed"]["store"], cells=2, answers=0)
    assert not [*found["store"].rglob(".*.part")]


def test_many_moments_in_one_process(place: Path) -> None:
    tasks = {name: {"moment": moment, **SERIAL, "report": "report" in name} for name, moment in MOMENTS.items()}
    results = run_all(place, {"undisturbed": UNDISTURBED["undisturbed"] | {"report": True}} | tasks)
    undisturbed = results.pop("undisturbed")
    assert undisturbed["killed"] == 0 and undisturbed["finished"] == 6
    check(results, undisturbed["store"])
    finished = [results[name]["finished"] for name in MOMENTS]
    assert finished == [0, 1, 2, 2, 5, 2, 3, 5, 0, 0, 2, 5, 0, 0, 0, 0, 0, 0, 6, 6, 6, 6, 6]


def test_three_moments_of_a_tree_of_processes(place: Path) -> None:
    tasks = {
        name: {"moment": moment, "executor": "processes", "again": "serial", "report": False}
        for name, moment in TREES.items()
    }
    results = run_all(place, UNDISTURBED | tasks)
    undisturbed = results.pop("undisturbed")
    assert undisturbed["killed"] == 0
    check(results, undisturbed["store"])
    assert all(result["finished"] < 6 for result in results.values())
