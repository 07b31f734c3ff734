"""From opened data to what an audit looks at, and what is measured beside it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from brittlestar.core.answers import Probabilities
from brittlestar.core.catalogue import find_checks
from brittlestar.core.checks import Check
from brittlestar.core.errors import InputError
from brittlestar.core.hashing import array_digest, digest, file_digest
from brittlestar.data.predictions.runs import Given, GivenRun
from brittlestar.pipeline.open import Opened
from brittlestar.study.asked_metrics import list_asked

if TYPE_CHECKING:
    from brittlestar.audits.analysis import Analysis

Predictions = dict[str, dict[str, Probabilities]]


def join_predictions(given: Given) -> Predictions:
    """What the runs of each variant answer on each split that they cover, by seed."""
    found: dict[str, dict[str, list[GivenRun]]] = {}
    for (variant, _), run in sorted(given.items(), key=lambda item: item[0]):
        for split in run.probabilities:
            found.setdefault(variant, {}).setdefault(split, []).append(run)
    return {variant: {name: _join(runs, name) for name, runs in splits.items()} for variant, splits in found.items()}


def _join(runs: Sequence[GivenRun], split: str) -> Probabilities:
    values = np.stack([run.probabilities[split] for run in runs])
    bare = any(split in run.hard for run in runs)
    return Probabilities(values=values, bare=bare, places=np.arange(values.shape[1]))


def open_analysis(opened: Opened, given: Given) -> Analysis:
    """What an audit of opened data looks at."""
    from brittlestar.audits.analysis import Analysis

    made = Analysis.of(opened.frames, opened.data, opened.study, opened.base)
    return replace(made, predictions=join_predictions(given)) if given else made


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
        variant: {split: array_digest(one.values) for split, one in splits.items()}
        for variant, splits in join_predictions(given).items()
    }
    asked = list_asked(opened.study)
    return {
        "splits": opened.fingerprints,
        "settings": digest(settings),
        "predictions": tables,
        "checks": checks,
        **({"metrics": [*asked]} if asked else {}),
    }
