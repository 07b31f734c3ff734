"""A study in a tracker: runs of MLflow."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.optional import require
from brittlestar.core.results import CellRecord
from brittlestar.reports.headline_text import headline_text
from brittlestar.reports.study_view import StudyView
from brittlestar.study.in_effect import list_in_effect

_UNUSUAL = re.compile(r"[^\w\-. /]+")
MLFLOW = "mlflow"
STUDY = "brittlestar.study"
MOST_METRICS, MOST_PARAMS, LONGEST_PARAM = 1000, 100, 500
"""Metrics and parameters in one request, and characters of a parameter, that MLflow takes."""


def list_curves(cell: CellRecord) -> Iterator[tuple[str, int, float]]:
    """(`train/loss`, epoch, value) of everything that was recorded by epoch; what is not finite is left out."""
    for name, values in cell.curves.items():
        for epoch, value in enumerate(values.tolist()):
            if value is not None and math.isfinite(value):
                yield name_metric(name), epoch, float(value)


def list_scores(cell: CellRecord) -> Iterator[tuple[str, int, float]]:
    """(`best/test/accuracy`, best epoch, score) on every split, fractions (nats for log loss)."""
    for split, checkpoints in cell.scores.items():
        for metric, value in checkpoints["best"].items():
            if value is not None and math.isfinite(value):
                yield name_metric(f"best.{split}/{metric}"), cell.best_epoch or 0, float(value)


def name_metric(column: str) -> str:
    """A name that MLflow takes: the part before the first point is a group, and unusual characters are `_`."""
    return _UNUSUAL.sub("_", column.replace(".", "/", 1))


def write_runs(
    reading: StudyView, uri: str, digest: str, clocks: Mapping[str, tuple[float, float]], report: Path
) -> int:
    """Write the study into the tracking store at `uri`, in the experiment of the study's name: a parent run, with the
    folder of its report, and a child for each run.

    Args:
        reading: The study.
        uri: The tracking URI.
        digest: What names the study, so that it is written once.
        clocks: When each cell began and ended, in seconds, by hash.
        report: The folder of its report.

    Returns:
        How many children there are.

    Raises:
        InputError: The study is there already, or MLflow refuses it.
        MissingExtraError: MLflow is not installed.
    """
    module = require("mlflow", MLFLOW)
    try:
        client = module.MlflowClient(tracking_uri=uri)
        found = client.get_experiment_by_name(reading.record.name)
        experiment = client.create_experiment(reading.record.name) if found is None else found.experiment_id
        known = client.search_runs([experiment], f"tags.`{STUDY}` = '{digest}'", max_results=1)
        if known:
            what = f"this study is there already, as run {known[0].info.run_id}"
            raise InputError(what, uri, "nothing is overwritten: delete that run first, or name another store")
        store = _Store(module, client, experiment, reading)
        return store.write_study(digest, clocks, report)
    except module.exceptions.MlflowException as error:
        raise InputError(f"MLflow refuses it: {' '.join(str(error).split())[:300]}", uri) from error


@dataclass(frozen=True)
class _Store:
    """An experiment of a tracking store, and the study that is written into it."""

    module: Any
    client: Any
    experiment: str
    reading: StudyView

    def write_study(self, digest: str, clocks: Mapping[str, tuple[float, float]], report: Path) -> int:
        record, headline = self.reading.record, self.reading.headline
        begun = [clock for one in clocks.values() for clock in one]
        tags = {STUDY: digest, **{f"brittlestar.{name}": answer.answer for name, answer in headline.answers.items()}}
        parent = self.begin(record.name, min(begun, default=0.0), tags)
        if headline.score is not None:
            self.client.log_metric(parent, name_metric(f"headline/{headline.score.metric}"), headline.score.mean)
        self.client.log_text(parent, headline_text(headline), "headline.txt")
        if report.is_dir():
            self.client.log_artifacts(parent, str(report), "report")
        done = [cell for cell in record.cells if cell.state in ("done", "failed")]
        for cell in done:
            self.write_cell(parent, cell, *clocks.get(cell.hash, (0.0, 0.0)))
        self.client.set_terminated(parent, "FINISHED", _as_milliseconds(max(begun, default=0.0)))
        return len(done)

    def begin(self, name: str, start: float, tags: Mapping[str, str]) -> str:
        clock = _as_milliseconds(start)
        return self.client.create_run(self.experiment, start_time=clock, run_name=name, tags=tags).info.run_id

    def write_cell(self, parent: str, cell: CellRecord, start: float, end: float) -> None:
        tags = {"variant": cell.variant, "seed": str(cell.seed), "outcome": cell.outcome or cell.state}
        tags |= {"brittlestar.cell": cell.hash, "mlflow.parentRunId": parent}
        run = self.begin(f"{cell.variant}, seed {cell.seed}", start, tags)
        values = {
            _UNUSUAL.sub("_", setting.path): setting.value
            for setting in list_in_effect(self.reading.record, cell.variant)
        }
        entities, clock = self.module.entities, _as_milliseconds(start)
        params = [
            entities.Param(path, str(value)[:LONGEST_PARAM]) for path, value in (values | {"seed": cell.seed}).items()
        ]
        shown = (*list_curves(cell), *list_scores(cell))
        metrics = [entities.Metric(key, value, clock, step) for key, step, value in shown]
        for at in range(0, len(params), MOST_PARAMS):
            self.client.log_batch(run, params=params[at : at + MOST_PARAMS])
        for at in range(0, len(metrics), MOST_METRICS):
            self.client.log_batch(run, metrics=metrics[at : at + MOST_METRICS])
        self.client.set_terminated(run, "FINISHED" if cell.state == "done" else "FAILED", _as_milliseconds(end))


def _as_milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
