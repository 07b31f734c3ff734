"""What a run would do and cost: runs, places, bytes, and the seconds that finished runs of the study took."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.commands import store_name
from brittlestar.core.documents import begin_document
from brittlestar.core.errors import InputError
from brittlestar.core.splits import EncodedData
from brittlestar.execution.executors import (
    Workers,
    choose_executor,
    closing_executor,
    default_width,
    executor_problems,
)
from brittlestar.execution.gpu_places import count_gpus, place_runs
from brittlestar.execution.inspecting import title
from brittlestar.execution.jobs import trains_on_gpu
from brittlestar.execution.resuming import resume
from brittlestar.execution.session import missing
from brittlestar.models.naming import NamedModel, name_model
from brittlestar.pipeline.more_seeds import as_planned, plan_seeds, settling
from brittlestar.pipeline.open import open_request
from brittlestar.pipeline.prepare import prepare
from brittlestar.pipeline.request import Request, is_store
from brittlestar.pipeline.setup import ask_again, is_unchanged
from brittlestar.reports.showing import Document
from brittlestar.store.attempts import read_history
from brittlestar.store.layout import Store, open_store, read_place
from brittlestar.store.study_document import stored_cells
from brittlestar.study.study_claims import claims_of

Span = tuple[float, float]
"""Seconds, from the least to the most."""


def plan_study(request: Request, workers: Workers, settle: str | None) -> Document:
    """What a run of a request would do, as the JSON of `run --dry-run`. Raises InputError."""
    if wrong := executor_problems(workers.executor, None, workers.address):
        raise InputError(wrong)
    named, grown = name_model(request.model), is_store(request.data)
    if grown:
        if is_unchanged(request, settle):
            resume(open_store(request.data), named.session)
            settle = "no"
        request = ask_again(request, settle)
    prepared = prepare(open_request(replace(request, model=name_model(request.model))))
    store = Store(read_place(request.out if request.out is not None else store_name(prepared.opened.study.name)))
    prepared = as_planned(prepared, stored_cells(store), grown)
    loaded, encoded = prepared.opened.loaded, prepared.opened.data
    on_gpu = any(map(trains_on_gpu, prepared.trainable))
    cells_per_gpu = loaded.study.execution.cells_per_gpu if on_gpu else None
    width = _count_places(workers, named, cells_per_gpu)
    open_cells = missing(store, prepared.cells)
    waiting = Counter(cell.variant for cell in open_cells)
    planned = Counter(cell.variant for cell in prepared.trainable)
    goal = "no" if prepared.given else settling(settle, loaded)
    extra = plan_seeds(claims_of(loaded, tuple(encoded.splits)), planned, goal)
    still_open, taken = {cell.hash for cell in open_cells}, read_history(store).seconds
    variants: dict[str, Any] = {}
    finished: dict[str, list[Cell]] = {}
    spans: dict[str, Span | None] = {}
    for name, study in loaded.by_variant.items():
        cells = [cell for cell in prepared.cells if cell.variant == name]
        finished[name] = [cell for cell in cells if cell.hash not in still_open]
        spans[name] = _span(taken[cell.hash] for cell in finished[name] if cell.hash in taken)
        sizes = {"cells": len(cells), "done": len(finished[name])}
        variants[name] = {"title": title(study.model), **sizes, "seconds_per_cell": spans[name]}
    timed = {cell.hash: taken[cell.hash] for cells in finished.values() for cell in cells if cell.hash in taken}
    told = {
        "study": loaded.study.name,
        "store": str(store.root),
        "jobs": width,
        "cells_per_gpu": cells_per_gpu,
        "cells": len(prepared.cells),
        "done": sum(variant["done"] for variant in variants.values()),
        "variants": variants,
        "timed": len(timed),
        "seconds_per_cell": _span(timed.values()),
        "seconds": _add_seconds(waiting, spans, width),
        "settle": goal,
        "worst": {
            "cells": len(prepared.cells) + extra.total(),
            "seconds": _add_seconds(waiting + extra, spans, width),
        },
        "disk_bytes": _estimate_bytes(store, encoded, waiting, finished),
        "weights_unknown": [name for name in waiting if planned[name] and not finished[name]],
    }
    return Document(begin_document() | told)


def _estimate_bytes(
    store: Store, data: EncodedData, waiting: Mapping[str, int], finished: Mapping[str, list[Cell]]
) -> int:
    """What open runs write, and the rows of the study: as much as a finished run of the variant, else its files but
    its weights."""
    rows = sum(split.n_rows for split in data.splits.values())
    usual = 40_000 + 2 * rows * (4 * len(data.classes) + 2)
    each = {name: store.backend.size(store.cell(cells[0].hash)) for name, cells in finished.items() if cells}
    return sum(many * each.get(name, usual) for name, many in waiting.items()) + 12 * rows


def _count_places(workers: Workers, named: NamedModel, cells_per_gpu: int | None) -> int:
    """How many runs go on at once, as far as GPUs have places; a machine without one plans for another that has them.
    Raises InputError without such a cluster."""
    if workers.executor == "serial":
        return 1
    if workers.executor == "processes":
        width = default_width(workers.jobs)
        try:
            return width if cells_per_gpu is None else min(width, count_gpus() * cells_per_gpu)
        except InputError:
            return width
    cluster, _ = choose_executor("ray", workers.jobs, None, named, workers.address)
    with closing_executor(cluster):
        return (cluster if cells_per_gpu is None else place_runs(cluster, 0, cells_per_gpu, True)).width


def _span(seconds: Iterable[float]) -> Span | None:
    found = sorted(seconds)
    return (found[0], found[-1]) if found else None


def _add_seconds(waiting: Mapping[str, int], spans: Mapping[str, Span | None], width: int) -> Span | None:
    """What open runs take, `width` at once, from the quickest and the slowest finished run of each variant; None where
    a variant has none. No list of jobs needs more than the last term of the upper end adds (Graham 1966)."""
    costs = [(many, spans[name]) for name, many in waiting.items() if many]
    known = [(many, span) for many, span in costs if span is not None]
    if len(known) < len(costs):
        return None
    low, high = (sum(many * span[end] for many, span in known) / width for end in (0, 1))
    shortest, longest = (max((span[end] for _, span in known), default=0.0) for end in (0, 1))
    return max(low, shortest), high + (1 - 1 / width) * longest
