"""Whether memory grows with the number of probes.

    python benchmarks/probing_memory.py [--rows 40000]

Generates test rows of the founding task and takes them all (`probe --full`). For the largest condition (rows
twice as long), for some and for all of the default suite it makes the suite, asks an untrained reference LSTM, and
reads the answers of three such cells. Printed is the most that Python and NumPy had allocated meanwhile (tracemalloc),
and what the suite takes on disk, which grows with its conditions. The rows of the study itself are in memory in each.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from machine import heading, text_table
from work import check_work

from brittlestar import generate
from brittlestar.core.probing import ProbedCell
from brittlestar.data.folder import write_data
from brittlestar.data.opening import open_data
from brittlestar.diagnosis.probes.readings import read_conditions, slice_reading
from brittlestar.execution.probe_suites import make_suite
from brittlestar.models.build import build
from brittlestar.models.info import model_info
from brittlestar.pipeline.open import open_input
from brittlestar.pipeline.probes import asked_probes
from brittlestar.store.growing_arrays import encode_suite, map_array
from brittlestar.store.layout import Store
from brittlestar.store.probe_answers import record_of
from brittlestar.study.settings import ModelSettings
from brittlestar.training.presenting import ask_suite
from brittlestar.training.scoring import NetworkPredictor

CELLS = 3
GROWTH = 1.25
"""All conditions may take this times the memory of the largest alone."""
CHOSEN: dict[str, list[str]] = {
    "the largest": ["length.distract"],
    "order and length": ["order", "length"],
    "all": [],
}


def peak(work: Callable[[], Any]) -> tuple[Any, float]:
    """What `work` gives, and the most MB that it had allocated."""
    tracemalloc.start()
    result = work()
    most = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return result, most


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 0 where memory is flat in the number of conditions. Raises DriftError."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=40_000)
    rows = parser.parse_args(argv).rows
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return measure(rows)
    finally:
        torch.set_num_threads(threads)


def measure(rows: int) -> int:
    """Make the data, then measure."""
    with tempfile.TemporaryDirectory() as place:
        data = Path(place) / "data"
        generate(data, sizes=f"{min(rows, 2000)}/200/{rows}", seed=1)
        opened = open_input(data)
        store = Store(Path(place) / "store")
        write_data(store.data, opened.frames, opened.data)
        settings = asked_probes(opened).model_copy(update={"rows": None})
        return report(store, settings, opened.study.data.factors, Path(place))


def report(store: Store, settings: Any, factors: str | None, place: Path) -> int:
    """Measure and print."""
    stored = open_data(store.data)
    network = NetworkPredictor(build(ModelSettings(), model_info(stored)), stored)
    lines: list[list[str]] = []
    most: list[float] = []
    for name, only in CHOSEN.items():
        began = time.perf_counter()
        chosen = settings.model_copy(update={"only": tuple(only)})
        suite, making = peak(lambda chosen=chosen: make_suite(store, chosen, factors, place))
        folder = store.path(store.suite(suite.id))
        answers, asking = peak(lambda folder=folder: ask_suite(network, encode_suite(folder)))
        cells = {seed: kept(answers, place / f"cell-{seed}") for seed in range(CELLS)}
        record = record_of(suite, {})
        _, reading = peak(
            lambda cells=cells, record=record: [
                slice_reading(record, condition, cells) for condition in read_conditions(record, cells)
            ]
        )
        disk = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        conditions, rows = len(suite.suite.conditions) - 1, suite.suite.rows.n_rows
        took = time.perf_counter() - began
        answered = {"cells": len(cells), "answers": sum(len(cell.predictions) for cell in cells.values())}
        check_work(name, {"cells": CELLS, "answers": CELLS * rows}, answered)
        sizes = (f"{size:,.0f}" for size in (disk, making, asking, reading))
        lines.append([name, str(conditions), f"{rows:,}", *sizes, f"{took:.0f}"])
        most.append(max(making, asking, reading))
    print(heading(f"memory of probes on {stored.splits['test'].n_rows:,} rows, {CELLS} cells, MB"))
    columns = ["", "conditions", "rows", "on disk", "making", "asking", "reading", "seconds"]
    print(text_table(columns, lines))
    return 0 if most[-1] <= GROWTH * most[0] else 1


def kept(answers: ProbedCell, folder: Path) -> ProbedCell:
    """The answers as a study keeps them: mapped from files."""
    folder.mkdir(exist_ok=True)
    np.save(folder / "predictions.npy", answers.predictions)
    np.save(folder / "confidence.npy", answers.confidence)
    return ProbedCell(map_array(folder / "predictions.npy"), map_array(folder / "confidence.npy"), {})


if __name__ == "__main__":
    sys.exit(main())
