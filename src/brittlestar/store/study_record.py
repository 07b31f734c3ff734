"""From a store to the record that later stages read. Nothing here needs PyTorch, and nothing is written."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from brittlestar.core.cells import Cell
from brittlestar.core.metrics import metric_names
from brittlestar.core.own_metrics import register_declared
from brittlestar.core.plain import order_keys, plain
from brittlestar.core.results import CellRecord, Setting, SplitRecord, State, StudyRecord
from brittlestar.core.scores import majority_scores, score_runs
from brittlestar.core.seen_training import read_opened, read_seen
from brittlestar.core.splits import EncodedData, is_unlabelled
from brittlestar.data.opening import check_arrays, open_data, read_summary
from brittlestar.store.attempts import AttemptHistory, read_history
from brittlestar.store.audit_document import read_audit
from brittlestar.store.cell_checks import check_cells
from brittlestar.store.cell_folder import LOG, TIMING, read_outcome
from brittlestar.store.kept_document import read_trace
from brittlestar.store.layout import Store, derived_folder
from brittlestar.store.lock import read_progress
from brittlestar.store.probe_answers import read_probes
from brittlestar.store.split_answers import AnsweredRows
from brittlestar.store.study_document import (
    is_in_memory,
    name_metrics,
    read_cells,
    read_claims,
    read_study,
    read_variants,
)
from brittlestar.study.asked_metrics import keep_asked
from brittlestar.training.trained import Trained

LOG_LINES = 20  # the end of a log that a person reads
LOG_TAIL_BYTES = 1 << 14  # budget: read from the end of a log


def read_record(store: Store, asked: Iterable[str] = ()) -> StudyRecord:
    """The whole study as it stands, with the metrics that it asks for and those of `asked`. Raises InputError without a
    study, StoreError when cell folders are damaged."""
    document = read_study(store)
    claims = read_claims(store)
    register_declared(document.get("metrics", ()))
    more = keep_asked([*name_metrics(document, claims), *asked])
    cells = read_cells(document)
    outcomes = check_cells(store, cells)
    data = open_data(store.data)
    check_arrays(store.data, data)
    history = read_history(store)
    states = _read_states(store, cells, outcomes, history)
    held = ((cell, store.held.get(store.cell(cell.hash))) for cell in cells)
    states |= {cell.hash: _describe_held(cell, found) for cell, found in held if found is not None}
    later = _find_later(store, outcomes, data)
    records = {name: _add_outputs(store, state, outcomes.get(name), data, later) for name, state in states.items()}
    splits = _score_majority(read_summary(store.data).splits, data, more)
    record = StudyRecord(
        name=document["name"],
        main=cells[0].variant,
        metric=document["metric"],
        metrics=(*metric_names(tuple(data.vocabulary.factors)), *more),
        classes=data.classes,
        factors=tuple(data.vocabulary.factors),
        seeds=tuple(document["seeds"]),
        streams=document["streams"],
        splits={name: split for name, split in splits.items() if not is_unlabelled(name)},
        variants={variant.name: variant for variant in read_variants(document)},
        cells=tuple(replace(records[cell.hash], variant=cell.variant, seed=cell.seed) for cell in cells),
        claims=tuple(claims),
        notes=tuple(document["notes"]),
        environment=document["environment"],
        timing={"cell_seconds": dict(history.seconds)},
        title=document["title"],
        place=store.name,
        audit=read_audit(store),
        probes=read_probes(store, [cell.hash for cell in cells]),
        in_memory=is_in_memory(document),
        traced=read_trace(store, cells[0].hash),
        unlabelled={name: split for name, split in splits.items() if is_unlabelled(name)},
    )
    return replace(record, cells=tuple(_add_scores(store, record, more))) if more else record


def _add_scores(store: Store, record: StudyRecord, metrics: Sequence[str]) -> Iterator[CellRecord]:
    """The cells with the scores under metrics that are computed where they are asked for, of the best checkpoint, as
    far as every row is stored."""
    rows = AnsweredRows(store, record)
    found: dict[tuple[str, int], dict[str, dict[str, float | None]]] = {}
    for split in rows:
        for variant, answers in rows[split].runs.items():
            by_metric = [(metric, score_runs(answers, metric)) for metric in metrics]
            for k, cell in enumerate(record.list_finished(variant, split)):
                found.setdefault((variant, cell.seed), {})[split] = {metric: each[k] for metric, each in by_metric}
    for cell in record.cells:
        more = found.get((cell.variant, cell.seed), {})
        scores = {
            split: {**both, "best": {**both["best"], **more.get(split, {})}} for split, both in cell.scores.items()
        }
        yield replace(cell, scores=scores)


def read_states(store: Store) -> tuple[CellRecord, ...]:
    """The cells of a study as they stand, without curves, scores and logs: enough to say what is done. Raises
    InputError without a study, StoreError when cell folders, the encoded data or the audit are damaged."""
    cells = read_cells(read_study(store))
    check_arrays(store.data, open_data(store.data))
    read_audit(store)
    states = _read_states(store, cells, check_cells(store, cells), read_history(store))
    return tuple(replace(states[cell.hash], variant=cell.variant, seed=cell.seed) for cell in cells)


def _read_states(
    store: Store, cells: Sequence[Cell], outcomes: Mapping[str, Mapping[str, Any]], history: AttemptHistory
) -> dict[str, CellRecord]:
    """What is known of each cell by its outcome, what runs, and its attempts; by hash."""
    live = {entry["hash"] for entry in read_progress(store)["running"]}
    first = {cell.hash: cell for cell in reversed(cells)}
    return {name: _judge_state(cell, outcomes.get(name), history.lost, live) for name, cell in first.items()}


def _judge_state(cell: Cell, outcome: Mapping[str, Any] | None, lost: Mapping[str, Any], live: set[str]) -> CellRecord:
    own = (cell.hash, cell.variant, cell.seed)
    if outcome is None:
        state: State = "running" if cell.hash in live else "lost" if cell.hash in lost else "planned"
        entry = lost.get(cell.hash, {}) if state == "lost" else {}
        log = tuple(str(entry.get("log", "")).splitlines()[-LOG_LINES:])
        return CellRecord(*own, state, error=entry.get("reason"), log_tail=log)
    if outcome["state"] == "failed":
        return CellRecord(*own, "failed", error=outcome["error"], seen=read_seen(outcome.get("seen")))
    ran = (outcome["outcome"], outcome["best_epoch"], outcome["epochs"])
    told: dict[str, Any] = {
        "notes": tuple(outcome.get("notes", ())),
        "seen": read_seen(outcome.get("seen")),
        "held": tuple(Setting(**one) for one in outcome.get("held", ())),
        "opened": read_opened(outcome.get("opened")),
    }
    return CellRecord(*own, "done", *ran, **told)


def _describe_held(cell: Cell, held: Trained) -> CellRecord:
    """A cell of a store that does not last, as it would be read from one that does."""
    scores = {name: order_keys(plain(one)) for name, one in held.scores.items() if not is_unlabelled(name)}
    own, ran = (cell.hash, cell.variant, cell.seed), (held.outcome, held.best_epoch, held.epochs)
    return CellRecord(*own, "done", *ran, curves=held.curves, scores=scores, notes=held.notes)


def _find_later(store: Store, outcomes: Mapping[str, Mapping[str, Any]], data: EncodedData) -> set[str]:
    """The folders of done cells' outputs on splits that came later, as far as they are there."""
    return store.backend.find_placed(
        derived_folder(store, digest, name, split.fingerprint)
        for digest, outcome in outcomes.items()
        for name, split in data.splits.items()
        if outcome["state"] == "done" and outcome["splits"].get(name) != split.fingerprint
    )


