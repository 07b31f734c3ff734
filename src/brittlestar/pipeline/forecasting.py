"""Forecasts of a study: main's stored answers on its splits without labels."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.errors import InputError, format_error
from brittlestar.core.forecasts import Forecast
from brittlestar.core.results import RunProbabilities, StudyRecord
from brittlestar.core.splits import EncodedData
from brittlestar.data.opening import open_data
from brittlestar.forecasts.forecasting import AnsweredSplit, forecast_split, join_known, say_nothing
from brittlestar.store.layout import Store
from brittlestar.store.split_answers import read_run_probabilities
from brittlestar.study.default_claims import headline_split
from brittlestar.training.predictor import FunctionPredictor

Labels = Mapping[str, np.ndarray]
"""{split: labels of the few rows that have some}, as `join_known` takes them."""


@dataclass(frozen=True)
class Predict:
    """A function from lists of tokens to probabilities (n, C), and its name."""

    function: Callable[[list[list[str]]], Any]
    name: str


def forecast_study(
    store: Store,
    record: StudyRecord,
    *,
    names: Collection[str] = (),
    level: float = 0.9,
    labelled: Labels | None = None,
    predict: Predict | None = None,
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
        new = answer(name)
        if here is None or new is None:
            found.append(say_nothing(name, record.main, data.splits[name].n_rows, level, _lacking(name, split, here)))
            continue
        one = forecast_split(record.main, here, new, record.classes, level)
        given = (labelled or {}).get(name)
        found.append(one if given is None else join_known(one, new, given))
    return tuple(found)


def _read(store: Store, record: StudyRecord, data: EncodedData, name: str, finished: str) -> AnsweredSplit | None:
    """The answers of the runs that are scored on the split `finished`; None where one of them has none."""
    split, cells = data.splits[name], record.list_finished(record.main, finished)
    answers = read_run_probabilities(store, cells, name, split.fingerprint, split.n_rows)
    return None if answers is None else AnsweredSplit(split, answers)


def load_predict(predict: str | Callable[[list[list[str]]], Any]) -> Predict:
    """The function from token lists to probabilities, and its name. Raises InputError where it cannot be imported."""
    if not isinstance(predict, str):
        return Predict(predict, getattr(predict, "__name__", "predict"))
    from brittlestar.models.importing import import_object

    return Predict(import_object(predict, Path.cwd(), "--predict"), predict)


def _ask(predict: Predict, store: Store, data: EncodedData, name: str) -> AnsweredSplit:
    """What a function answers on a split. Raises InputError."""
    import polars as pl

    tokens: list[list[str]] = pl.read_parquet(store.rows(name), columns=["tokens"])["tokens"].to_list()
    try:
        values = FunctionPredictor(predict.function, data.classes, predict.name).ask(tokens)
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"it raised {format_error(error)}", predict.name) from error
    return AnsweredSplit(data.splits[name], RunProbabilities(values[None], False, np.arange(len(tokens))))


def _lacking(name: str, split: str | None, here: AnsweredSplit | None) -> str:
    if split is None:
        return "there is no split with labels, test or dev, to hold the new rows against"
    if here is None:
        return f"no finished run of main has answers on {split}"
    return (
        f"main has no answers on {name}: give predictions of that split with the others, or a model that keeps weights"
    )
