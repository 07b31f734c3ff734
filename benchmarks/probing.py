"""What probes cost: against a bare forward pass over the same tokens, and against an epoch of training.

    python benchmarks/probing.py

Generates 20,000 rows of the founding task, trains the reference LSTM for one epoch in this process, and runs the
default suite of probes on it. A bare pass is what a user would write: rows sorted by length, batches of 256, padded,
under `torch.no_grad()`. All on one thread; medians of five repeats, alternating.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np
import torch
from torch import nn

from brittlestar import generate
from brittlestar.data.folder import write_data
from brittlestar.data.opening import open_data
from brittlestar.execution.layout import Store
from brittlestar.execution.probe_rows import encoded
from brittlestar.execution.probe_suites import make_suite
from brittlestar.execution.stored_suites import StoredSuite
from brittlestar.models.build import build
from brittlestar.models.info import model_info
from brittlestar.study.settings import ModelSettings, ProbeSettings, TrainingSettings
from brittlestar.training.loop import train
from brittlestar.training.presenting import ROWS, presented
from brittlestar.training.scoring import predict
from brittlestar.verbs.opening import open_input
from brittlestar.verbs.probing import asked_probes

REPEATS = 5
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


def main() -> int:
    """Print the table; 0 where both figures that are asked for are met."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as place:
        data = Path(place) / "data"
        generate(data, sizes="20000/2000/2000", seed=1)
        opened = open_input(data)
        store = Store(Path(place) / "store")
        write_data(store.data, opened.frames, opened.data)
        settings = asked_probes(opened)
        factors = opened.loaded.study.data.factors
        making = timed(lambda: make_suite(store, settings, factors, Path(place)))
        suite = make_suite(store, settings, factors, Path(place))
        assert suite is not None
        return report(store, suite, making, settings)


def report(store: Store, suite: StoredSuite, making: float, settings: ProbeSettings) -> int:
    """Measure and print."""
    stored = open_data(store.data)
    model = build(ModelSettings(), model_info(stored))
    (split,) = encoded(store.probes / suite.id, rows=10**9)
    offsets = np.asarray(split.offsets)
    rows = [np.asarray(split.tokens[a:b]).tolist() for a, b in pairwise(offsets.tolist())]
    epoch = TrainingSettings(epochs=1)
    one_epoch = median(timed(lambda: train(model, stored, epoch, 0, 0, lambda done, of: None)) for _ in range(2))
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(REPEATS):
        bare.append(timed(lambda: bare_pass(model, rows)))
        ours.append(timed(lambda: predict(model, split, CPU)))
    others = median(timed(lambda: presented(model, split, np.arange(ROWS), CPU, False)) for _ in range(3))
    conditions = len(suite.suite.conditions) - 1
    whole = median(ours) + others
    print(
        f"suite: {conditions} conditions on {settings.rows} rows, {len(rows):,} distinct rows, {offsets[-1]:,} tokens"
    )
    print(f"making it, once a study               {making:6.2f} s")
    print(f"a bare pass over the same tokens      {median(bare):6.2f} s")
    print(f"ours over the same tokens             {median(ours):6.2f} s  ({median(ours) / median(bare):.2f} times)")
    print(f"other batches and padding             {others:6.2f} s")
    print(f"one epoch on 20,000 rows              {one_epoch:6.2f} s  (with its scoring of every split)")
    print(f"the suite, a cell                     {whole:6.2f} s  ({whole / one_epoch:.2f} epochs)")
    return 0 if whole <= one_epoch and median(ours) <= 1.2 * median(bare) else 1


if __name__ == "__main__":
    sys.exit(main())
