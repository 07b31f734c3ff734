"""Scores and findings as flat tables, for other tools: one line for each seed, or for each finding."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.core.optional import require
from brittlestar.core.plain import plain
from brittlestar.core.results import StudyRecord
from brittlestar.core.texts import suggest

SCORES = {"variant": pl.String, "split": pl.String, "metric": pl.String, "seed": pl.Int64, "score": pl.Float64}
"""Columns of the table of scores: the best checkpoint; null where the metric cannot be computed."""
FINDINGS = (
    "code", "status", "severity", "variant", "split", "summary", "threshold", "remedy", "where", "evidence", "effect"
)  # fmt: skip
"""Columns of the table of findings; where, evidence and effect (null where none is known) are JSON."""
LIBRARIES = ("pandas", "polars")
Tables = Mapping[str, Callable[[], pl.DataFrame]]


def make_scores_table(record: StudyRecord, splits: Sequence[str]) -> pl.DataFrame:
    """The score of every finished run under every metric, fractions (nats for log loss)."""
    rows = [
        (variant, split, metric, cell.seed, cell.score(split, metric))
        for variant in record.variants
        for split in splits
        for metric in record.metrics
        for cell in record.list_finished(variant, split)
    ]
    return pl.DataFrame(rows, schema=SCORES, orient="row")


def make_findings_table(findings: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """A line for each finding of a report, in its order."""
    rows = [
        {
            **finding,
            "variant": finding["where"].get("variant"),
            "split": finding["where"].get("split"),
            "where": json.dumps(finding["where"], ensure_ascii=False, sort_keys=True),
            "evidence": json.dumps(finding["evidence"], ensure_ascii=False, sort_keys=True),
            "effect": None if finding.get("effect") is None else json.dumps(finding["effect"], sort_keys=True),
        }
        for finding in findings
    ]
    return pl.DataFrame(
        [{name: row[name] for name in FINDINGS} for row in rows], schema=dict.fromkeys(FINDINGS, pl.String)
    )


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
            column.name: column.to_numpy()
            if column.dtype.is_numeric() and not column.null_count()
            else column.to_list()
            for column in frame.get_columns()
        }
        return require("pandas", "all").DataFrame(columns)
    return frame


def list_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Callable[[], pl.DataFrame]:
    """What makes a table of these rows: columns of numbers where all values are, else of texts; None stays."""

    def type_column(values: Sequence[Any]) -> pl.Series:
        if all(value is None or isinstance(value, int | float) for value in values):
            return pl.Series(values, strict=False)
        notes = [value if value is None or isinstance(value, str) else json.dumps(plain(value)) for value in values]
        return pl.Series(notes, dtype=pl.String)

    made = tuple(rows)
    return lambda: pl.DataFrame({name: type_column([row[k] for row in made]) for k, name in enumerate(columns)})


def list_findings(findings: Sequence[Finding]) -> Callable[[], pl.DataFrame]:
    """What makes the table of findings."""
    return lambda: make_findings_table([finding.as_json() for finding in findings])


def list_scores(record: StudyRecord) -> Callable[[], pl.DataFrame]:
    """What makes the table of scores: one line for each variant, split, metric and seed."""
    return lambda: make_scores_table(record, tuple(record.splits))
