"""Runs of one variant that left the same from different seeds: one of them is a copy, unless the method knows no
seed."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from brittlestar.core.cells import Cell
from brittlestar.records.outcomes import Checked, judge
from brittlestar.records.unpacked import Unpacked
from brittlestar.store.cell_folder import read_outcome
from brittlestar.store.cell_outputs import PREDICTIONS

COPIES = "one run a seed"
STEPS = "steps.parquet"
DRAWN_TOLERANCE = 1e-4
"""Outputs of networks whose first weights are drawn are never as near as this on every row (convention)."""
Outcomes = Mapping[str, Mapping[str, Any]]
Pairs = Sequence[tuple[Cell, Cell]]


def is_network(cell: Cell, outcome: Mapping[str, Any]) -> bool:
    """Whether our own loop trained it."""
    model = cell.settings["model"]
    return outcome.get("outcome") == "trained" or not (model["own"] or model["predictions"])


def is_drawn(cell: Cell, outcome: Mapping[str, Any]) -> bool:
    """Whether its first weights are known to come from the seed: a bag begins at zero, and own code where it likes."""
    model = cell.settings["model"]
    return is_network(cell, outcome) and not model["own"] and model["family"] != "bag"


def pair_seeds(cells: Sequence[Cell], outcomes: Outcomes) -> Pairs:
    """Every two runs of one variant that are done, and drew from different seeds; one that diverged has no answers of
    its own."""
    done = [cell for cell in cells if outcomes.get(cell.hash, {}).get("outcome") not in (None, "diverged")]
    pairs = combinations(done, 2)
    return [(one, other) for one, other in pairs if one.variant == other.variant and one.streams != other.streams]


def share_files(one: Cell, other: Cell, outcomes: Outcomes) -> bool:
    """Whether two networks have the same answers, losses or weights, by the hashes of their files."""
    first, second = (outcomes[cell.hash]["files"] for cell in (one, other))
    named = [name for name in first if name in (PREDICTIONS, STEPS) or name.endswith(".safetensors")]
    return is_network(one, outcomes[one.hash]) and any(first[name] == second.get(name) for name in named)


def judge_copies(pairs: Pairs, equal: Pairs, outcomes: Outcomes) -> Checked:
    """What it says that `equal` ones among all `pairs` left the same: where weights are drawn by seed, and where others
    of our networks differ, that one of two is a copy. Of other methods it cannot be seen; where all seeds agree they
    are one run."""
    found: list[Checked] = []
    for variant in dict.fromkeys(one.variant for one, _ in equal):
        these, every = ([pair for pair in some if pair[0].variant == variant] for some in (equal, pairs))
        seeds = ", ".join(str(seed) for seed in sorted({one.seed for pair in these for one in pair}))
        told, first = f"seeds {seeds} of {variant} left the same", these[0][0]
        drawn, network = (of(first, outcomes[first.hash]) for of in (is_drawn, is_network))
        if not drawn and len(these) == len(every):
            found.append(
                Checked("", "identical", (f"every seed of {variant} gives the same answers: they are one run",))
            )
        elif network:
            found.append(Checked("", "differs", (f"{told}, which trained from different seeds they cannot: a copy",)))
        else:
            open_ = f"{told}: a copy, or its seed decides little (--depth retrain trains these first)"
            found.append(Checked("", "cannot-tell", (open_,)))
    return Checked(
        COPIES, judge(found) if found else "identical", tuple(told for part in found for told in part.details)
    )


def check_copies(what: str, record: Unpacked) -> Checked:
    """Whether runs of different seeds left the same."""
    return judge_copies(*find_equal(record))


def find_equal(record: Unpacked) -> tuple[Pairs, Pairs, Outcomes]:
    """Pairs of runs of a record, those that left the same (files, or outputs of the best checkpoint on the split of the
    headline, row by row), and outcomes by hash."""
    outcomes = {cell.hash: read_outcome(record.store, record.store.cell(cell.hash)) or {} for cell in record.cells}
    pairs = pair_seeds(record.cells, outcomes)
    answers = {one.hash: _read_answers(record, one) for pair in pairs for one in pair}

    def is_equal(cell: Cell, other: Cell) -> bool:
        first, second = answers[cell.hash], answers[other.hash]
        near = DRAWN_TOLERANCE if is_drawn(cell, outcomes[cell.hash]) else 0.0
        same = first.shape == second.shape and bool(np.allclose(first, second, rtol=near, atol=near))
        more_than_labels = same and len(np.unique(first.round(4), axis=0)) > len(record.data.classes)
        return more_than_labels or share_files(cell, other, outcomes)

    return pairs, [pair for pair in pairs if is_equal(*pair)], outcomes


def _read_answers(record: Unpacked, cell: Cell) -> np.ndarray:
    """Outputs of the best checkpoint, float64 (rows, classes)."""
    table = pl.read_parquet(record.store.path(f"{record.store.cell(cell.hash)}/{PREDICTIONS}"))
    on_split = (pl.col("split") == record.headline_split) & (pl.col("checkpoint") == "best")
    rows = table.filter(on_split).sort("row")
    return np.asarray(rows["values"].to_list(), np.float64).reshape(rows.height, -1)
