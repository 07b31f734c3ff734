"""How many runs share a GPU is told, kept and followed, and no result hangs on it. Cells are of the CPU, and are taken
for cells of cuda (`trains_on_gpu`) on a machine of two GPUs (`count_gpus`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from brittlestar.cli.endings.runs import plan_ending
from brittlestar.core.errors import InputError
from brittlestar.execution.cluster import Cluster
from brittlestar.execution.gpu_pilot import GpuPilot
from brittlestar.execution.jobs import Event, SilentWatcher, Started
from brittlestar.execution.places import Places
from brittlestar.execution.processes import Processes
from brittlestar.execution.serial import Serial
from brittlestar.execution.sharing import Sharing
from brittlestar.store.address import Place
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_study
from brittlestar.verbs import gpu_sharing, plan_pilot
from brittlestar.verbs.gpu_sharing import decide_unmeasured, most_of_use, place_runs
from brittlestar.verbs.plan import plan
from brittlestar.verbs.run import run
from tests.execution.test_gpu_pilot import open_made_up
from tests.execution.tiny import attempts, contents, write_study

MEASURED = Sharing(2, "4 at once train 1.01 times the steps", 3 << 30, 16 << 30, {1: 10.0, 2: 19.0, 4: 19.2})
TOLD = "2 runs at once on each of 2 GPUs: 4 at once train 1.01 times the steps"
NO_PROBES = {"probes.suite": "none"}


class Listening(SilentWatcher):
    def __init__(self) -> None:
        self.messages: list[str] = []
        self.gpus: list[int | None] = []

    def on_start(self, store: Place) -> None: ...
    def on_stage(self, stage: str, name: str, done: int, total: int) -> None: ...

    def on_message(self, text: str) -> None:
        self.messages.append(text)

    def on_event(self, event: Event, done: int, total: int, seconds_left: float | None) -> None:
        if isinstance(event, Started):
            self.gpus.append(event.gpu)


@pytest.fixture
def pilots(monkeypatch: pytest.MonkeyPatch) -> list[GpuPilot]:
    """The pilots that were run; each finds the same."""
    asked: list[GpuPilot] = []

    def measure(pilot: GpuPilot, interruption: object) -> Sharing:
        asked.append(pilot)
        return MEASURED

    monkeypatch.setattr("brittlestar.execution.jobs.trains_on_gpu", lambda cell: True)
    monkeypatch.setattr(gpu_sharing, "trains_on_gpu", lambda cell: True)
    monkeypatch.setattr(gpu_sharing, "count_gpus", lambda: 2)
    monkeypatch.setattr(gpu_sharing, "measure_sharing", measure)
    return asked


@pytest.mark.slow
def test_a_pilot_decides_once_and_the_decision_is_told_and_kept(
    tmp_path: Path, pilots: list[GpuPilot], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("brittlestar.verbs.run.build_report", lambda store, assessment: {})
    study, store, watcher = write_study(tmp_path, seeds=1), tmp_path / "tiny.study", Listening()
    assert run(study, out=store, jobs=3, watcher=watcher, settings=NO_PROBES).exit_code == 0
    assert watcher.messages == [TOLD]
    assert set(watcher.gpus) == {0, 1}
    (pilot,) = pilots
    assert [cell.variant for cell in pilot.cells] == ["main", "bag", "lstm"]
    assert (pilot.rows, pilot.most, pilot.site.records) == (60, 2, None)
    (line,) = [one for one in attempts(store) if one["event"] == "gpus shared"]
    assert (line["cells_per_gpu"], line["gpus"], line["memory_per_run"]) == (2, 2, 3 << 30)
    assert line["rates"] == {"1": 10.0, "2": 19.0, "4": 19.2}
    assert {one["gpu"] for one in attempts(store) if one["event"] == "started"} == {0, 1}
    again = Listening()
    assert run(store, watcher=again).exit_code == 0
    assert again.messages == [] and again.gpus == [] and len(pilots) == 1


@pytest.mark.slow
def test_another_number_trains_nothing_again_and_changes_no_result(tmp_path: Path, pilots: list[GpuPilot]) -> None:
    study, store = write_study(tmp_path, seeds=1), tmp_path / "tiny.study"
    told: dict[int, list[str]] = {}
    for many in (1, 4):
        (tmp_path / str(many)).mkdir()
        watcher = Listening()
        settings = {**NO_PROBES, "execution.cells_per_gpu": str(many)}
        run(study, out=tmp_path / str(many) / "tiny.study", settings=settings, jobs=3, watcher=watcher)
        told[many] = watcher.messages
    assert told[4] == ["4 runs at once on each of 2 GPUs: execution.cells_per_gpu says so"] and not pilots
    one, four = (contents(tmp_path / many / "tiny.study") for many in ("1", "4"))
    assert one.keys() == four.keys() and "report/results.json" in one
    assert [name for name in one if one[name] != four[name]] == ["study.json"]
    store, watcher = tmp_path / "4" / "tiny.study", Listening()
    grown = run(store, settings={"execution.cells_per_gpu": "1"}, watcher=watcher)
    assert str(grown.store) == str(store) and watcher.gpus == []
    assert read_study(Store(store))["execution"] == {"cells_per_gpu": 1}


@pytest.mark.slow
def test_a_finished_study_of_a_gpu_is_read_without_one(
    tmp_path: Path, pilots: list[GpuPilot], monkeypatch: pytest.MonkeyPatch
) -> None:
    def count() -> int:
        raise InputError("no CUDA device is available", "training.device")

    study, store = write_study(tmp_path, seeds=1), tmp_path / "tiny.study"
    run(study, out=store, jobs=3, settings=NO_PROBES, progress=False)
    monkeypatch.setattr(gpu_sharing, "count_gpus", count)
    assert run(store, progress=False).exit_code == 0
    with pytest.raises(InputError, match="no CUDA device is available"):
        run(study, out=store, seeds=2, settings=NO_PROBES, progress=False)


def test_without_gpus_wanted_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def count() -> int:
        raise AssertionError("a study of the CPU asks for no GPU")

    monkeypatch.setattr(gpu_sharing, "count_gpus", count)
    monkeypatch.setattr("brittlestar.verbs.run.build_report", lambda store, assessment: {})
    watcher = Listening()
    study = write_study(tmp_path, seeds=1)
    run(study, out=tmp_path / "tiny.study", settings=NO_PROBES, watcher=watcher, executor="processes")
    assert watcher.messages == [] and set(watcher.gpus) == {None}
    assert "execution" not in read_study(Store(tmp_path / "tiny.study"))


@pytest.mark.parametrize(
    ("runs", "width", "gpus", "most"), [(40, 16, 2, 8), (3, 16, 2, 2), (40, 1, 2, 1), (9, 16, 1, 9), (40, 3, 2, 2)]
)
def test_no_more_are_tried_than_are_of_use(runs: int, width: int, gpus: int, most: int) -> None:
    assert most_of_use(runs, width, gpus) == most


def test_a_pilot_is_run_only_where_it_can_decide_something() -> None:
    assert decide_unmeasured(4, 40, 2) == Sharing(4, "execution.cells_per_gpu says so")
    assert decide_unmeasured("auto", 2, 2) == Sharing(1, "2 to do, a GPU for each")
    assert decide_unmeasured("auto", 3, 2) is None


def test_executors_are_no_wider_than_their_gpus_where_only_such_runs_come() -> None:
    placed: Any = place_runs(Processes(16), 2, 4, True)
    assert (placed.width, placed.places) == (8, Places(2, 4))
    placed = place_runs(Processes(3), 2, 4, True)
    assert placed.width == 3
    assert place_runs(Processes(16), 2, 4, False).width == 16
    cluster: Any = place_runs(Cluster(5), 2, 4, True)
    assert (cluster.cells_per_gpu, cluster.limit) == (4, 5)
    assert place_runs(Serial(), 2, 4, True) == Serial()


@pytest.mark.parametrize("value", ["0", "65", "many", "2.5"])
def test_odd_numbers_are_refused_with_what_is_allowed(tmp_path: Path, value: str) -> None:
    with pytest.raises(InputError, match=r"execution\.cells_per_gpu.*allowed: a whole number .* 64 or auto"):
        plan(write_study(tmp_path), settings={"execution.cells_per_gpu": value}, pilot=False)


def test_a_variant_cannot_change_it(tmp_path: Path) -> None:
    study = write_study(tmp_path, more="  odd: {execution.cells_per_gpu: 2}\n")
    with pytest.raises(InputError, match=r"a variant cannot change execution\.cells_per_gpu"):
        plan(study, pilot=False)


@pytest.mark.slow
def test_a_plan_runs_the_pilots_once_and_says_how_many_share_a_gpu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_pilot, "trains_on_gpu", lambda cell: True)
    monkeypatch.setattr("brittlestar.verbs.plan.trains_on_gpu", lambda cell: True)
    monkeypatch.setattr(plan_pilot, "open_gauge", open_made_up)
    monkeypatch.setattr("brittlestar.execution.rates._WINDOW", 0.2)
    asked: list[str] = []
    study = write_study(tmp_path, seeds=4)

    def told(variant: str, done: int, total: int) -> None:
        asked.append(variant)

    found = plan(study, jobs=9, progress=told, settings={"execution.cells_per_gpu": "3"})
    assert asked == ["main", "bag", "lstm"] and None not in [
        one["seconds_per_cell"] for one in found["variants"].values()
    ]
    assert (found["cells_per_gpu"], found["jobs"]) == (3, 6)
    assert found["sharing"] == "3 runs at once on each of 2 GPUs: execution.cells_per_gpu says so"
    told_here = " ".join(block.body.plain for block in plan_ending(found).blocks)
    assert "3 runs at once on each of 2 GPUs: execution.cells_per_gpu says so." in told_here
    measured = plan(study, jobs=4, progress=False)
    many = measured["cells_per_gpu"]
    assert many in (1, 2) and measured["jobs"] == 2 * many
    assert measured["sharing"].startswith(f"{many} run{'s' * (many > 1)} at once on each of 2 GPUs: ")
    unmeasured = plan(study, jobs=4, pilot=False)
    assert (unmeasured["cells_per_gpu"], unmeasured["sharing"], unmeasured["jobs"]) == (None, None, 4)
