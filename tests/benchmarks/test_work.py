"""What a benchmark says that a side did is read from what the side left; anything else ends it."""

from __future__ import annotations

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


def test_products_alone_are_read_too(work: ModuleType, tmp_path: Path) -> None:
    for seed in range(2):
        (tmp_path / f"products-{seed}.json").write_text('{"epochs": 3}', encoding="ascii")
    assert work.read_products(tmp_path) == {"epochs of products": 6}
    (tmp_path / "history-0.json").touch()
    with pytest.raises(work.DriftError, match=r"products alone wrote history-0.json"):
        work.read_products(tmp_path)


def test_training_alone_refuses_to_have_loaded_another_stage(benchmark: Callable[[str], ModuleType]) -> None:
    import brittlestar.audits.audit  # noqa: F401

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


def test_the_machine_is_named_where_linux_does_not_name_it(
    benchmark: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = benchmark("machine")

    def missing(*_: object, **__: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", missing)
    monkeypatch.setattr(machine, "_said", lambda *command: "Apple M2" if command[0] == "sysctl" else "")
    assert machine._processor() == "Apple M2"
    monkeypatch.setattr(machine, "_said", lambda *command: "")
    assert machine._processor() and machine._commit() == "an unknown commit"


def test_tables_are_as_wide_as_what_stands_in_them(benchmark: Callable[[str], ModuleType]) -> None:
    machine = benchmark("machine")
    table = machine.text_table(["", "seconds"], [["a side", machine.median_and_range([3.0, 1.0, 2.0])], ["b", "1"]])
    assert table == "               seconds\na side  2.0 [1.0, 3.0]\nb                    1"


def test_a_side_is_run_again_while_a_core_is_busy(
    benchmark: Callable[[str], ModuleType], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    throughput, machine = benchmark("throughput"), benchmark("machine")
    long = [sys.executable, "-c", "import subprocess; subprocess.run(['sleep', '600'])"]
    ways = [throughput.Side(name, command, {}, dict) for name, command in (("quick", ["true"]), ("stuck", long))]
    spent = {"quick": [machine.Spent(10.0, None, 0.0)], "stuck": [machine.Spent(0.1, None, 0.0)]}
    throughput.print_busy(ways, spent, tmp_path / "out")
    quick, stuck = capsys.readouterr().out.splitlines()
    assert quick.startswith("quick, one core kept busy: ") and quick.endswith(" times its quiet time")
    assert stuck == "stuck, one core kept busy: stopped after 5 times its quiet time"


def test_seconds_of_processors_that_nobody_tells_are_said_to_be_unknown(benchmark: Callable[[str], ModuleType]) -> None:
    throughput, spent = benchmark("throughput"), benchmark("machine").Spent
    ways = [throughput.Side(name, [], {}, dict) for name in ("usual loop", "training alone")]
    times = {"usual loop": [spent(6.0, None, 0.1)], "training alone": [spent(2.0, None, 0.1)]}
    header, usual, alone = throughput.table(ways, times).splitlines()
    assert header.split()[0] == "seconds" and usual.count("not measured") == alone.count("not measured") == 2
    assert "3.00 [3.00, 3.00]" in alone


def test_seconds_of_processors_stand_beside_those_of_the_products(benchmark: Callable[[str], ModuleType]) -> None:
    throughput, spent = benchmark("throughput"), benchmark("machine").Spent
    names = [throughput.PRODUCTS["steps"], "training alone"]
    ways = [throughput.Side(name, [], {}, dict) for name in names]
    times = {names[0]: [spent(2.0, 4.0, 0.1)], names[1]: [spent(3.0, 6.0, 0.1)]}
    header, _, alone = throughput.table(ways, times).splitlines()
    assert header.endswith("its CPU over products'") and alone.endswith("1.50 [1.50, 1.50]")
    times[names[0]] = [spent(2.0, None, 0.1)]
    assert throughput.table(ways, times).splitlines()[2].endswith("not measured")
