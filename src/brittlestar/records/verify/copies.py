"""Runs of one variant that left the same from different seeds: one of them is a copy, unless the method knows no
seed."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from brittlestar.core.cells import Cell
from brittlestar.records.outcomes import Checked, judge
from brittlestar.records.unpacked import Unpacked
from brittlestar.store.cell_folder import read_outcome
from brittlestar.store.cell_outputs import PREDICTIONS

COPIES = "no run is a copy of another seed's"
STEPS = "steps.parquet"
NEAR = 1e-4
"""Outputs of two seeds that are nearer than this on every row are the same (convention: those of networks never
are)."""
Outcomes = Mapping[str, Mapping[str, Any]]
Pairs = Sequence[tuple[Cell, Cell]]


def is_network(cell: Cell, outcome: Mapping[str, Any]) -> bool:
    """Whether our own loop trained it."""
    model = cell.settings["model"]
    return outcome.get("outcome") == "trained" or not (model["own"] or model["predictions"])


def pair_seeds(cells: Sequence[Cell], outcomes: Outcomes) -> Pairs:
    """Every two runs of one variant that are done, and drew from different seeds; one that diverged has no answers of
    its own."""
    done = [one for one in cells if outcomes.get(one.hash, {}).get("outcome") not in (None, "diverged")]
    pairs = combinations(done, 2)
    return [(one, other) for one, other in pairs if one.variant == other.variant and one.streams != other.streams]


def share_files(one: Cell, other: Cell, outcomes: Outcomes) -> bool:
    """Whether two networks have the same answers, losses or weights, by the hashes of their files."""
    first, second = (outcomes[cell.hash]["files"] for cell in (one, other))
    named = [name for name in first if name in (PREDICTIONS, STEPS) or name.endswith(".safetensors")]
    return is_network(one, outcomes[one.hash]) and any(first[name] == second.get(name) for name in named)


def judge_copies(pairs: Pairs, equal: Pairs, outcomes: Outcomes) -> Checked:
    """What it says that `equal` ones among all `pairs` left the same. A network gets weights and batches from its seed,
    so that one of two is a copy. Of other methods that cannot be seen; where all seeds agree they are one run."""
    found: list[Checked] = []
    for variant in dict.fromkeys(one.variant for one, _ in equal):
        these, all_of_it = ([pair for pair in some if pair[0].variant == variant] for some in (equal, pairs))
        seeds = ", ".join(str(seed) for seed in sorted({one.seed for pair in these for one in pair}))
        told = f"seeds {seeds} of {variant} left the same"
        if is_network(these[0][0], outcomes[these[0][0].hash]):
            found.append(Checked("", "differs", (f"{told}, which trained from different seeds they cannot: a copy",)))
        elif len(these) == len(all_of_it):
            found.append(Checked("", "identical", (f"every seed of {variant} gives the same answers: they are one run",)))
        else:
            open_ = f"{told}: a copy, or its seed decides little (--depth retrain trains these first)"
            found.append(Checked("", "cannot-tell", (open_,)))
    return Checked(COPIES, judge(found) if found else "identical", tuple(told for one in found for told in one.details))


def list_equal(record: Unpacked) -> Pairs:
    """Pairs of runs of a record that left the same: files, or answers on the split of the headline, row by row."""
    return _find_equal(record)[1]


def check_copies(what: str, record: Unpacked) -> Checked:
    """Whether runs of different seeds left the same."""
    return judge_copies(*_find_equal(record))


def _find_equal(record: Unpacked) -> tuple[Pairs, Pairs, Outcomes]:
    """All pairs, those that are equal, and outcomes by hash."""
    outcomes = {one.hash: read_outcome(record.store, record.store.cell(one.hash)) or {} for one in record.cells}
    pairs = pair_seeds(record.cells, outcomes)
    answers = {one.hash: _read_answers(record, one) for pair in pairs for one in pair}

    def is_equal(one: Cell, other: Cell) -> bool:
        first, second = answers[one.hash], answers[other.hash]
        near = first.shape == second.shape and bool(np.allclose(first, second, rtol=NEAR, atol=NEAR))
        more_than_labels = near and len(np.unique(first.round(4), axis=0)) > len(record.data.classes)
        return more_than_labels or share_files(one, other, outcomes)

    return pairs, [pair for pair in pairs if is_equal(*pair)], outcomes


def _read_answers(record: Unpacked, cell: Cell) -> np.ndarray:
    """Outputs of the best checkpoint, float64 (rows, classes)."""
    table = pl.read_parquet(record.store.path(f"{record.store.cell(cell.hash)}/{PREDICTIONS}"))
    on_split = (pl.col("split") == record.headline_split) & (pl.col("checkpoint") == "best")
    rows = table.filter(on_split).sort("row")
    return np.asarray(rows["values"].to_list(), np.float64).reshape(rows.height, -1)
