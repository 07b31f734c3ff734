"""What a benchmark says that a side did is read from what the side left; anything else ends it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from brittlestar import generate, run

STAGES = ("audits", "claims", "suites of probes", "cells probed", "pages")
WHOLE = {"cells trained": 1, "epochs": 2, **dict.fromkeys(STAGES, 1)}


@pytest.fixture(scope="module")
def work(benchmark: Callable[[str], ModuleType]) -> ModuleType:
    return benchmark("work")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a real run with every stage."""
    place = tmp_path_factory.mktemp("work")
    generate(place / "data", sizes="60/20/20")
    settings = {"variants": "{}", "model.family": "mean", "training.epochs": "2"}
    return run(place / "data", out=place / "store", seeds=1, settings=settings, executor="serial").store


def test_the_work_of_a_run_is_read_from_its_store(work: ModuleType, store: Path) -> None:
    work.check_work("the command", WHOLE, work.read_work(store))


@pytest.mark.parametrize("left_out", STAGES)
def test_a_stage_that_a_side_says_it_leaves_out_ends_it(work: ModuleType, store: Path, left_out: str) -> None:
    declared = {name: number for name, number in WHOLE.items() if name != left_out}
    with pytest.raises(work.DriftError, match=f"does not do what .* says of it: 1 {left_out} in place of 0"):
        work.check_work("training alone", declared, work.read_work(store))
    with pytest.raises(work.DriftError, match="0 epochs in place of 2"):
        work.check_work("the command", WHOLE, {**WHOLE, "epochs": 0})


@pytest.mark.parametrize(
    "name", ["seal.json", "causes/5f/outcome.json", "cells/5f/attributions.parquet", "derived/5f/interventions/a.npy"]
)
def test_a_file_of_an_unknown_stage_ends_it(work: ModuleType, store: Path, name: str) -> None:
    path = store / name
    there = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    try:
        with pytest.raises(work.DriftError, match=f"a stage that this benchmark does not know wrote {name}"):
            work.read_work(store)
    finally:
        path.unlink()
        for folder in there:
            folder.rmdir()


def test_a_result_of_an_unknown_stage_ends_it(work: ModuleType, store: Path) -> None:
    results = store / "report" / "results.json"
    kept = results.read_bytes()
    results.write_text(json.dumps({**json.loads(kept), "causes": []}), encoding="utf-8")
    try:
        with pytest.raises(work.DriftError, match=r"is told in results.json: causes"):
            work.read_work(store)
    finally:
        results.write_bytes(kept)


def test_a_cell_that_failed_ends_it(work: ModuleType, store: Path) -> None:
    (outcome,) = store.glob("cells/*/outcome.json")
    kept = outcome.read_bytes()
    outcome.write_text(json.dumps({**json.loads(kept), "state": "failed"}), encoding="utf-8")
    try:
        with pytest.raises(work.DriftError, match="1 cells failed"):
            work.read_work(store)
    finally:
        outcome.write_bytes(kept)


def test_the_loop_that_people_write_is_read_too(work: ModuleType, tmp_path: Path) -> None:
    for seed in range(2):
        (tmp_path / f"history-{seed}.json").write_text("[1, 2, 3]", encoding="ascii")
        (tmp_path / f"best-{seed}.pt").touch()
    assert work.read_loop(tmp_path) == {"cells trained": 2, "epochs": 6}
    (tmp_path / "audit.html").touch()
    with pytest.raises(work.DriftError, match=r"the usual loop wrote audit.html"):
        work.read_loop(tmp_path)


def test_training_alone_refuses_to_have_loaded_another_stage(benchmark: Callable[[str], ModuleType]) -> None:
    import brittlestar.audits.running  # noqa: F401

    with pytest.raises(benchmark("work").DriftError, match=r"loads other packages than it says: .*'audits'"):
        benchmark("training_alone").check_rooms()


def test_a_side_that_does_more_than_it_says_ends_the_benchmark(
    benchmark: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    write = f"import pathlib; p = pathlib.Path({str(out)!r}); p.mkdir(); (p / 'audit.json').touch()"
    throughput, work = benchmark("throughput"), benchmark("work")
    side = throughput.Side("training alone", [sys.executable, "-c", write], {"cells trained": 0}, work.read_work)
    with pytest.raises(work.DriftError, match="1 audits in place of 0"):
        throughput.measure([side], out, 1)


def test_time_is_taken_of_all_that_a_command_starts(benchmark: Callable[[str], ModuleType], tmp_path: Path) -> None:
    machine, mark = benchmark("machine"), tmp_path / "mark"
    orphan = f"import time; time.sleep(0.5); open({str(mark)!r}, 'w')"
    command = [sys.executable, "-c", f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {orphan!r}])"]
    spent = machine.time_command(command)
    if spent.cpu is None:
        pytest.skip("this system does not let a process adopt orphans")
    assert mark.exists(), "it was not waited for"
    with pytest.raises(subprocess.CalledProcessError):
        machine.time_command([sys.executable, "-c", "raise SystemExit(3)"])
