"""What is compared: a study, a table of outcomes, or predictions for the rows of a study, each with its outcomes by
split and the names of its rows."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import polars as pl

from brittlestar.claims.frames import of_table
from brittlestar.claims.side_by_side import NamedRows, name_rows, number_copies
from brittlestar.claims.study_outcomes import make_outcomes, make_row_runs
from brittlestar.claims.variance_sources import list_crossed_streams
from brittlestar.core.errors import InputError, Problem
from brittlestar.data.tables import Table
from brittlestar.pipeline.judge import read_table
from brittlestar.pipeline.open import refuse_changed
from brittlestar.pipeline.release_file import ReleaseFile, match_release
from brittlestar.records.opened_study import OpenedStudy
from brittlestar.reports.comparison import ComparedSide
from brittlestar.store.stored_predictions import list_redrawn_splits
from brittlestar.study.names import find_main, prediction_column_problems

TEST = "test"
"""The split of a table that names none."""
ACCURACY = "accuracy"
"""The metric of a table that names none."""
OF_TABLES = frozenset({"score", "outcome", "example"})
"""A table with one of these columns is one of outcomes, as `judge` reads it; any other holds predictions."""
NameRows = Callable[[str], pl.DataFrame]
"""What names the rows of a split of a study."""


@dataclass(frozen=True)
class Compared:
    """One of the two: what a comparison says of it, its variant under test (None where nobody can say), its variants,
    the rows of its splits (0 where scores alone are known), and what reads its outcomes on a split under a metric (it
    raises InputError where it has none). Of a `study` all else is compared, too; of a file scores alone."""

    side: ComparedSide
    main: str | None
    variants: tuple[str, ...]
    splits: Mapping[str, int]
    read_rows: Callable[[str, str], NamedRows]
    study: OpenedStudy | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.side.name


def name_by_content(study: OpenedStudy, split: str) -> pl.DataFrame:
    """The rows of a split by their sequence and, where it has labels, its label."""
    if split in study.record.unlabelled:
        return number_copies(pl.read_parquet(study.store.rows(split), columns=["hash"])["hash"].to_numpy())
    return name_rows(study.answers[split], study.record.classes)


def _name_by_id(study: OpenedStudy, split: str) -> pl.DataFrame:
    ids = pl.read_parquet(study.store.rows(split), columns=["id"])["id"]
    return pl.DataFrame({"example": ids.cast(pl.String)})


def of_study(study: OpenedStudy, rows: Callable[[OpenedStudy, str], pl.DataFrame] = name_by_content) -> Compared:
    """A study whose rows are named so."""
    record, name = study.record, study.path.resolve().name
    return Compared(
        ComparedSide(name, shlex.quote(str(study.path)), "study", record.main),
        record.main,
        tuple(dict.fromkeys((record.main, *record.variants))),
        {split: one.rows for split, one in record.splits.items()},
        partial(_read_study, study, name, partial(rows, study)),
        study,
    )


def _read_study(study: OpenedStudy, name: str, rows: NameRows, split: str, metric: str) -> NamedRows:
    record = study.record
    if streams := list_crossed_streams(record):
        what = f"runs of {name} are crossed over {' and '.join(streams)}, so they are not independent"
        raise InputError(what, "compare")
    if split in list_redrawn_splits(record):
        raise InputError(f"every seed of {name} drew its own rows of {split}", "compare")
    if metric not in record.metrics:
        raise InputError(f"{name} has no metric '{metric}'", "--metric", f"it has {', '.join(record.metrics)}")
    return NamedRows(make_outcomes(record, study.answers, split, metric), rows(split), record.classes)


def of_outcomes(path: Path, table: Table, metric: str, split: str = TEST) -> Compared:
    """A table of outcomes; of one with a column `metric`, the rows of this metric. `split` is the one of a table that
    names none."""
    found = {named or split: one for named, one in of_table(table, metric).items()}
    variants = tuple(dict.fromkeys(name for one in found.values() for name in one.variants))

    def read(split: str, _: str) -> NamedRows:
        examples = [str(example) for example in found[split].examples]
        return NamedRows(found[split], pl.DataFrame({"example": examples}) if examples else None)

    rows = {split: len(one.examples) for split, one in found.items()}
    return Compared(_describe_file(path), find_main(variants), variants, rows, read)


def of_predictions(path: Path, study: OpenedStudy, beside: Compared, columns: Mapping[str, str]) -> Compared:
    """Predictions for the rows of the study that they are compared with; `columns` names theirs by role."""
    held_out = [name for name in beside.splits if name != "train"]
    opened = study.open_data()
    refuse_changed(opened, study.record, held_out)
    given = match_release([path], opened, columns)
    rows = {split: beside.splits[split] for split in given.splits}
    read = partial(_read_predictions, path.name, given, study, beside)
    return Compared(_describe_file(path), find_main(given.variants), given.variants, rows, read)


def _read_predictions(
    name: str, given: ReleaseFile, study: OpenedStudy, beside: Compared, split: str, metric: str
) -> NamedRows:
    base, rows = beside.read_rows(split, metric), study.answers[split].rows
    answers = {
        variant: given.answer(variant, split, rows) for variant in given.variants if given.covers(variant, split)
    }
    runs = {one: make_row_runs(seeds, answer, metric) for one, (seeds, answer) in answers.items()}
    known = {one: found for one, found in runs.items() if found is not None}
    if len(known) < len(runs):
        hint = "compare another metric, or give probabilities"
        raise InputError(f"{metric} of {name} is not known row by row", "compare", hint)
    return replace(base, outcomes=replace(base.outcomes, variants=known))


def _describe_file(path: Path) -> ComparedSide:
    return ComparedSide(path.name, shlex.quote(str(path)), "table")


def open_sides(
    first: OpenedStudy | Path, second: OpenedStudy | Path, metric: str | None, columns: Mapping[str, str]
) -> tuple[Compared, Compared, str]:
    """The two, each a study that is open or the place of a table, and the metric that is compared: `metric`, else the
    one that heads the first study, else accuracy. `columns` names those of predictions by role. Raises InputError where
    one of them can be read as nothing."""
    if problems := prediction_column_problems(columns, "--preds-columns"):
        raise InputError(problems)
    if isinstance(first, OpenedStudy) and not isinstance(second, OpenedStudy):
        return _open_beside(first, Path(str(second)), metric, columns)
    if isinstance(second, OpenedStudy) and not isinstance(first, OpenedStudy):
        study, table, metric = _open_beside(second, Path(first), metric, columns)
        return table, study, metric
    _refuse_columns(columns)
    if isinstance(first, OpenedStudy) and isinstance(second, OpenedStudy):
        return of_study(first), of_study(second), metric or first.record.metric
    metric = metric or ACCURACY
    one, other = (of_outcomes(path, read_table(path), metric) for path in (Path(str(first)), Path(str(second))))
    return one, other, metric


def _refuse_columns(columns: Mapping[str, str]) -> None:
    if columns:
        what = "there are no predictions whose columns could be named"
        raise InputError([Problem(what, "--preds-columns", "give a study and a file of predictions")])


def _open_beside(
    study: OpenedStudy, path: Path, metric: str | None, named: Mapping[str, str]
) -> tuple[Compared, Compared, str]:
    """A study, the table beside it (the examples of one of outcomes are ids of the study), and the metric."""
    try:
        table = read_table(path)
    except InputError:
        if not path.is_file():
            raise
        table = None  # who reads it as predictions says why
    columns = set[str]() if table is None else {*table.frame.columns}
    if table is None or not OF_TABLES & columns:
        side = of_study(study)
        return side, of_predictions(path, study, side, named), metric or study.record.metric
    _refuse_columns(named)
    if metric is None:  # a column of outcomes says which rows are right
        metric = study.record.metric if {"score", "prediction"} & columns else ACCURACY
    split = study.record.held_out or TEST
    side = of_study(study, _name_by_id) if "example" in columns else of_study(study)
    return side, of_outcomes(path, table, metric, split), metric
