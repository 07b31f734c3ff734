"""A step of training seen from the inside: what was traced, and what it says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.documents import begin_document
from brittlestar.core.errors import InputError
from brittlestar.core.results import DEFAULTS, StudyRecord
from brittlestar.core.tracing import Traced, Tracing
from brittlestar.models.own_params import declare_parameters
from brittlestar.pipeline.prepare import load_code
from brittlestar.pipeline.trace_bench import (
    NEIGHBOUR,
    RepeatBench,
    judge_repeated,
    renew_seeds,
    trace_influences,
)
from brittlestar.pipeline.trace_rows import trace_rows
from brittlestar.records.reported.effect import SILENT
from brittlestar.reports.paragraphs import Paragraph, name_text
from brittlestar.reports.showing import show_blocks
from brittlestar.store.layout import Store
from brittlestar.study.default_values import change_setting
from brittlestar.study.names import is_session
from brittlestar.study.paths import find_setting
from brittlestar.study.units import count

STAGE = "trace"
TRACED_ROWS = 128  # convention: a few batches an epoch, and more rows than most networks have classes
NOT_TRACED = (*SILENT, "data.tokens", "data.train_rows", "data.train_without")
"""Settings of which another value is another task, or that a short run has of its own."""
PLAIN = (bool, int, float, str, type(None))


@dataclass(frozen=True, repr=False)
class TraceResult(Tracing):
    """What tracing found in the first run of `main` of the `study`."""

    study: str
    main: str
    __repr__ = show_blocks

    @property
    def blocks(self) -> list[Paragraph]:
        """What has no effect, what has one that nobody states, and how much was looked at."""
        settings = count(self.count(["setting"]), "setting")
        others = count(self.count(["influence", "repetition"]), "thing")
        looked = f"{settings} of {self.main}, each with another value, and {others} that nobody states, on {self.rows}"
        untold = ", ".join(one.name for one in self.traced if one.effect == "cannot-tell")
        found = [
            Paragraph((("warning", "yellow"),), ((str(one.code), "bold"), f"  {one.sentence}."), most=4)
            for one in self.found
        ]
        return [
            *(found or [Paragraph("Trace", "Nothing: each setting has an effect, and nothing else has one.")]),
            Paragraph("Looked at", f"{looked} rows of train."),
            *name_text("Open", untold, see=" (-v says why)"),
        ]

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        return {**begin_document(), "study": self.study, "main": self.main, **self.as_json()}


def trace_run(bench: RepeatBench, store: Store, record: StudyRecord, cell: Cell) -> Iterator[Traced]:
    """Everything that is changed in a run of main, one thing after the other. Raises InputError where it fails."""
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
        what = f"main's first run fails on {bench.rows} rows: {plain.error}"
        raise InputError(what, store.name, "give more: --rows 512")
    repetition = judge_repeated("repetition", "the same run again", "nothing was changed", plain, again)
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


def refuse(cell: Cell, store: Store) -> None:
    """Raise InputError for a run that cannot be repeated in a process of its own."""
    model = cell.settings["model"]
    if model["predictions"]:
        raise InputError("predictions were given: there is no training to trace", store.name)
    if is_session(model["own"]):
        what = "its model was an object in memory, which no other process can build"
        raise InputError(what, store.name, "put it into a file, and run the study with --model MODULE:NAME")
