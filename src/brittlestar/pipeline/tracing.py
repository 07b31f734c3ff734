"""Main's first run, again and again with one thing changed: what has no effect, and what has one that nobody states."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.results import DEFAULTS, StudyRecord
from brittlestar.core.tracing import Traced, Tracing
from brittlestar.execution.environment import usable_cores
from brittlestar.execution.progress import Progress
from brittlestar.models.own_params import declare_parameters
from brittlestar.pipeline.prepare import load_code
from brittlestar.pipeline.trace_bench import (
    NEIGHBOUR,
    RepeatBench,
    find_run,
    judge_repeated,
    renew_seeds,
    trace_influences,
)
from brittlestar.pipeline.trace_rows import trace_rows
from brittlestar.store.layout import Store
from brittlestar.study.default_values import change_setting
from brittlestar.study.names import is_session
from brittlestar.study.paths import find_setting

STAGE = "trace"
TRACED_ROWS = 128  # convention: a few batches an epoch, and more rows than most networks have classes
NOT_TRACED = ("data.path", "data.splits", "data.columns", "data.factors", "data.tokens", "data.train_rows",
              "data.train_without", "model.own", "model.kind", "model.params", "model.predictions",
              "model.predictions_columns", "model.abstain", "model.variant", "model.embedding.table",
              "training.device", "training.precision")  # fmt: skip
"""Settings of which another value is another task or another model, or that a short run has of its own."""
REPETITION = "the same run again"
PLAIN = (bool, int, float, str, type(None))


def can_trace(cell: Cell) -> bool:
    """Whether a run can be repeated in a process of its own: something trains it, and that is no object in memory."""
    model = cell.settings["model"]
    return not model["predictions"] and not is_session(model["own"])


def trace_main(
    store: Store, record: StudyRecord, cell: Cell, jobs: int | None, tell: Progress, deadline: float
) -> Tracing | None:
    """What was seen of a run of main, on a few rows of train; None where the time was over: no run begins after
    `deadline` (of `time.monotonic`), and what is not seen whole is not kept."""
    rows = min(TRACED_ROWS, record.splits["train"].rows)
    bench = RepeatBench(find_run(store), rows, jobs or usable_cores(), tell, deadline)
    try:
        return Tracing(cell.hash, rows, tuple(_trace_run(bench, store, record, cell)))
    except TimeoutError:
        return None


def _trace_run(bench: RepeatBench, store: Store, record: StudyRecord, cell: Cell) -> Iterator[Traced]:
    """Everything that is changed in a run of main, one thing after the other; nothing where it fails unchanged."""
    own = load_code(Path(bench.run.search_path), cell.settings["model"])
    # An estimator of a library has settings by the dozen, of which nobody states most.
    every = {} if own is None or own.kind == "estimator" else declare_parameters(own)
    declared = {name: value for name, value in every.items() if isinstance(value, PLAIN)}
    params = {**declared, **cell.settings["model"]["params"]}
    filled = {**cell.settings, "model": {**cell.settings["model"], "params": params}}
    chosen = dict.fromkeys([*_list_chosen(record), *(f"model.params.{name}" for name in params)])
    changed = {path: change_setting(filled, path) for path in chosen}
    able = {path: one for path, one in changed.items() if one is not None}
    changes = [replace(cell, settings=settings) for _, settings in able.values()]
    plain, again, *others, seeded = bench.train([cell, cell, *changes, renew_seeds(cell)], short=True)
    if plain.error:
        yield Traced("repetition", REPETITION, "nothing was changed", "cannot-tell", f"it fails: {plain.error}")
        return
    repetition = judge_repeated("repetition", REPETITION, "nothing was changed", plain, again)
    yield repetition
    if repetition.effect != "none":
        return
    settings = [
        judge_repeated("setting", path, f"{find_setting(filled, path)!r} → {value!r}", plain, other)
        for (path, (value, _)), other in zip(able.items(), others, strict=True)
    ]
    settings.append(judge_repeated("setting", "seeds", f"{cell.seed} → another", plain, seeded))
    yield from _confirm(bench, cell, settings, able)
    unknown = "no other value of it is known"
    yield from (Traced("setting", path, "", "cannot-tell", unknown) for path in chosen if path not in able)
    around = [*trace_influences(bench, cell, plain)]
    yield from around
    alone = any(one.name == NEIGHBOUR and one.effect != "none" for one in around)
    yield from trace_rows(bench.narrow() if alone else bench, store, cell)


def _confirm(
    bench: RepeatBench, cell: Cell, settings: list[Traced], able: Mapping[str, tuple[Any, dict[str, Any]]]
) -> Iterator[Traced]:
    """Settings without effect on a few rows are held against the whole training."""
    silent = [setting for setting in settings if setting.effect == "none"]
    yield from (setting for setting in settings if setting.effect != "none")
    if not silent:
        return
    changed = [
        replace(cell, settings=able[setting.name][1]) if setting.name in able else renew_seeds(cell)
        for setting in silent
    ]
    whole, *others = bench.train([cell, *changed], short=False)
    for one, other in zip(silent, others, strict=True):
        judged = judge_repeated("setting", one.name, one.told, whole, other)
        yield replace(judged, why=judged.why or "seen in the whole training")


def _list_chosen(record: StudyRecord) -> Iterator[str]:
    for setting in record.variants[record.main].settings:
        section = setting.path.partition(".")[0]
        if section not in ("data", "model", "training") or setting.origin in DEFAULTS:
            continue
        if not setting.path.startswith(NOT_TRACED):
            yield setting.path