def _add_outputs(
    store: Store, record: CellRecord, outcome: Mapping[str, Any] | None, data: EncodedData, later: Collection[str]
) -> CellRecord:
    """The same with the end of its log; of a done cell also curves, scores (some of folders in `later`) and clocks."""
    if outcome is None:
        return record
    folder = store.path(store.cell(record.hash))
    with (folder / LOG).open("rb") as handle:
        handle.seek(max(0, handle.seek(0, 2) - LOG_TAIL_BYTES))
        log = tuple(handle.read().decode("utf-8", errors="replace").splitlines()[-LOG_LINES:])
    if record.state == "failed":
        return replace(record, log_tail=log)
    try:
        timing = json.loads((folder / TIMING).read_bytes())
    except (OSError, ValueError):
        timing = {}
    import polars as pl

    frame = pl.read_parquet(folder / "curves.parquet")
    curves = {name: frame[name].to_numpy() for name in frame.columns if name != "epoch"}
    scores = _read_scores(store, record.hash, outcome, data, later)
    return replace(record, curves=curves, scores=scores, log_tail=log, timing=timing)


def _read_scores(
    store: Store, digest: str, outcome: Mapping[str, Any], data: EncodedData, there: Collection[str]
) -> dict[str, Any]:
    """Scores on the splits as they are now: from the cell, or from what was derived for a split that came later."""
    scores: dict[str, Any] = {}
    for name, split in data.splits.items():
        if is_unlabelled(name):
            continue
        if outcome["splits"].get(name) == split.fingerprint:
            scores[name] = outcome["scores"][name]
        else:
            key = derived_folder(store, digest, name, split.fingerprint)
            if key in there and (later := read_outcome(store, key)) is not None:
                scores[name] = later["scores"]
    return scores


def _score_majority(
    found: Mapping[str, SplitRecord], data: EncodedData, asked: Sequence[str]
) -> dict[str, SplitRecord]:
    """The records of splits with what train's most frequent class scores there."""
    train_labels = np.asarray(data.splits["train"].labels)
    records: dict[str, SplitRecord] = {}
    for name, split in data.splits.items():
        weights = {factor: np.asarray(values) for factor, values in split.factor_weights.items()}
        labels = np.asarray(split.labels)
        scored = split.n_rows and not is_unlabelled(name)
        metrics = (*metric_names(tuple(weights)), *asked)
        known = {"metrics": metrics, "classes": data.classes}
        majority = majority_scores(train_labels, labels, weights, len(data.classes), **known) if scored else {}
        records[name] = replace(found[name], majority=majority)
    return records
