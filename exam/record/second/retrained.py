"""Mutations of the second record that only training shows: all of it is consistent, and comes from elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np

from exam.record.base import Base
from exam.record.forging import edit, read, renew, write
from exam.record.mutation import Mutation
from exam.record.second.forgery import answer_otherwise, forge, tell_end, transplant

SEEDS = (2, 3, 5)


def pass_off_smoothing(record: Path, base: Base) -> None:
    """All runs of main were trained on smoother targets than is stated."""
    forge(record, base, lambda study: _transplant_all(study, base, "smoothed", "main"))


def pass_off_scale(record: Path, base: Base) -> None:
    """All runs of a variant began with larger vectors than is stated."""
    forge(record, base, lambda study: _transplant_all(study, base, "scaled", "blind"))


def pass_off_held_weights(record: Path, base: Base) -> None:
    """All seeds of main began with the same weights."""
    forge(record, base, lambda study: _transplant_all(study, base, "held", "main"))


def pass_off_slope(record: Path, base: Base) -> None:
    """Runs of the author's factory were trained with another activation than is shown."""
    forge(record, base, lambda study: _transplant_all(study, base, "sloped", "sums"))


def make_failure_good(record: Path, base: Base) -> None:
    """The run that failed was done, with results of code that does not fail."""

    def change(study: Path) -> None:
        name, other = base.hash_of("votes", 5), base.hash_of("votes", 3)
        transplant(study, base, "smoothed", "votes", 5)
        cell = study / "cells" / name
        read_back = read(study / "cells" / other / "cell.json")["read_back"]
        edit(cell / "cell.json", lambda one: one.update(read_back=read_back))
        renew(cell)
        tell_end(study, name, _tell_done)

    forge(record, base, change)


def call_run_failed(record: Path, base: Base) -> None:
    """A run that was done is said to have failed."""

    def change(study: Path) -> None:
        name, failed = base.hash_of("sums", 5), study / "cells" / base.hash_of("votes", 5)
        cell = study / "cells" / name
        text = "sums.py:19: Net.forward raised MemoryError: no room for told"
        for path in cell.iterdir():
            if path.name not in ("cell.json", "timing.json"):
                path.unlink()
        shutil.rmtree(study / "derived" / name)
        edit(cell / "cell.json", lambda one: one.update(read_back=None, parameters=None))
        (cell / "log.txt").write_text(f"Traceback (most recent call last):\n{text}\n", encoding="utf-8")
        outcome = read(failed / "outcome.json")
        write(cell / "outcome.json", {**outcome, "error": text, "folder": name})
        renew(cell)
        tell_end(study, name, lambda line: {**line, "event": "failed", "error": text})

    forge(record, base, change)


def correct_answers(record: Path, base: Base) -> None:
    """Half of a run's errors on the shifted rows are mended."""

    def mend(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
        mended = values.copy()
        for row in np.flatnonzero(values.argmax(1) != labels)[::2]:
            best = values[row].argmax()
            mended[row, [best, labels[row]]] = values[row, [labels[row], best]]
        return mended

    name = base.hash_of("main", 2)
    forge(record, base, lambda study: answer_otherwise(study, name, "shift_far", mend))


def calibrate_answers(record: Path, base: Base) -> None:
    """Runs of the author's fit function are less sure of themselves on the shifted rows than they were."""

    def temper(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
        raised = values.astype(np.float64) ** 0.25
        return (raised / raised.sum(1, keepdims=True)).astype(np.float32)

    def change(study: Path) -> None:
        for seed in (2, 3):
            answer_otherwise(study, base.hash_of("votes", seed), "shift_far", temper)

    forge(record, base, change)


def _transplant_all(study: Path, base: Base, secret: str, variant: str) -> None:
    for seed in SEEDS:
        transplant(study, base, secret, variant, seed)


def _tell_done(line: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**line, "event": "done"}.items() if key != "error"}


MAIN = r"<main/2>|<main/3>|<main/5>"
FORGED = (
    Mutation("smoother targets than stated", pass_off_smoothing, "retrain", MAIN, resealed=True),
    Mutation("larger vectors than stated", pass_off_scale, "retrain", r"<blind/2>|<blind/3>|<blind/5>", resealed=True),
    Mutation("weights held over seeds", pass_off_held_weights, "retrain", MAIN, resealed=True),
    Mutation("other activation than shown", pass_off_slope, "retrain", r"<sums/2>|<sums/3>|<sums/5>", resealed=True),
    Mutation("failed run made good", make_failure_good, "retrain", r"<votes/5>", resealed=True),
    Mutation("good run called failed", call_run_failed, "retrain", r"<sums/5>", resealed=True),
    Mutation("errors mended", correct_answers, "retrain", r"<main/2>", resealed=True),
    Mutation("confidence calibrated", calibrate_answers, "retrain", r"<votes/2>|<votes/3>", resealed=True),
)
