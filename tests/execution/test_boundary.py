"""Odd own models, given to `run` as a user gives them."""

import time
from pathlib import Path

import pytest

from brittlestar.core.errors import InputError
from brittlestar.execution.executors import ExecutorName
from brittlestar.execution.jobs import SilentWatcher, Watcher
from brittlestar.verbs.run import RunResult, run
from tests.execution.tiny import write_split

NET = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, info, dtype=torch.float32):
        super().__init__()
        self.embedding = nn.Embedding(info.vocabulary_size, 4, dtype=dtype)
        self.head = nn.Linear(4, len(info.classes), dtype=dtype)
    def forward(self, tokens, lengths):
        return self.head(self.embedding(tokens).sum(1))
def double(info): return Net(info, torch.float64)
made = []
def shared(info):
    made.append(made[0] if made else Net(info))
    return made[0]
def part(info):
    net = Net(info)
    made.append(net.embedding)
    net.embedding = made[0]
    return net
"""
FIT = """
import multiprocessing, os, subprocess, threading, time
from pathlib import Path
def predict(rows): return [[0.5, 0.5]] * len(rows)
def note(seed):
    with (Path(__file__).parent / "tries").open("a") as tries:
        tries.write(f"{seed}\\n")
def never(train, dev, seed):
    note(seed)
    raise ValueError("no luck")
def odd(train, dev, seed):
    note(seed)
    if seed % 2:
        raise ValueError("no luck")
    return predict
def prints(train, dev, seed):
    print("said", "x" * 3_000_000, flush=True)
    os.write(1, b"written\\n")
    subprocess.run(["echo", "echoed"], check=True)
    return predict
def threads(train, dev, seed):
    threading.Thread(target=lambda: time.sleep(15), daemon=True).start()
    return predict
def leaves(train, dev, seed):
    if (child := os.fork()) == 0:
        time.sleep(600)
        os._exit(0)
    with (Path(__file__).parent / "children").open("a") as children:
        children.write(f"{child}\\n")
    return predict
def comes_back(train, dev, seed):
    if os.fork():
        time.sleep(0.5)
    note(seed)
    return predict
def raises_in_child(train, dev, seed):
    if os.fork() == 0:
        raise ValueError("in the child")
    time.sleep(0.5)
    return predict
def forks(train, dev, seed):
    if (child := os.fork()) == 0:
        os._exit(0)
    os.waitpid(child, 0)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(abs, [-1, 2]) == [1, 2]
    return predict
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in ("train", "dev", "test"):
        write_split(tmp_path / "data", name, 40 if name == "train" else 12)
    return tmp_path / "data"


def tried(
    data: Path,
    name: str,
    source: str = NET,
    executor: ExecutorName = "serial",
    seeds: int = 2,
    jobs: int | None = None,
    watcher: Watcher | None = None,
) -> RunResult:
    """The study of one own model, without a reference beside it."""
    (data.parent / "own.py").write_text(source, encoding="utf-8")
    study = data.parent / "study.yaml"
    study.write_text(
        f"name: odd\ndata: {{path: data}}\nseeds: {seeds}\nmodel: {{own: 'own:{name}'}}\n"
        "training: {epochs: 1, batch_size: 16, class_weights: balanced}\n",
        encoding="utf-8",
    )
    return run(study, out=data.parent / "store", executor=executor, jobs=jobs, watcher=watcher, progress=False)


pytestmark = pytest.mark.usefixtures("no_report")


def test_an_odd_module_is_trained_and_named_in_one_line(data: Path) -> None:
    result = tried(data, "double")
    assert [cell.outcome for cell in result.record.cells] == ["trained", "trained"]
    (note,) = (one for one in result.record.notes if one.startswith("main: own:double"))
    assert note.startswith("main: own:double (own.py:11) has weights in float64")


@pytest.mark.parametrize(
    ("name", "message", "executor"),
    [
        ("shared", "own:shared returned the same weights twice", "serial"),
        ("part", r"an earlier call returned \(embedding.weight\)", "processes"),
    ],
)
def test_no_run_begins_with_the_weights_of_another(data: Path, name: str, message: str, executor: ExecutorName) -> None:
    with pytest.raises(InputError, match=message):
        tried(data, name, executor=executor)
    assert not (data.parent / "store" / "cells").exists()


