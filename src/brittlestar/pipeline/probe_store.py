"""Probes of a finished study: its models under changes of their input, and on splits that come later."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.execution.evaluate_finished import Tell, any_weights, score_new_splits
from brittlestar.execution.executors import Workers
from brittlestar.execution.gpu_places import place_on_gpus
from brittlestar.execution.resuming import resume
from brittlestar.pipeline.assess import assess_study
from brittlestar.pipeline.own_metrics import read_live_record
from brittlestar.pipeline.probe_result import ProbeResult
from brittlestar.pipeline.probes import probe_study
from brittlestar.pipeline.report import build_report
from brittlestar.pipeline.store_lock import asking_runs
from brittlestar.reports.headline_text import fill_headline
from brittlestar.store.later_splits import add_split
from brittlestar.store.layout import Store
from brittlestar.store.suites import current_suite

SPLITS = "--split", "score a split", "give predictions for the split with the others, and run the study again"
OTHER_PROBES = (
    "be asked anything else",
    "give the probes before training: --set probes.only=[order]; or give a model: --predict",
)
"""What cannot be had of a study without weights, and what to try."""


def probe_store(
    store: Store,
    workers: Workers,
    tell: Tell,
    changed: Mapping[str, Any] | None = None,
    splits: Mapping[str, str | Path] | None = None,
    columns: Mapping[str, str] | None = None,
) -> ProbeResult:
    """Ask the finished runs of a study the probes that it names, or those of `changed` settings beside them, score them
    on added `splits`, and write the report anew. Raises InputError, StoreError."""
    changed, splits = changed or {}, splits or {}
    with asking_runs(store, workers) as (runner, interruption):
        run, cells = resume(store)
        runner = place_on_gpus(runner, run, cells)
        before = _list_conditions(store)
        if (splits or changed) and not any_weights(store, cells):
            where, use, hint = SPLITS if splits else (f"probes.{next(iter(changed))}", *OTHER_PROBES)
            raise InputError(f"no run of this study left weights, so none can {use}", where, hint)
        problems: list[str] = []
        for name, path in splits.items():
            add_split(store, name, Path(path), columns)
        if splits:
            run, cells = resume(store)
            problems += score_new_splits(run, cells, runner, interruption).problems
        if changed or not splits:
            changed = {"suite": "default", **changed}  # whoever asks for probes gets some
        problems += probe_study(run, cells, runner, interruption, changed, tell).problems
        record = read_live_record(store)
        reading = assess_study(store, record)
        build_report(store, reading)
    place = shlex.quote(str(store.root))
    headline = fill_headline(reading.headline, place)
    dropped = len(before - _list_conditions(store))
    return ProbeResult(record, reading.probed, headline, store.root, tuple(problems), tuple(splits), place, dropped)


def _list_conditions(store: Store) -> set[str]:
    stored = current_suite(store)
    return set() if stored is None else {condition.name for condition in stored.suite.conditions}
