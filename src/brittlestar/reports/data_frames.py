"""Scores, findings and predictions as the frames that a person works with: pandas where it is loaded, else Polars."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.core.optional import require
from brittlestar.core.results import StudyRecord
from brittlestar.core.texts import suggest
from brittlestar.reports.export_tables import make_findings_table, make_scores_table

LIBRARIES = ("pandas", "polars")
Tables = Mapping[str, Callable[[], pl.DataFrame]]


def pick_frame(tables: Tables, what: str, library: str | None, lacking: str = "") -> Any:
    """The table `what` as a frame of the library: pandas or Polars as asked for, else pandas where it is loaded
    already, else Polars. `lacking` says why others are not there. Raises InputError."""
    if what not in tables:
        hint = "; ".join(part for part in (lacking, suggest(what, tables) or f"there is {', '.join(tables)}") if part)
        raise InputError(f"there is no table {what!r} here", "to_frame", hint)
    if library is not None and library not in LIBRARIES:
        raise InputError(f"library must be pandas or polars (got {library!r})", "to_frame", suggest(library, LIBRARIES))
    frame = tables[what]()
    if library == "pandas" or (library is None and "pandas" in sys.modules):
        columns = {
            one.name: one.to_numpy() if one.dtype.is_numeric() and not one.null_count() else one.to_list()
            for one in frame.get_columns()
        }
        return require("pandas", "all").DataFrame(columns)
    return frame


def list_findings(findings: Sequence[Finding]) -> Callable[[], pl.DataFrame]:
    """What makes the table of findings."""
    return lambda: make_findings_table([one.as_json() for one in findings])


def list_scores(record: StudyRecord) -> Callable[[], pl.DataFrame]:
    """What makes the table of scores: one line for each variant, split, metric and seed."""
    return lambda: make_scores_table(record, tuple(record.splits))