def test_a_slow_factory_that_shares_weights_is_found_by_its_first_run(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("brittlestar.training.build_trial.MOST_SECONDS", -1.0)
    first, second = tried(data, "shared", watcher=SilentWatcher()).record.cells
    assert first.state == "failed" and "own:shared returned the same weights twice" in (first.error or "")
    assert second.state == "planned"


def tries(data: Path) -> list[int]:
    """The seeds that a fit function was called with."""
    return sorted(map(int, (data.parent / "tries").read_text(encoding="utf-8").split()))


@pytest.mark.parametrize(("executor", "jobs"), [("serial", None), ("processes", 2)])
def test_what_raises_for_the_first_seed_is_not_tried_for_the_others(
    data: Path, executor: ExecutorName, jobs: int | None
) -> None:
    notes: list[str] = []

    class Listening(SilentWatcher):
        def on_message(self, text: str) -> None:
            notes.append(text)

    result = tried(data, "never", FIT, executor, seeds=3, jobs=jobs, watcher=Listening())
    assert tries(data) == [0] and result.exit_code == 1
    assert [cell.state for cell in result.record.cells] == ["failed", "planned", "planned"]
    place = data.parent / "store"
    left = "2 more seeds are not tried, since this one failed"
    assert notes == [f"main: {left}; `brittlestar run {place}` tries the next"]
    again = run(place, executor=executor, jobs=jobs, watcher=SilentWatcher())
    assert tries(data) == [0, 1], "the same command tries the next one"
    assert [cell.state for cell in again.record.cells] == ["failed", "failed", "planned"]


def test_all_seeds_are_tried_once_one_was_trained(data: Path) -> None:
    result = tried(data, "odd", FIT, "processes", seeds=4, jobs=2)
    assert tries(data) == [0, 1, 2, 3]
    assert [cell.state for cell in result.record.cells] == ["done", "failed", "done", "failed"]


def test_other_variants_go_on(data: Path) -> None:
    (data.parent / "own.py").write_text(FIT, encoding="utf-8")
    study = data.parent / "study.yaml"
    study.write_text(
        "name: odd\ndata: {path: data}\nseeds: 3\nmodel: {own: 'own:never'}\ntraining: {epochs: 1}\n"
        "variants: {reference: {model.own: null, model.family: bag}}\n",
        encoding="utf-8",
    )
    result = run(study, out=data.parent / "store", executor="processes", jobs=2, progress=False)
    states = {(cell.variant, cell.seed): cell.state for cell in result.record.cells}
    assert tries(data) == [0] and all(states["reference", seed] == "done" for seed in range(3))


@pytest.mark.parametrize(
    ("name", "executor"),
    [
        ("threads", "processes"), ("leaves", "serial"), ("leaves", "processes"), ("comes_back", "serial"),
        ("raises_in_child", "processes"), ("forks", "serial"), ("forks", "processes"),
    ],
)  # fmt: skip
def test_what_a_fit_function_starts_harms_no_run(data: Path, name: str, executor: ExecutorName) -> None:
    (cell,) = tried(data, name, FIT, executor, seeds=1).record.cells
    assert cell.state == "done" and cell.notes == ()
    if name == "leaves":
        (child,) = map(int, (data.parent / "children").read_text(encoding="utf-8").split())
        assert not is_alive(child)


def is_alive(process: int) -> bool:
    """Whether it runs still, within a second: one that was killed may wait for being asked."""
    for _ in range(20):
        try:
            if Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z":
                return False
        except OSError:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("executor", ["serial", "processes"])
def test_what_a_fit_function_prints_is_kept_and_spoils_no_output(
    data: Path, executor: ExecutorName, capfd: pytest.CaptureFixture[str]
) -> None:
    (cell,) = tried(data, "prints", FIT, executor, seeds=1).record.cells
    assert cell.state == "done" and capfd.readouterr().out == ""
    log = next((data.parent / "store" / "cells").rglob("log.txt")).read_text(encoding="utf-8")
    assert log.startswith("said xxx") and "bytes left out" in log and len(log) < 1_100_000
    assert executor == "serial" or "written\nechoed" in log
