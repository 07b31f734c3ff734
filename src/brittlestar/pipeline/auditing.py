"""From opened data to what an audit looks at, and what is measured beside it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from brittlestar.core.catalogue import find_checks
from brittlestar.core.checks import Check
from brittlestar.core.errors import InputError
from brittlestar.core.hashing import array_digest, digest, file_digest
from brittlestar.data.predictions.runs import Given
from brittlestar.pipeline.open import Opened

if TYPE_CHECKING:
    from brittlestar.audits.analysis import Analysis
Predictions = dict[str, dict[str, np.ndarray]]


def mean_predictions(given: Given) -> Predictions:
    """`predictions[variant][split]` float64 (n_rows, n_classes): the mean over the seeds that cover the split."""
    tables: dict[str, dict[str, list[np.ndarray]]] = {}
    for (variant, _), imported in sorted(given.items(), key=lambda item: item[0]):
        for split, table in imported.probabilities.items():
            tables.setdefault(variant, {}).setdefault(split, []).append(table.astype(np.float64))
    return {
        variant: {split: np.mean(np.stack(seeds), axis=0) for split, seeds in splits.items()}
        for variant, splits in tables.items()
    }


def open_analysis(opened: Opened, given: Given) -> Analysis:
    """What an audit of opened data looks at."""
    from brittlestar.audits.analysis import Analysis

    made = Analysis.of(opened.frames, opened.data, opened.study, opened.base)
    return replace(made, predictions=mean_predictions(given)) if given else made


PLANTED = ("leak.exact", "shortcut.token")
COPIES, CLEAN = 10, 20
MOST_ROWS_FOR_LIMITS = 20_000
"""Faults that are planted to measure what an audit sees, into how many copies beside how many clean ones, and the rows
above which that takes too long for a command that says so in passing."""


def measure_limits(made: Analysis, progress: Callable[[str, int, int], None]) -> dict[str, Any] | None:
    """What an audit of these rows would have seen; None for too many or too few rows, or no split to plant in."""
    from brittlestar.audits.limits import limits

    if sum(rows.n_rows for rows in made.splits.values()) > MOST_ROWS_FOR_LIMITS:
        return None
    try:
        return limits(made, PLANTED, COPIES, CLEAN, progress)
    except InputError:
        return None


def describe_audited(opened: Opened, given: Given, own: Sequence[Check]) -> dict[str, Any]:
    """What an audit by our checks and `own` is of: when any of it changes, the audit is made anew. Places of files are
    no part of it; checks of others go by what their files say, too: a changed one is another check."""
    checks = [
        *find_checks("data"),
        *(f"{check.code} {file_digest(Path(inspect.getfile(check.function)))}" for check in own),
    ]
    settings = opened.study.model_dump(mode="json", include={"data", "model", "training", "variants", "trivial"})
    settings["data"] = {key: value for key, value in settings["data"].items() if key not in ("path", "splits")}
    settings["model"] = {key: value for key, value in settings["model"].items() if key != "predictions"}
    tables = {
        variant: {s: array_digest(t) for s, t in splits.items()} for variant, splits in mean_predictions(given).items()
    }
    return {"splits": opened.fingerprints, "settings": digest(settings), "predictions": tables, "checks": checks}
