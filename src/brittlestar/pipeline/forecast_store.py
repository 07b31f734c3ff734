"""Forecasts of new rows by a study: the rows are taken in and answered, and what is expected of them is said."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.forecasts import Forecast
from brittlestar.core.splits import UNLABELLED
from brittlestar.core.texts import suggest, suggest_file
from brittlestar.data.files import read_file
from brittlestar.data.opening import open_data
from brittlestar.data.tables import as_text, format_list
from brittlestar.data.unpacking import find_stem
from brittlestar.execution.executors import Workers
from brittlestar.execution.gpu_places import place_on_gpus
from brittlestar.execution.rescoring import any_weights, score_new_splits
from brittlestar.execution.resuming import resume
from brittlestar.pipeline.assess import assess_study
from brittlestar.pipeline.forecasting import forecast_study, look_for_mismatch
from brittlestar.pipeline.hold import asking_runs
from brittlestar.pipeline.report import build_report
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.figures.forecasts import draw_forecasts
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.showing import Shown, show_page
from brittlestar.store.address import Place
from brittlestar.store.later_splits import LaterRows, find_forgettable, forget_split, read_new_rows, take_in
from brittlestar.store.layout import Store, open_store
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.store.study_record import read_record
from brittlestar.study.units import count

if TYPE_CHECKING:
    from brittlestar.pipeline.probe_given import Predict

Files = Mapping[str, str | Path]
PLAIN_NAME = re.compile(rf"{UNLABELLED}\w(?:[\w .()+&'-]*[\w()+&'-])?")
"""What a record can carry to any system."""
COLUMNS = (
    "name", "answer", "value", "low", "high", "level", "rows", "runs", "labels", "joined", "joined_low", "joined_high",
    "sentence",
)  # fmt: skip


@dataclass(frozen=True, repr=False)
class ForecastResult(Shown):
    """What a study is expected to score on rows without labels: a forecast for each file, the store, mean accuracies on
    splits with labels, what could not be answered, and rows that were taken out. Shown as text or in a notebook it is a
    line for each forecast, and a figure."""

    forecasts: tuple[Forecast, ...]
    store: Place
    measured: Mapping[str, float]
    problems: tuple[str, ...] = ()
    forgotten: str | None = None

    @property
    def _lines(self) -> list[tuple[str, str]]:
        named = [("Forecast" if one.answer == "forecast" else "Cannot say", one) for one in self.forecasts]
        labelled = [("Labelled", one.joined.sentence) for one in self.forecasts if one.joined is not None]
        return [*((name, one.sentence) for name, one in named), *labelled]

    @property
    def _tables(self) -> Tables:
        rows = (
            (one.name, one.answer, one.value, *(one.interval or (None, None)), one.level, one.rows, one.runs)
            + ((None,) * 4 if (j := one.joined) is None else (j.labels, j.value, *j.interval))
            + (one.sentence,)
            for one in self.forecasts
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
            "forecasts": [one.as_json() for one in self.forecasts],
            "measured": dict(self.measured),
            "problems": list(self.problems),
            "store": str(self.store),
        }


def forecast_store(
    store: Store,
    files: Files,
    workers: Workers,
    level: float,
    labelled: Files,
    columns: Mapping[str, str] | None = None,
    predict: "Predict | None" = None,
    forget: str | None = None,
) -> ForecastResult:
    """Take in the rows of `files`, by the names of their splits, have finished runs answer them, or `predict`, and
    forecast them, or without files all rows without labels that the study has, but for those to `forget`. Everything
    that is given is read before anything is kept. Raises InputError, StoreError, KeyboardInterrupt."""
    problems: list[str] = []
    with asking_runs(store, workers) as (runner, interruption):
        gone = None if forget is None else find_forgettable(store, forget)
        names = tuple(files) or tuple(name for name in read_record(store).unlabelled if name != gone)
        if not names and forget is None:
            hint = "give a file of rows: --rows march.csv"
            raise InputError("the study has no rows without labels", str(store.root), hint)
        new = {name: read_new_rows(store, name, Path(path), columns, name == gone) for name, path in files.items()}
        known = _read_all_labels(store, names, new, labelled, columns)
        if gone is not None:
            forget_split(store, gone)
        take_in(
            store,
            {
                name: LaterRows(rows, str(files[name]), look_for_mismatch(store, name, rows))
                for name, rows in new.items()
                if rows is not None
            },
        )
        workplace, cells = resume(store)
        if predict is None and any_weights(store, cells):
            runner = place_on_gpus(runner, workplace, cells)
            problems += score_new_splits(workplace, cells, runner, interruption).problems
        interruption.check()
        record = read_record(store)
        found = forecast_study(store, record, names=names, level=level, labelled=known, predict=predict)
        if predict is None or gone is not None:
            build_report(store, assess_study(store, record))
    measured = record.mean_accuracies if predict is None else {}
    return ForecastResult(found, store.root, measured, tuple(problems), gone)


def _read_all_labels(
    store: Store,
    names: Sequence[str],
    new: Mapping[str, pl.DataFrame | None],
    labelled: Files,
    columns: Mapping[str, str] | None,
) -> dict[str, np.ndarray]:
    """The few labels of each split, of the only one where `labelled` names none. Raises InputError."""
    known: dict[str, np.ndarray] = {}
    for given, path in labelled.items():
        name = given or next(iter(names), "")
        if (not given and len(names) != 1) or name not in names:
            hint = f"name the rows that they are of: {', '.join(names)}" if given else "give one --rows beside it"
            raise InputError("labels are those of one file of rows", given or "--labelled", hint)
        rows = new.get(name)
        ids = pl.read_parquet(store.rows(name), columns=["id"])["id"] if rows is None else rows["id"]
        known[name] = _read_labels(store, name, Path(path), columns, ids.to_list())
    return known


def _read_labels(
    store: Store, name: str, path: Path, columns: Mapping[str, str] | None, known: Sequence[str]
) -> np.ndarray:
    """int64 (n_rows,): classes of the rows of a split, whose ids are `known`, that a file labels, -1 for a label that
    train lacks, -2 for rows that it does not speak of. Raises InputError."""
    if not path.is_file():
        raise InputError("there is no such file", str(path), suggest_file(path))
    table, wrong = read_file(path, str(path))
    if table is None:
        raise InputError(wrong)
    chosen = {**read_cells(read_study(store))[0].settings["data"].get("columns", {}), **(columns or {})}
    roles = {role: chosen.get(role, role) for role in ("id", "label")}
    there = table.frame.columns
    if lacking := [name for name in roles.values() if name not in there]:
        hint = suggest(lacking[0], there) or f"it has {format_list(there, 8)}; name it with --columns ROLE=NAME"
        raise InputError([Problem(f"no column '{one}'", str(path), hint) for one in lacking])
    read = {role: as_text(table.frame[column]) for role, column in roles.items()}
    ids, labels = ([] if one is None else one.fill_null("").to_list() for one in (read["id"], read["label"]))
    if not ids:
        raise InputError("it has no rows", str(path), "give some rows with their ids and labels")
    place = {one: row for row, one in enumerate(known)}
    strange = [row for row, one in enumerate(ids) if one not in place]
    if strange:
        what = f"{count(len(strange), 'row has', 'rows have')} an id that {name} lacks ({table.rows(strange)})"
        raise InputError(what, table.at(strange), "give labels of some of these rows, with their ids")
    if len(set(ids)) < len(ids):
        raise InputError("an id stands more than once", str(path), "label each row once")
    blank = [row for row, one in enumerate(labels) if not one.strip()]
    if blank:
        raise InputError(f"rows without a label ({table.rows(blank)})", table.at(blank), "leave these rows out")
    names = open_data(store.data).classes
    classes = {one: k for k, one in enumerate(names)}
    given = [classes.get(one, classes.get(one.strip(), -1)) for one in labels]
    if max(given) < 0:
        what = f"none of its labels is a class of train: {format_list(sorted(set(labels)), 5)}"
        raise InputError(what, str(path), f"the classes are {format_list(list(names), 8)}")
    found = np.full(len(place), -2, np.int64)
    found[[place[one] for one in ids]] = given
    return found


def name_files(rows: Any) -> dict[str, str | Path]:
    """{`new_NAME`: file}, of a file, several, or a mapping of names to files. Raises InputError."""
    if isinstance(rows, Mapping):
        pairs = [(str(name), path) for name, path in rows.items()]
    else:
        several = isinstance(rows, Iterable) and not isinstance(rows, str)
        given: list[Any] = [] if rows is None else [*rows] if several else [rows]
        pairs = [(find_stem(str(path)), path) for path in given]
    if wrong := [type(path).__name__ for _, path in pairs if not isinstance(path, str | Path)]:
        raise InputError(f"rows are given as files, not as {wrong[0]}", "rows", "write them to a file")
    texts = ((unicodedata.normalize("NFC", name), path) for name, path in pairs)
    named = [(name if name.startswith(UNLABELLED) else f"{UNLABELLED}{name}", path) for name, path in texts]
    twice = [name for name, _ in named if sum(name == other for other, _ in named) > 1]
    if twice:
        raise InputError(f"two files are called {twice[0]}", "--rows", "rename one of them")
    for name, path in named:
        if not Path(path).is_file():
            what = "is a folder, not a file" if Path(path).is_dir() else "there is no such file"
            raise InputError(what, str(path), suggest_file(Path(path)))
        if not PLAIN_NAME.fullmatch(name):
            raise InputError(f"'{name}' is no name of a split", str(path), "call the file like march.csv")
    return dict(named)
