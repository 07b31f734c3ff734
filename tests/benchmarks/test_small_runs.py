"""Every benchmark once, at a size of nothing: what it did and left out, and what it was measured on. Never a time."""

import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from .conftest import BENCHMARKS

LEFT_OUT = "audits, claims, cells scored on added splits, suites of probes, cells probed, pages"
TRAINING_TOO = LEFT_OUT.replace("claims, ", "claims, cells trained, ")
EVERYTHING = "audits 1, claims 1, suites of probes 1, cells probed 1, pages 1"
SIDES = [
    f"usual loop does: cells trained 1, epochs 1; leaves out: {LEFT_OUT}",
    f"usual loop, one thread does: cells trained 1, epochs 1; leaves out: {LEFT_OUT}",
    f"products of the steps does: epochs of products 1; leaves out: {TRAINING_TOO}",
    f"products of steps and scoring does: epochs of products 1; leaves out: {TRAINING_TOO}",
    f"training alone, fp32 does: cells trained 1, epochs 1; leaves out: {LEFT_OUT}",
    f"whole command, fp32 does: cells trained 1, epochs 1, {EVERYTHING}; leaves out: cells scored on added splits",
]
OF_A_RUN = "does: cells trained 1, epochs 1, cells probed 1, audits 1, claims 1, suites of probes 1, pages 1"
SIZES = ["--sizes", "80/20/20", "--epochs", "1"]

SMALL: dict[str, tuple[list[str], list[str]]] = {
    "auditing": (["--rows", "200", "--tokens", "6"], ["leak.exact and shift.composition", "slowest at 200 rows: "]),
    "cluster": (
        ["--repeats", "1", "--seeds", "1", "--epochs", "1", "--sizes", "80/20/20"],
        ["1 runs of 1 epochs, 80/20/20 rows", "ray takes more"],
    ),
    "doubling": (
        ["--rows", "200", "--steps", "2", "--only", "token", "--verbs", "audit"],
        ["one call, once each", "power", "16,000: "],
    ),
    "growth": (["--cells", "1", "--page", "3", *SIZES], [f"the last study {OF_A_RUN};", "page of 3 cells: "]),
    "many_cells": (["--cells", "20"], ["writing 20 finished runs", "status", "resume"]),
    "judging": (
        ["--variants", "3", "--seeds", "5", "--examples", "40", "--claims", "4"],
        ["4 claims on accuracy, new examples", "1 claim on macro-F1", "4 paired t tests of SciPy", "4 bootstraps"],
    ),
    "probing": (["--rows", "200", "--repeats", "1"], ["a bare pass over the same tokens", "the suite, a cell"]),
    "probing_memory": (["--rows", "60"], ["the largest", "order and length", "\nall "]),
    "reading": (
        ["--rows", "500", "--repeats", "1"],
        ["each way does: tokens read 10000, ids given 1002; writes nothing", "pandas and a dict"],
    ),
    "sealing": (["--cells", "10", "--rows", "50"], ["10 runs written", "sha256sum", "the record has"]),
    "sleeping_cells": (
        ["--cells", "4", "6", "--nodes", "1", "--places", "2"],
        ["runs that sleep 0.05 s on 1 nodes of 2 places", "runs a second"],
    ),
    "stopping": (
        ["--studies", "2", "--effects", "0", "3"],
        ["3.00 SD, looks at 5, 10, 20, 40", "at every seed"],
    ),
    "story_share": (["--rules", "1", "--k", "1", "--seeds", "1", *SIZES], [f"each study {OF_A_RUN};", "not drawn"]),
    "throughput": (
        ["--repeats", "1", "--hidden", "4", "--seeds", "1", "--precision", "fp32", *SIZES],
        [*SIDES, "times as fast", "CPU seconds", "its CPU over products'"],
    ),
    "validators": (
        ["--codes", "leak.exact", "--faults", "1", "--cleanlab", sys.executable],
        ["left out: evidently (give --evidently PYTHON)", "left out: deepchecks", "alarms per clean twin"],
    ),
}
"""For each benchmark arguments that make it small, and what it says then."""
TIMED = {"probing", "probing_memory"}
"""Those whose exit code says whether a target was met: at this size it says nothing."""
PARTS = {
    "machine",
    "products",
    "sleeping_job",
    "timed",
    "training_alone",
    "usual_loop",
    "validators_side",
    "walking",
    "work",
}
"""Files that the others run or import, and one that counts and times nothing."""


def test_every_benchmark_has_its_small_run() -> None:
    assert {path.stem for path in BENCHMARKS.glob("*.py")} == SMALL.keys() | PARTS


@pytest.mark.parametrize("name", SMALL)
def test_a_small_run_says_what_it_did_and_on_what(
    name: str, benchmark: Callable[[str], ModuleType], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments, said = SMALL[name]
    code = benchmark(name).main(arguments)
    out = capsys.readouterr().out
    assert code == 0 or (name in TIMED and code == 1)
    machine = benchmark("machine").describe_machine()
    assert f"\n{machine}, load " in out and machine.processor and "PyTorch" in machine.torch
    assert [words for words in said if words not in out] == [], out


def test_without_adastop_that_is_said(
    benchmark: Callable[[str], ModuleType], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping = benchmark("stopping")
    monkeypatch.setattr(stopping, "find_spec", lambda name: None)
    assert stopping.main(["--studies", "1", "--effects", "3"]) == 0
    out = capsys.readouterr().out
    assert "left out: AdaStop is not installed (pip install adastop)" in out and "AdaStop, every" not in out
