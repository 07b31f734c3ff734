"""Runs share a GPU as the study says, and no result hangs on it. Cells are of the CPU, and are taken for cells of cuda
(`trains_on_gpu`) on a machine of two GPUs (`count_gpus`)."""

from pathlib import Path
from typing import Any

import pytest
import torch

from brittlestar.cli.outputs.runs import dry_run_output
from brittlestar.core.errors import InputError
from brittlestar.execution import gpu_places
from brittlestar.execution.gpu_places import count_gpus, place_runs
from brittlestar.execution.jobs import Event, SilentWatcher, Started
from brittlestar.execution.places import Places
from brittlestar.execution.processes import Processes
from brittlestar.execution.ray_executor import Cluster
from brittlestar.execution.serial import Serial
from brittlestar.reports.paragraphs import plain_words
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_study
from brittlestar.verbs.run import run
from tests.execution.tiny import contents, write_study

NO_PROBES = {"probes.suite": "none"}


class Listening(SilentWatcher):
    def __init__(self) -> None:
        self.gpus: list[int | None] = []

    def on_event(self, event: Event, done: int, total: int, seconds_left: float | None) -> None:
        if isinstance(event, Started):
            self.gpus.append(event.gpu)


@pytest.fixture
def two_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brittlestar.execution.jobs.trains_on_gpu", lambda cell: True)
    monkeypatch.setattr(gpu_places, "trains_on_gpu", lambda cell: True)
    monkeypatch.setattr(gpu_places, "count_gpus", lambda: 2)


def test_another_number_trains_nothing_again_and_changes_no_result(tmp_path: Path, two_gpus: None) -> None:
    study, store = write_study(tmp_path, seeds=1), tmp_path / "tiny.study"
    for many in (1, 4):
        (tmp_path / str(many)).mkdir()
        watcher = Listening()
        settings = {**NO_PROBES, "execution.cells_per_gpu": str(many)}
        run(study, out=tmp_path / str(many) / "tiny.study", settings=settings, jobs=3, watcher=watcher)
        assert {*watcher.gpus} == {0, 1}
    one, four = (contents(tmp_path / many / "tiny.study") for many in ("1", "4"))
    assert one.keys() == four.keys() and "report/results.json" in one
    assert [name for name in one if one[name] != four[name]] == ["study.json"]
    store, watcher = tmp_path / "4" / "tiny.study", Listening()
    grown = run(store, settings={"execution.cells_per_gpu": "1"}, watcher=watcher)
    assert str(grown.store) == str(store) and watcher.gpus == []
    assert "execution" not in read_study(Store(store)), "1 is the default"


def test_a_finished_study_of_a_gpu_is_read_without_one(
    tmp_path: Path, two_gpus: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count() -> int:
        raise InputError("no CUDA device is available", "training.device")

    study, store = write_study(tmp_path, seeds=1), tmp_path / "tiny.study"
    run(study, out=store, jobs=3, settings=NO_PROBES, progress=False)
    monkeypatch.setattr(gpu_places, "count_gpus", count)
    assert run(store, progress=False).exit_code == 0
    with pytest.raises(InputError, match="no CUDA device is available"):
        run(study, out=store, seeds=2, settings=NO_PROBES, progress=False)


def test_executors_are_no_wider_than_their_gpus_where_only_such_runs_come() -> None:
    placed: Any = place_runs(Processes(16), 2, 4, True)
    assert (placed.width, placed.places) == (8, Places(2, 4))
    placed = place_runs(Processes(3), 2, 4, True)
    assert placed.width == 3
    assert place_runs(Processes(16), 2, 4, False).width == 16
    cluster: Any = place_runs(Cluster(5), 2, 4, True)
    assert (cluster.cells_per_gpu, cluster.limit) == (4, 5)
    assert place_runs(Serial(), 2, 4, True) == Serial()


@pytest.mark.parametrize("value", ["0", "auto"])
def test_odd_numbers_are_refused_with_what_is_allowed(tmp_path: Path, value: str) -> None:
    with pytest.raises(InputError, match=r"execution\.cells_per_gpu.*allowed: a whole number .* 64"):
        run(write_study(tmp_path), settings={"execution.cells_per_gpu": value}, dry_run=True)


def test_a_dry_run_says_how_many_share_a_gpu_also_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> int:
        raise InputError("no CUDA device is available", "training.device")

    monkeypatch.setattr("brittlestar.pipeline.plan_cost.trains_on_gpu", lambda cell: True)
    study = write_study(tmp_path, seeds=4)
    for count, width in ((lambda: 2, 6), (none, 9)):
        monkeypatch.setattr("brittlestar.pipeline.plan_cost.count_gpus", count)
        found = run(study, jobs=9, settings={"execution.cells_per_gpu": "3"}, dry_run=True)
        assert (found["cells_per_gpu"], found["jobs"]) == (3, width)
        assert "3 runs at once on each." in " ".join(plain_words(block.text) for block in dry_run_output(found).blocks)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU: what happens without one is not seen")
def test_without_a_gpu_counting_is_a_clear_error() -> None:
    with pytest.raises(InputError, match=r"training.device: no CUDA device is available; use cpu, or install"):
        count_gpus()
