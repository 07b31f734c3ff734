"""From opened data to an audit: the dataset with given predictions, and the audit that `run` keeps in its store."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from brittlestar.core.audit_record import Audit
from brittlestar.core.checks import Check
from brittlestar.core.errors import InputError
from brittlestar.core.hashing import array_digest, digest, file_digest
from brittlestar.core.trivial_baselines import BaselineAnswers
from brittlestar.pipeline.open import Opened
from brittlestar.store.audit_document import stands, write_audit
from brittlestar.store.layout import Store

if TYPE_CHECKING:
    from brittlestar.audits.analysis import Analysis
    from brittlestar.training.imported import ImportedVariant

Given = Mapping[tuple[str, int], "ImportedVariant"]
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

    made = Analysis.of(opened.frames, opened.data, opened.loaded.study, opened.base)
    return replace(made, predictions=mean_predictions(given)) if given else made


PLANTED = ("leak.exact", "shortcut.token")
COPIES, CLEAN = 10, 20
MOST_ROWS = 20_000
"""Faults that are planted to measure what an audit sees, into how many copies beside how many clean ones, and the rows
above which that takes too long for a command that says so in passing."""


def audit_into(
    store: Store,
    opened: Opened,
    given: Given,
    checks: Sequence[Check],
    progress: Callable[[str, int, int], None],
    limits: bool = False,
) -> str | None:
    """Audit into the store with our checks and `checks`, unless the same was audited before; with `limits` also measure
    what the audit would have seen in these rows, where they are few enough for that. Returns why the audit failed, None
    where it did not: nothing that is found in data, and no fault of a check, ever stops a run. Raises StoreError where
    the store cannot be written."""
    # Late: the fork server is started first, and loads PyTorch while these load SciPy.
    from brittlestar.audits.recording import record_audit
    from brittlestar.audits.running import audit_dataset
    from brittlestar.baselines.table import best_answers
    from brittlestar.core.catalogue import find_checks

    own = [check for check in checks if check.needs == "data"]
    # Checks of others go by what their files say, too: a changed one is another check.
    names = [f"{one.code} {file_digest(Path(inspect.getfile(one.function)))}" for one in own]
    of = describe_audited(opened, given, [*find_checks("data"), *names]) | ({"limits": True} if limits else {})
    if stands(store, of):
        return None
    answers: BaselineAnswers = {}
    try:
        made = open_analysis(opened, given)
        audit = record_audit(made, audit_dataset(made, own=own, progress=progress))
        audit = replace(audit, limits=measure_limits(made, progress)) if limits else audit
        answers = best_answers(made.baselines, {name: rows.n_rows for name, rows in made.splits.items()})
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        audit = Audit(failed=f"The audit of the data failed ({what}); the run went on without it.")
    write_audit(store, audit, of, answers)
    return audit.failed


def measure_limits(made: Analysis, progress: Callable[[str, int, int], None]) -> dict[str, Any] | None:
    """What an audit of these rows would have seen; None for too many or too few rows, or no split to plant in."""
    from brittlestar.audits.limits import limits

    if sum(rows.n_rows for rows in made.splits.values()) > MOST_ROWS:
        return None
    try:
        return limits(made, PLANTED, COPIES, CLEAN, progress)
    except InputError:
        return None


def describe_audited(opened: Opened, given: Given, checks: list[str]) -> dict[str, Any]:
    """What an audit is of: when any of it changes, the audit is made anew. Places of files are no part of it."""
    settings = opened.loaded.study.model_dump(mode="json", include={"data", "model", "training", "variants", "trivial"})
    settings["data"] = {key: value for key, value in settings["data"].items() if key not in ("path", "splits")}
    settings["model"] = {key: value for key, value in settings["model"].items() if key != "predictions"}
    tables = {
        variant: {s: array_digest(t) for s, t in splits.items()} for variant, splits in mean_predictions(given).items()
    }
    return {"splits": opened.fingerprints, "settings": digest(settings), "predictions": tables, "checks": checks}
