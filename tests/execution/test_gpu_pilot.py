"""The pilot of a study on GPUs, with made-up memory: trainings are real, and of the CPU."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import torch

from brittlestar.core.errors import InputError
from brittlestar.data.folder import write_data
from brittlestar.execution import rates
from brittlestar.execution.gpu_gauge import count_gpus, watch_memory
from brittlestar.execution.gpu_pilot import GpuPilot, measure_sharing
from brittlestar.execution.inspecting import first_cells
from brittlestar.execution.interruption import Interrupted, Interruption
from brittlestar.execution.jobs import site_of
from brittlestar.execution.pilot import lengthen_cell, run_pilots, shorten_cell
from brittlestar.execution.serial import Serial
from brittlestar.store.layout import Store
from brittlestar.verbs.opening import open_input
from brittlestar.verbs.preparing import prepare

GIB = 2**30
NO_CUDA = pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU: what happens without one is not seen")


@dataclass
class MadeUpGauge:
    """Two GPUs, of which others use a part of the second; pilots take what is listed, one after the other."""

    free: tuple[int, ...] = (16 * GIB, 10 * GIB)
    taken: list[int] = field(default_factory=lambda: [GIB, 3 * GIB, 2 * GIB])

    def take_most(self) -> int:
        return self.taken.pop(0)


@contextmanager
def open_made_up() -> Generator[MadeUpGauge]:
    yield MadeUpGauge()


@pytest.fixture
def pilot(study: Path) -> GpuPilot:
    prepared = prepare(open_input(study))
    store = Store(study.with_name("pilot.study"))
    write_data(store.data, prepared.opened.frames, prepared.opened.data)
    return GpuPilot(site_of(store, study.parent, study.parent), first_cells(prepared.cells), 60, 2)


def test_a_pilot_is_short_and_a_long_one_lasts(pilot: GpuPilot) -> None:
    main = pilot.cells[0]
    short, share = shorten_cell(main, 8000, 1)
    assert (short.settings["training"]["epochs"], short.settings["data"]["train_rows"], share) == (1, 2000, 0.25)
    assert shorten_cell(main, 60, 5)[1] == 1.0 and main.settings["training"]["epochs"] == 2
    long, steps = lengthen_cell(main, 60, 1000)
    assert long.settings["training"]["epochs"] == 1000 and steps == 4 and lengthen_cell(main, 8000, 9)[1] == 125


def test_each_variant_has_one_pilot(pilot: GpuPilot) -> None:
    assert [cell.variant for cell in pilot.cells] == ["main", "bag", "lstm"]
    gauge = MadeUpGauge()
    runs = [*run_pilots(pilot.cells, pilot.site, pilot.rows, Serial(), gauge=gauge)]
    assert [run.cell for run in runs] == [*pilot.cells] and [run.memory for run in runs] == [GIB, 3 * GIB, 2 * GIB]
    assert all(run.share == 1.0 and run.seconds > 0 for run in runs) and not (Path(pilot.site.store) / "cells").exists()


@pytest.mark.slow
def test_the_hungriest_variant_and_the_fullest_gpu_decide(pilot: GpuPilot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "_WINDOW", 0.2)
    found = measure_sharing(pilot, Interruption(), open_made_up)
    assert (found.memory_per_run, found.memory_free) == (3 * GIB, 10 * GIB)
    assert set(found.rates) == {1, 2} and all(rate > 0 for rate in found.rates.values())
    assert found.cells_per_gpu in (1, 2)


def test_a_variant_whose_pilot_fails_leaves_one_run_to_a_gpu(pilot: GpuPilot, study: Path) -> None:
    (study.parent / "broken.py").write_text("def fit(train, dev, seed):\n    raise ValueError\n", encoding="utf-8")
    settings = {**pilot.cells[1].settings, "model": {**pilot.cells[1].settings["model"], "own": "broken:fit"}}
    broken = GpuPilot(pilot.site, (type(pilot.cells[1])("odd", 0, settings, pilot.cells[1].streams, "f" * 64),), 60, 2)
    found = measure_sharing(broken, Interruption(), open_made_up)
    assert (found.cells_per_gpu, found.why) == (1, "the pilot of odd did not end well")


def test_a_wish_to_end_ends_the_pilot(pilot: GpuPilot) -> None:
    with pytest.raises(Interrupted):
        measure_sharing(pilot, Interruption(deadline=0.0), open_made_up)


@NO_CUDA
def test_without_a_gpu_the_gauge_is_a_clear_error() -> None:
    with pytest.raises(InputError, match=r"training.device: no CUDA device is available; use cpu, or install"):
        count_gpus()


@pytest.fixture
def watched() -> Iterator[Callable[[list[tuple[int, ...]]], list[int]]]:
    """What the gauge answers to one question after each of some readings of free memory."""

    def ask(readings: list[tuple[int, ...]]) -> list[int]:
        ours, theirs = multiprocessing.Pipe()
        left, read_all = iter(readings), threading.Event()
        last = readings[-1]

        def read() -> tuple[int, ...]:
            try:
                return next(left)
            except StopIteration:
                read_all.set()
                return last

        thread = threading.Thread(target=watch_memory, args=(theirs, read, 0.0))
        thread.start()
        free = ours.recv()
        answers = list(free[:1])
        if free:
            assert read_all.wait(10)
            for _ in range(2):
                ours.send(None)
                answers.append(ours.recv())
        ours.close()
        thread.join(10)
        assert not thread.is_alive()
        return answers

    yield ask


def test_the_gauge_tells_the_most_that_was_gone_since_it_was_asked(
    watched: Callable[[list[tuple[int, ...]]], list[int]],
) -> None:
    assert watched([(100, 50), (90, 50), (30, 50), (70, 50), (95, 50)]) == [100, 70, 5]
    assert watched([()]) == []
