"""Whether another machine explains that a run which was trained again is not the same: by answers and losses alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from brittlestar.audits.chance import Paired
from brittlestar.core.splits import EncodedSplit
from brittlestar.records.outcomes import Outcome
from brittlestar.records.verify.drawn import MARGIN, RunAgain, bound_rows
from brittlestar.records.verify.runs import score_answers
from brittlestar.store.cell_outputs import PREDICTIONS
from brittlestar.study.units import Unit, count

MOVED = 1e-2
"""In units of the spread of outputs: less is rounding. Of five families under the oneDNN, MKL or PyTorch of another
processor, 30 epochs moved outputs by 1e-4 at most, or, where training is not stable, by whole answers."""
TIMES_MIDDLE = 1000  # the row that moved most moved up to 24 times as far as the middle one, in all of these
BEGIN, FIRST_STEPS = 1e-4, 10
"""First losses that are relatively further apart are of another run: the first 30 steps of these differed by 2e-7."""
FASTER = 1000  # answers moved up to 33 times as much as losses
PROBED = "probes: predictions.npy"
LOSSES = ("train.log_loss", "dev.log_loss")


@dataclass(frozen=True)
class Moves:
    """How far each row's outputs moved in units of their spread, float64 (rows of all splits,) of each checkpoint,
    the best first; and how far losses are relatively apart at their `begin` and at most (`end`), -1 without losses."""

    outputs: Sequence[np.ndarray]
    begin: float
    end: float


def measure_moves(stored: Sequence[pl.DataFrame], again: Sequence[pl.DataFrame]) -> Moves:
    """How a run moved, by its predictions, curves and steps. Losses begin before any step, and with the first ten."""
    first, second = (one[0]["values"].explode().to_numpy().astype(np.float64) for one in (stored, again))
    rows = stored[0].height
    if len(first) != len(second):
        return Moves([np.full(max(rows, 1), np.inf)], np.inf, np.inf)
    apart = np.abs(first - second).reshape(rows, -1).max(axis=1) / max(float(first.std()), 1e-6)
    named = stored[0]["checkpoint"].to_numpy()
    outputs = [apart[named == one] for one in np.unique(named)]
    curves = [_hold(stored[1][name], again[1][name]) for name in LOSSES if name in stored[1] and name in again[1]]
    steps = [_hold(stored[2]["loss"], again[2]["loss"])] if "loss" in stored[2] and "loss" in again[2] else []
    begin = [*(one[:1] for one in curves), *(one[:FIRST_STEPS] for one in steps)]
    ends = (max((float(one.max(initial=-1)) for one in side), default=-1.0) for side in (begin, [*curves, *steps]))
    return Moves(outputs, *ends)


def _hold(stored: pl.Series, again: pl.Series) -> np.ndarray:
    """How far the numbers that both have are relatively apart."""
    length = min(len(stored), len(again))
    one, other = (side.to_numpy().astype(np.float64)[:length] for side in (stored, again))
    return np.nan_to_num(np.abs(one - other) / np.maximum(np.abs(one), 0.01))


def count_answers(run: RunAgain, frames: Sequence[pl.DataFrame], split: EncodedSplit, metric: str) -> RunAgain:
    """The same with how its answers to a split differ, `frames` being those of the record and the new ones; unchanged
    where only a sample of rows is kept."""
    best = (pl.col("split") == split.name) & (pl.col("checkpoint") == "best")
    rows = [one.filter(best).sort("row") for one in frames]
    before, after = ((score_answers(split, one) or {}).get(metric) for one in rows)
    if before is None or after is None:
        return run
    labels = np.asarray(split.labels)
    old, new = (np.asarray(one["values"].to_list(), np.float64).argmax(axis=1) == labels for one in rows)
    right = Paired.of(old, new)
    return replace(run, difference=after - before, gained=right.better, lost=right.worse, rows=split.n_rows)


def explain(run: RunAgain, moves: Moves, wrong: Sequence[str], unit: Unit, smooth: bool) -> RunAgain:
    """What is said of a run that names another environment, and of which `wrong` is not the same; `smooth`: our own
    loop trained it on processors with 32 bits, so that its losses are known, and outputs move as they do here."""
    tops, middles = ([float(how(one)) for one in moves.outputs] for how in (np.max, np.median))
    few = [top > max(MOVED, TIMES_MIDDLE * middle) for top, middle in zip(tops, middles, strict=True)]
    moved = sum(int((one > MOVED).sum()) for one, is_few in zip(moves.outputs, few, strict=True) if is_few)
    stayed = f"{count(moved, 'answer')} moved, and the others stayed"

    answers = stayed if any(few) else "its answers moved"
    rounded, unprobed = max(tops[:1], default=0.0) <= MOVED, "its outputs came back, and not its answers to probes"
    low, high = bound_rows([run]) if run.rows else (0.0, 0.0)
    rules: tuple[tuple[bool, Outcome | None, str], ...] = (
        (smooth and moves.begin > BEGIN, "differs", "its losses are of another run from the first steps on"),
        (smooth and any(few), "differs", f"{stayed}, where rounding moves all alike"),
        (
            smooth and max(middles, default=0.0) > FASTER * max(moves.end, 1e-7),
            "differs",
            "its answers moved, and its losses did not",
        ),
        (rounded and PROBED not in wrong, "equivalent", "its outputs moved as rounding moves them"),
        (rounded, "differs" if PREDICTIONS not in wrong else "cannot-tell", unprobed),
        (not run.rows, "cannot-tell", "only a sample of its rows is kept"),
        (smooth, None, "its losses part little by little from those of the record"),
        (low > MARGIN or high < -MARGIN, "differs", answers),
        (True, None, answers),
    )
    outcome, told = next((outcome, told) for applies, outcome, told in rules if applies)
    moved = "drift" if smooth else "few" if any(few) else "all"
    return replace(run, outcome=outcome, told=f"{told}; {run.tell_difference(unit)}", moved=moved)
