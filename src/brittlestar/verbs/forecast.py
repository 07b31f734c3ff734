"""`forecast`: what the score will be on rows that nobody has labelled, or that it cannot be told."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.data.predictions.sources import sources_of
from brittlestar.execution.executors import ExecutorName, Workers
from brittlestar.pipeline.forecast_inputs import name_labelled, name_rows
from brittlestar.pipeline.forecast_store import ForecastResult as ForecastResult
from brittlestar.pipeline.forecast_store import forecast_store
from brittlestar.pipeline.probe_given import load_function
from brittlestar.pipeline.store_lock import open_to_ask
from brittlestar.store.layout import open_store, read_place

MEASURED = "accuracy"
"""The metric whose forecasts were measured."""


def forecast(
    study: str | Path,
    rows: Any = None,
    *,
    labelled: Any = None,
    predictions: Any = (),
    predictions_columns: Mapping[str, str] | None = None,
    history: bool = False,
    metric: str = MEASURED,
    level: float = 0.9,
    predict: str | Callable[[list[list[str]]], Any] | None = None,
    columns: Mapping[str, str] | None = None,
    forget: str | None = None,
    jobs: int | None = None,
    executor: ExecutorName = "processes",
    address: str | None = None,
) -> ForecastResult:
    """Estimate accuracy on unlabelled rows.

    Needs a study's folder: its finished runs answer the rows. How far they agree and how sure they are give an expected
    accuracy, with an interval whose error was measured on real shifts.

    Args:
        study (STUDY): A study's folder, as `run` or `check` with `out` made it.
        rows (--rows FILE,…): Files of rows without labels, read like a split; a column `label` is not read. The split
            of march.csv is new_march. The study keeps them once they are answered. Default: the rows without labels
            that the study has. In Python also a frame, texts, pairs (text, label), or a mapping of names to any.
        labelled (--labelled FILE): The few labels that there are, with the ids of their rows, drawn at random. They are
            joined with what is expected of all rows, and kept. They are of the file that is given, or of the only rows
            without labels that the study has. In Python also a frame, pairs (id, label), or a mapping of names to any.
        predictions (--preds FILE…): Predictions of the rows, one file for each seed of the study, for runs that left no
            weights: id,prediction, as `check` reads them. Repeatable. In Python also what `check` takes.
        predictions_columns (--preds-columns ROLE=COLUMN,…): Columns of `predictions`: prediction=pred,id=uid. In Python
            a mapping.
        history: Every split without labels by date or name: expected, measured, shares of answers, differences from
            train.
        metric (METRIC): The metric. Forecasts were measured for accuracy alone.
        level (SHARE): Level of the interval, from 0.5 to 0.99.
        predict (PACKAGE.MODULE:NAME): A function from token lists to class probabilities, in place of the study's runs.
            In Python also the function itself.
        columns: As in `audit`.
        forget (NAME): Take the rows of this name, which a file brought in, out of the study first.
        jobs: As in `run`.
        executor: As in `run`.
        address: As in `run`.

    Returns:
        A forecast for each file: the expected accuracy with an interval, the signals that it rests on, and how such
        forecasts did; or `cannot-say`, with the signal that is out of range.

    Raises:
        InputError: The study, the rows, the labels or an option cannot be used.
        StoreError: The study is busy or damaged, or cannot be written.
        KeyboardInterrupt: It was interrupted; what is done is kept, and the same call goes on from there.

    Command:
        No forecast sees a changed rule: the same rows with other right answers. A few labels do.

        Examples:
          brittlestar forecast reviews.study --rows march.csv
          brittlestar forecast reviews.study --rows march.csv --labelled fifty.csv
          brittlestar forecast check.study --rows march.csv --preds march_0.csv
          brittlestar forecast check.study --history
          brittlestar forecast reviews.study --rows may.csv --predict my_code:ask

        Exit codes: 0 done, also where the answer is cannot say; 1 a finished run could not answer, or a signal stopped
        it; 2 wrong usage, or data that cannot be read.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import forecast
        >>> found = forecast("data.study", "data/test.csv", executor="serial")
        >>> [(one.name, one.metric) for one in found.forecasts]
        [('new_test', 'accuracy')]
    """
    if metric != MEASURED:
        what = f"forecasts were measured for accuracy, not for {metric}"
        raise InputError(what, "--metric", "leave it out")
    if not 0.5 <= level <= 0.99:
        raise InputError(f"a level of {level} is not from 0.5 to 0.99", "--level", "such as 0.9")
    sources = sources_of(predictions, predictions_columns)
    if sources and predict is not None:
        raise InputError("either predictions or a function answers the rows", "--preds", "leave --predict out")
    with open_to_ask(open_store(study)) as (store, kept):
        found = forecast_store(
            store,
            name_rows(store, rows, columns),
            Workers(executor, jobs, address=address),
            level,
            name_labelled(labelled),
            columns,
            None if predict is None else load_function(predict),
            forget,
            sources,
            predictions_columns,
            history,
        )
    return found if kept else replace(found, store=read_place(study), kept=False)
