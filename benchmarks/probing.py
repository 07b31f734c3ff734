"""What probes cost: against a bare forward pass over the same tokens, and against an epoch of training.

    python benchmarks/probing.py [--rows 20000] [--repeats 5]

Generates rows of the founding task, trains the reference LSTM for one epoch in this process, and runs the default suite
of probes on it. A bare pass is what a user would write: rows sorted by length, batches of 256, padded,
under `torch.no_grad()`. All on one thread, in alternating repeats. Both sides are held against the rows and tokens of
the suite.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np
import torch
from machine import heading, median_and_range, text_table
from torch import nn
from work import check_work

from brittlestar import generate
from brittlestar.data.folder import write_data
from brittlestar.data.opening import open_data
from brittlestar.execution.probe_suites import make_suite
from brittlestar.models.build import build
from brittlestar.models.info import model_info
from brittlestar.pipeline.open import open_input
from brittlestar.pipeline.probes import asked_probes
from brittlestar.store.growing_arrays import encode_suite
from brittlestar.store.layout import Store
from brittlestar.store.suites import StoredSuite
from brittlestar.study.settings import ModelSettings, ProbeSettings, TrainingSettings
from brittlestar.training.asking import ROWS_ASKED_AGAIN
from brittlestar.training.loop import train
from brittlestar.training.presenting import present_rows
from brittlestar.training.scoring import NetworkPredictor, predict

CPU = torch.device("cpu")


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def bare_pass(model: nn.Module, rows: list[list[int]]) -> None:
    """A user's own scoring: sorted by length, batches of 256, padded."""
    order = sorted(range(len(rows)), key=lambda k: len(rows[k]))
    model.eval()
    with torch.no_grad():
        for at in range(0, len(order), 256):
            batch = [torch.tensor(rows[k]) for k in order[at : at + 256]]
            lengths = torch.tensor([len(row) for row in batch])
            model(nn.utils.rnn.pad_sequence(batch, batch_first=True), lengths)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 0 where both figures that are asked for are met. Raises DriftError."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args(argv)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return measure(options.rows, options.repeats)
    finally:
        torch.set_num_threads(threads)


def measure(train_rows: int, repeats: int) -> int:
    """Make data and suite, then measure."""
    with tempfile.TemporaryDirectory() as place:
        data = Path(place) / "data"
        generate(data, sizes=f"{train_rows}/{train_rows // 10}/{train_rows // 10}", seed=1)
        opened = open_input(data)
        store = Store(Path(place) / "store")
        write_data(store.data, opened.frames, opened.data)
        settings = asked_probes(opened)
        factors = opened.study.data.factors
        making = timed(lambda: make_suite(store, settings, factors, Path(place)))
        suite = make_suite(store, settings, factors, Path(place))
        assert suite is not None
        return report(store, suite, making, settings, repeats)


def report(store: Store, suite: StoredSuite, making: float, settings: ProbeSettings, repeats: int) -> int:
    """Measure and print."""
    stored = open_data(store.data)
    model = build(ModelSettings(), model_info(stored))
    (split,) = encode_suite(store.path(store.suite(suite.id)), rows=10**9)
    offsets = np.asarray(split.offsets)
    rows = [np.asarray(split.codes[a:b]).tolist() for a, b in pairwise(offsets.tolist())]
    epoch = TrainingSettings(epochs=1)
    one_epoch = median(timed(lambda: train(model, stored, epoch, 0, 0, lambda done, of: None)) for _ in range(2))
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(repeats):
        bare.append(timed(lambda: bare_pass(model, rows)))
        ours.append(timed(lambda: predict(model, split, CPU)))
    declared = {"rows": suite.suite.rows.n_rows, "tokens": int(offsets[-1])}
    check_work("a bare pass", declared, {"rows": len(rows), "tokens": sum(map(len, rows))})
    check_work("ours", declared, {"rows": len(predict(model, split, CPU)), "tokens": len(split.codes)})
    others = median(
        timed(lambda: present_rows(NetworkPredictor(model, stored), split, np.arange(ROWS_ASKED_AGAIN)))
        for _ in range(3)
    )
    conditions = len(suite.suite.conditions) - 1
    whole = median(ours) + others
    times = [our / other for our, other in zip(ours, bare, strict=True)]
    size = f"{len(rows):,} distinct rows, {offsets[-1]:,} tokens"
    print(heading(f"{conditions} conditions on {len(suite.suite.sample)} rows, {size}"))
    table = [
        ["making the suite, once a study", f"{making:.2f}", ""],
        ["a bare pass over the same tokens", median_and_range(bare, ".2f"), ""],
        ["ours over the same tokens", median_and_range(ours, ".2f"), f"{median_and_range(times, '.2f')} bare passes"],
        ["other batches and padding", f"{others:.2f}", ""],
        ["one epoch, with its scoring of every split", f"{one_epoch:.2f}", ""],
        ["the suite, a cell", f"{whole:.2f}", f"{whole / one_epoch:.2f} epochs"],
    ]
    print(text_table(["", "seconds", ""], table))
    return 0 if whole <= one_epoch and median(ours) <= 1.2 * median(bare) else 1


if __name__ == "__main__":
    sys.exit(main())
