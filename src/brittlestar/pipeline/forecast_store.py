"""Forecasts of new rows by a study: the rows are taken in and answered, and what is expected of them is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brittlestar.core.documents import begin_document
from brittlestar.core.errors import InputError
from brittlestar.core.forecasts import FORECAST_LEVEL, Forecast
from brittlestar.core.splits import order_of_time
from brittlestar.data.predictions.sources import PredictionSource
from brittlestar.execution.evaluate_finished import any_weights, score_new_splits
from brittlestar.execution.executors import Workers
from brittlestar.execution.gpu_places import place_on_gpus
from brittlestar.execution.resuming import resume
from brittlestar.pipeline.assess import assess_study
from brittlestar.pipeline.forecast_inputs import (
    Given,
    find_roles,
    match_predictions,
    read_all_labels,
    save_predictions,
)
from brittlestar.pipeline.forecasting import forecast_study, look_at_rows
from brittlestar.pipeline.open import MEMORY
from brittlestar.pipeline.own_metrics import read_live_record
from brittlestar.pipeline.report import build_report
from brittlestar.pipeline.store_lock import asking_runs
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.figures.forecasts import draw_forecasts
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.forecast_text import forecast_blocks
from brittlestar.reports.paragraphs import Paragraph, name_failed, name_place, name_text
from brittlestar.reports.showing import Shown, show_page
from brittlestar.store.later_splits import (
    LaterRows,
    find_forgettable,
    forget_split,
    list_answers,
    read_new_rows,
    save_labels,
    take_in,
)
from brittlestar.store.layout import PAGE, Store, open_store
from brittlestar.store.study_document import stored_cells

if TYPE_CHECKING:
    from brittlestar.pipeline.probe_given import Predict

COLUMNS = (
    "name", "answer", "value", "low", "high", "level", "rows", "runs", "labels", "joined", "joined_low", "joined_high",
    "answers", "shifts", "sentence",
)  # fmt: skip


@dataclass(frozen=True, repr=False)
class ForecastResult(Shown):
    """What a study is expected to score on rows without labels: a forecast for each file, the store, mean accuracies on
    splits with labels, what could not be answered, rows that were taken out, whether a history was asked for, and
    whether the study keeps all this: nobody may write to some. Shown as text or in a notebook it is a line for each
    forecast, and a figure."""

    forecasts: tuple[Forecast, ...]
    store: Path
    measured: Mapping[str, float]
    problems: tuple[str, ...] = ()
    forgotten: str | None = None
    history: bool = False
    kept: bool = True

    @property
    def blocks(self) -> list[Paragraph]:
        """A forecast a paragraph, with what it rests on and how far to trust it, and where the report has the same."""
        unkept = "" if self.kept else f"nobody may write to {self.store}, which keeps nothing of this."
        return [
            *name_text("Taken out", self.forgotten and f"{self.forgotten}."),
            *forecast_blocks(self.forecasts, self.history),
            *name_failed(self.problems),
            *name_place("Report", f"{self.store}/{PAGE}" if self._is_in_report else None),
            *name_text("Note", unkept),
        ]

    @property
    def _is_in_report(self) -> bool:
        """Whether the report tells the same: it has what main is expected to do at 90 %, without labels."""
        usual = all(forecast.level == FORECAST_LEVEL and forecast.runs for forecast in self.forecasts)
        return bool(self.measured) and self.kept and usual

    @property
    def _tables(self) -> Tables:
        rows = (
            (
                forecast.name,
                forecast.answer,
                forecast.value,
                *(forecast.interval or (None, None)),
                forecast.level,
                forecast.rows,
                forecast.runs,
            )
            + ((None,) * 4 if (j := forecast.joined) is None else (j.labels, j.value, *j.interval))
            + (forecast.answers, forecast.differences, forecast.sentence)
            for forecast in self.forecasts
        )
        return {"forecasts": list_rows(COLUMNS, rows)}

    @property
    def _figure(self) -> Figure | None:
        return draw_forecasts(self.forecasts, self.measured)

    def show(self) -> Path:
        """Open the study's report in a browser, and return where it lies."""
        return show_page(open_store(self.store).page, "report")

    open = show

    @property
    def exit_code(self) -> int:
        """0, or 1 where a finished run could not answer."""
        return 1 if self.problems else 0

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        return {
            **begin_document(),
            "forecasts": [forecast.as_json() for forecast in self.forecasts],
            "measured": dict(self.measured),
            "problems": list(self.problems),
            "store": str(self.store),
        }


def forecast_store(
    store: Store,
    rows: Given,
    workers: Workers,
    level: float,
    labelled: Given,
    columns: Mapping[str, str] | None = None,
    predict: "Predict | None" = None,
    forget: str | None = None,
    predictions: Sequence[PredictionSource] = (),
    predictions_columns: Mapping[str, str] | None = None,
    history: bool = False,
) -> ForecastResult:
    """Take in `rows`, by the names of their splits, have finished runs answer them, or `predict`, or keep
    `predictions` as their answers, and forecast them, or without rows, or as a `history`, all rows without labels that
    the study has, but for those to `forget`. Everything that is given is read before anything is kept, and rows that no
    run has answered are not kept. Raises InputError, StoreError, KeyboardInterrupt."""
    problems: list[str] = []
    with asking_runs(store, workers) as (runner, interruption):
        gone, record = None if forget is None else find_forgettable(store, forget), read_live_record(store)
        names = tuple(rows) or tuple(sorted((one for one in record.unlabelled if one != gone), key=order_of_time))
        if not names and forget is None:
            hint = "give a file of rows: --rows march.csv"
            raise InputError("the study has no rows without labels", str(store.root), hint)
        new = {name: read_new_rows(store, name, row, columns, name == gone) for name, row in rows.items()}
        roles = find_roles(stored_cells(store)[0], columns)
        known = read_all_labels(store, names, labelled, roles, new)
        predicted = match_predictions(store, record, names, new, predictions, predictions_columns, columns)
        if gone is not None:
            forget_split(store, gone)
        later = {
            name: LaterRows(
                one, str(rows[name]) if isinstance(rows[name], str | Path) else MEMORY, look_at_rows(store, name, one)
            )
            for name, one in new.items()
            if one is not None
        }
        try:
            take_in(store, later)
            run, cells = resume(store)
            save_predictions(store, cells, predicted)
            if predict is None and any_weights(store, cells):
                runner = place_on_gpus(runner, run, cells)
                problems += score_new_splits(run, cells, runner, interruption).problems
            interruption.check()
            record = read_live_record(store)
            names = names if not history else tuple(sorted(record.unlabelled, key=order_of_time))
            on_page = predict is None and level == FORECAST_LEVEL  # the page shows all that main answers
            some = () if on_page else names
            every = forecast_study(store, record, names=some, level=level, labelled=known, predict=predict)
        finally:
            left = [name for name in later if not list_answers(store, name)]
            for name in left:
                forget_split(store, name)
        save_labels(store, {name: one for name, one in known.items() if name not in left})
        if gone is not None or (predict is None and len(left) < len(names)):
            record = read_live_record(store)
            stay = [forecast for forecast in every if forecast.name in record.unlabelled] if on_page else None
            build_report(store, assess_study(store, record, forecasts=stay))
    measured = record.mean_accuracies if predict is None else {}
    found = {forecast.name: forecast for forecast in every}
    said = tuple(
        replace(one, sentence=f"{one.sentence}; they are not kept") if one.name in left else one
        for one in (found[name] for name in names)
    )
    return ForecastResult(said, store.root, measured, tuple(problems), gone, history)
