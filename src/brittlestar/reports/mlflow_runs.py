"""A study as runs of MLflow: a parent with the headline and the report, and a child for each variant and seed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.optional import require
from brittlestar.core.results import CellRecord
from brittlestar.reports.headline_text import headline_text
from brittlestar.reports.reading import Reading
from brittlestar.reports.run_metrics import list_curves, list_scores, name_metric

EXTRA = "mlflow"
STUDY = "brittlestar.study"
MOST_METRICS, MOST_PARAMS, LONGEST = 1000, 100, 500
"""Metrics and parameters in one request, and characters of a parameter, that MLflow takes."""


@dataclass(frozen=True)
class Told:
    """What a study is told as: the digest that names it, so that it is told once; when each cell began and ended, in
    seconds, by hash; and the folder of its report."""

    digest: str
    clocks: Mapping[str, tuple[float, float]]
    report: Path


def write_runs(reading: Reading, uri: str, told: Told) -> tuple[str, int]:
    """Write the study into the tracking store at `uri`, in the experiment of the study's name. Returns the id of the
    parent run and how many children it has. Raises MissingExtraError, and InputError where the study is there already
    or MLflow refuses it."""
    module = require("mlflow", EXTRA)
    try:
        client = module.MlflowClient(tracking_uri=uri)
        found = client.get_experiment_by_name(reading.record.name)
        experiment = client.create_experiment(reading.record.name) if found is None else found.experiment_id
        known = client.search_runs([experiment], f"tags.`{STUDY}` = '{told.digest}'", max_results=1)
        if known:
            what = f"this study is there already, as run {known[0].info.run_id}"
            raise InputError(what, uri, "nothing is overwritten: delete that run first, or name another store")
        return _write_study(module, client, experiment, reading, told)
    except module.exceptions.MlflowException as error:
        raise InputError(f"MLflow refuses it: {' '.join(str(error).split())[:300]}", uri) from error


def _write_study(module: Any, client: Any, experiment: str, reading: Reading, told: Told) -> tuple[str, int]:
    record, headline = reading.record, reading.headline
    begun = [clock for one in told.clocks.values() for clock in one]
    parent = client.create_run(
        experiment,
        start_time=_as_milliseconds(min(begun, default=0.0)),
        run_name=record.name,
        tags={STUDY: told.digest, **{f"brittlestar.{name}": one.answer for name, one in headline.answers.items()}},
    ).info.run_id
    if headline.score is not None:
        client.log_metric(parent, name_metric(f"headline/{headline.score.metric}"), headline.score.mean)
    client.log_text(parent, headline_text(headline), "headline.txt")
    if told.report.is_dir():
        client.log_artifacts(parent, str(told.report), "report")
    done = [cell for cell in record.cells if cell.state in ("done", "failed")]
    for cell in done:
        _write_cell(module, client, experiment, parent, reading, cell, told.clocks.get(cell.hash, (0.0, 0.0)))
    client.set_terminated(parent, "FINISHED", _as_milliseconds(max(begun, default=0.0)))
    return parent, len(done)


def _write_cell(
    module: Any,
    client: Any,
    experiment: str,
    parent: str,
    reading: Reading,
    cell: CellRecord,
    clock: tuple[float, float],
) -> None:
    tags = {
        "variant": cell.variant,
        "seed": str(cell.seed),
        "brittlestar.cell": cell.hash,
        "mlflow.parentRunId": parent,
    }
    tags |= {"outcome": cell.outcome or cell.state}
    name = f"{cell.variant}, seed {cell.seed}"
    start, end = map(_as_milliseconds, clock)
    run = client.create_run(experiment, start_time=start, run_name=name, tags=tags).info.run_id
    settings = {one.path: one.value for one in reading.record.variants[cell.variant].settings}
    values = {**settings, "seed": cell.seed}
    params = [module.entities.Param(path, str(value)[:LONGEST]) for path, value in values.items()]
    metrics = [
        module.entities.Metric(key, value, start, step) for key, step, value in (*list_curves(cell), *list_scores(cell))
    ]
    for some in _cut(params, MOST_PARAMS):
        client.log_batch(run, params=some)
    for some in _cut(metrics, MOST_METRICS):
        client.log_batch(run, metrics=some)
    client.set_terminated(run, "FINISHED" if cell.state == "done" else "FAILED", end)


def _as_milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _cut(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    rest: Iterable[Any] = iter(items)
    while some := list(islice(rest, size)):
        yield some
