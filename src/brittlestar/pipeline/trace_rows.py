"""Whether the order in which rows stand in their files has an effect on a run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np

from brittlestar.core.cells import Cell
from brittlestar.core.scores import softmax
from brittlestar.core.seeds import generator
from brittlestar.core.tracing import Effect, Traced
from brittlestar.data.opening import open_data
from brittlestar.data.rows import write_rows
from brittlestar.data.transform import choose_train_rows
from brittlestar.execution.jobs import TrainJob
from brittlestar.pipeline.trace_bench import RepeatBench, renew_seeds
from brittlestar.statistics.randomisation import compare_groups
from brittlestar.store.layout import DATA, Store
from brittlestar.training.trained import Trained

SEEDS = 5  # the fewest of which two groups of all ways to deal them differ at .01: 2 of 252
LARGEST_P_OF_TRACE = 0.01  # convention: one healthy run in a hundred
MOST_ASKED = 1000  # budget: rows of a held-out split that are asked about
MATTERS = 1e-3  # convention: of a probability; sums in another order differ by a millionth
TRAIN = "order of rows in train"
HELD_OUT = "order of held-out rows"
TOLD = "rows stand in another order"


@dataclass(frozen=True)
class _Answers:
    """Probabilities (n, C) by held-out split, row by row in the order of the file as it is, or an error."""

    values: Mapping[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])
    error: str = ""

    def measure_distance(self, other: _Answers) -> float:
        """The mean over all rows of the total variation between two answers, from 0 to 1."""
        apart = [np.abs(value - other.values[name]).sum(axis=1) / 2 for name, value in self.values.items()]
        return float(np.concatenate(apart).mean())


def trace_rows(bench: RepeatBench, store: Store, cell: Cell) -> Iterator[Traced]:
    """Rows of train in another order, and those of held-out splits.

    Whoever shuffles train by a seed deals its rows anew for each seed, so that another order is as good as another
    seed; whether it is more is asked of several seeds, each with both orders. An answer must not depend on the order
    in which rows are asked about at all.
    """
    if cell.settings["data"]["order"] == "permuted":
        why = "tokens are permuted row by row, from the first row on"
        yield from (Traced("influence", name, TOLD, "cannot-tell", why) for name in (TRAIN, HELD_OUT))
        return
    with tempfile.TemporaryDirectory(prefix="brittlestar-rows-") as folder:
        files = _write_orders(store, Path(folder), bench.rows, cell.streams["split"] is not None)
        seeds = [cell, *(renew_seeds(cell, times) for times in range(1, SEEDS))]
        asked = [(bench.move(seed, Path(folder) / name), files[name]) for name in ("plain", TRAIN) for seed in seeds]
        asked.append((bench.move(cell, Path(folder) / HELD_OUT), files[HELD_OUT]))
        found = _ask(bench, asked)
    if failed := next((one.error for one in found if one.error), None):
        yield from (Traced("influence", name, TOLD, "cannot-tell", f"it fails: {failed}") for name in (TRAIN, HELD_OUT))
        return
    *runs, turned = found
    yield _judge_train(runs)
    apart = (float(np.abs(value - runs[0].values[name]).max()) for name, value in turned.values.items())
    moved = max(apart, default=0.0)
    effect: Effect = "changes" if moved > MATTERS else "none"
    yield Traced("influence", HELD_OUT, TOLD, effect, f"a probability by up to {moved:.3f}" if moved > MATTERS else "")


def _judge_train(runs: Sequence[_Answers]) -> Traced:
    distances = np.zeros((len(runs), len(runs)))
    for one, other in combinations(range(len(runs)), 2):
        distances[one, other] = distances[other, one] = runs[one].measure_distance(runs[other])
    excess, p = compare_groups(distances, SEEDS)
    if excess > MATTERS and p <= LARGEST_P_OF_TRACE:
        why = f"answers move further than from seed to seed, {SEEDS} seeds with each order, p = {p:.3f}"
        return Traced("influence", TRAIN, TOLD, "changes", why)
    return Traced("influence", TRAIN, TOLD, "none", "no more than another seed does" if excess > 0 else "")


def _write_orders(store: Store, folder: Path, most: int, pooled: bool) -> dict[str, dict[str, np.ndarray]]:
    """Stores with the data in three orders, {name: {split: where its rows stood}}; dev that is `pooled` stays."""
    splits = open_data(store.data).splits
    plain = {name: np.arange(min(split.n_rows, MOST_ASKED)) for name, split in splits.items()}
    train = splits["train"]
    plain["train"] = choose_train_rows(train, most) if most < train.n_rows else np.arange(train.n_rows)
    stays = {"train", "dev"} if pooled else {"train"}
    orders = {
        "plain": plain,
        TRAIN: {**plain, "train": _shuffle(plain["train"], "train")},
        HELD_OUT: {name: rows if name in stays else _shuffle(rows, name) for name, rows in plain.items()},
    }
    for name, rows in orders.items():
        write_rows(store.data, folder / name / DATA, rows)
    return orders


def _shuffle(rows: np.ndarray, name: str) -> np.ndarray:
    return rows[generator(0, "trace rows", name).permutation(len(rows))]


def _ask(bench: RepeatBench, asked: Sequence[tuple[TrainJob, Mapping[str, np.ndarray]]]) -> list[_Answers]:
    """The answers of each job, in the order of the file as it is."""
    trained = bench.train_jobs([job for job, _ in asked], _read_answers, lambda error: _Answers(error=error))
    return [
        one if one.error else _Answers({name: values[np.argsort(rows[name])] for name, values in one.values.items()})
        for one, (_, rows) in zip(trained, asked, strict=True)
    ]


def _read_answers(trained: Trained) -> _Answers:
    best = {name: outputs["best"] for name, outputs in trained.outputs.items() if name != "train"}
    return _Answers({name: one.values if one.probabilities else softmax(one.values) for name, one in best.items()})
