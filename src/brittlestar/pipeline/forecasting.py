"""Forecasts of a study: main's stored answers on its splits without labels."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from brittlestar.core.catalogue import find_checks
from brittlestar.core.checks import run_checks
from brittlestar.core.forecasts import Forecast
from brittlestar.core.results import RunProbabilities, StudyRecord
from brittlestar.core.splits import EncodedData, EncodedSplit
from brittlestar.data.encode import encode
from brittlestar.data.opening import open_data
from brittlestar.forecasts.forecasting import AnsweredSplit, forecast_split, join_known, say_nothing
from brittlestar.store.later_splits import later_splits, read_stored
from brittlestar.store.layout import Store
from brittlestar.store.split_answers import read_run_probabilities
from brittlestar.study.default_claims import headline_split
from brittlestar.study.loading import bare_study

if TYPE_CHECKING:
    from brittlestar.pipeline.probe_given import Predict

MOST_ROWS = 20_000  # budget: rows of one side in which another tokenisation is looked for, a second
Labels = Mapping[str, np.ndarray]
"""{split: labels of the few rows that have some}, as `join_known` takes them."""


def forecast_study(
    store: Store,
    record: StudyRecord,
    *,
    names: Collection[str] = (),
    level: float = 0.9,
    labelled: Labels | None = None,
    predict: "Predict | None" = None,
) -> tuple[Forecast, ...]:
    """What main, or `predict` in its place, is expected to score on splits without labels, all or `names`: one forecast
    each, which says where nothing can be told."""
    if not record.unlabelled:
        return ()
    data = open_data(store.data)
    split = headline_split({name: one.rows for name, one in record.splits.items()})

    def answer(name: str) -> AnsweredSplit | None:
        if split is None:
            return None
        return _ask(predict, store, data, name) if predict is not None else _read(store, record, data, name, split)

    here = None if split is None else answer(split)
    found: list[Forecast] = []
    for name in names or record.unlabelled:
        if wrong := find_mismatch(store, record, name):
            found.append(say_nothing(name, record.main, data.splits[name].n_rows, level, wrong))
            continue
        new = answer(name)
        if here is None or new is None:
            found.append(say_nothing(name, record.main, data.splits[name].n_rows, level, _lacking(name, split, here)))
            continue
        one = forecast_split(record.main, here, new, record.classes, level)
        given = (labelled or {}).get(name)
        found.append(one if given is None else join_known(one, new, given))
    return tuple(found)


def find_mismatch(store: Store, record: StudyRecord, name: str) -> str:
    """What `token.mismatch` says of rows that were split into other tokens than train's; empty where they were not. The
    audit of the study knows it of splits that were there; rows that came later are looked at here."""
    findings = () if record.audit is None else record.audit.findings
    if name in later_splits(store):
        from brittlestar.audits.analysis import Analysis  # late: what judges a study loads no audit

        read = {split: read_stored(store.rows(split)) for split in ("train", name)}
        frames = {split: one.sample(min(one.height, MOST_ROWS), seed=0) for split, one in read.items()}
        study = bare_study(record.name, store.data, tokens="list", factors=None).study
        beside = Analysis.of(frames, encode(frames, study.data), study, store.data).beside_new
        findings = [] if beside is None else run_checks([find_checks("data")["token.mismatch"]], beside)
    told = [one for one in findings if one.code == "token.mismatch" and one.where.get("split") == name]
    return next((one.summary.removesuffix(".") for one in told if one.status == "present"), "")


def _read(store: Store, record: StudyRecord, data: EncodedData, name: str, finished: str) -> AnsweredSplit | None:
    """The answers of the runs that are scored on the split `finished`; None where one of them has none."""
    split, cells = data.splits[name], record.list_finished(record.main, finished)
    answers = read_run_probabilities(store, cells, name, split.fingerprint, split.n_rows)
    return None if answers is None else AnsweredSplit(split, answers, _columns(store, split))


def _ask(predict: "Predict", store: Store, data: EncodedData, name: str) -> AnsweredSplit:
    """What a function answers on a split. Raises InputError."""
    tokens: list[list[str]] = pl.read_parquet(store.rows(name), columns=["tokens"])["tokens"].to_list()
    values = predict(data.classes).ask(tokens)
    split, rows = data.splits[name], np.arange(len(tokens))
    return AnsweredSplit(split, RunProbabilities(values[None], False, rows), _columns(store, split))


def _columns(store: Store, split: EncodedSplit) -> dict[str, np.ndarray]:
    columns = {"length": np.asarray(split.lengths), **split.factor_weights}
    if split.groups is None:
        return columns
    return {**columns, "group": pl.read_parquet(store.rows(split.name), columns=["group"])["group"].to_numpy()}


def _lacking(name: str, split: str | None, here: AnsweredSplit | None) -> str:
    if split is None:
        return "there is no split with labels, test or dev, to hold the new rows against"
    if here is None:
        return f"no finished run of main has answers on {split}"
    return (
        f"main has no answers on {name}: give predictions of that split with the others, or a model that keeps weights"
    )
