"""Scores as one booktabs table for a column of a paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import stdev
from typing import Any, Literal, get_args

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.texts import suggest
from brittlestar.reports.paper.names import Names
from brittlestar.reports.reading import Reading
from brittlestar.reports.words import latex_text, write_text
from brittlestar.study.units import unit_of

Style = Literal["pm", "interval", "seeds"]
STYLES: tuple[str, ...] = get_args(Style)
A_LINE, A_LINE_OF_SEVERAL = 5, 3
"""Scores of seeds in a line of a cell, where it is the only column and where there are more: so many fit into a column
of 219 pt beside a name (compiled)."""
FEW_COLUMNS = 3
"""More columns of scores stand closer together, so that four fit into 219 pt (compiled)."""
STYLE_WORDS: Mapping[str, str] = {
    "pm": "mean and standard deviation over seeds",
    "interval": "mean over seeds with its 95 % t interval for new seeds on these rows",
    "seeds": "mean over seeds, and the score of every seed below it",
}


@dataclass(frozen=True)
class TableRequest:
    """Which scores a table has: metrics and splits as columns, variants as rows; None stands for the headline metric,
    the headline split, and every variant. `label` is that of LaTeX."""

    metrics: tuple[str, ...] | None = None
    splits: tuple[str, ...] | None = None
    variants: tuple[str, ...] | None = None
    style: str = "pm"
    label: str = "tab:results"


def write_table(reading: Reading, asked: TableRequest, names: Names) -> str:
    """The table as LaTeX with the package booktabs. Raises InputError for names that the study does not have."""
    record = reading.record
    metrics = asked.metrics or (record.metric,)
    splits = asked.splits or ((reading.split,) if reading.split else ())
    variants = asked.variants or tuple(record.variants)
    _check_names(reading, metrics, splits, variants, asked.style)
    columns = [(split, metric) for split in splits for metric in metrics]
    a_line = A_LINE if len(columns) == 1 else A_LINE_OF_SEVERAL
    return write_text(
        "paper_table.tex.j2",
        asked=asked,
        gap=3 if len(columns) <= FEW_COLUMNS else 2,
        style_words=STYLE_WORDS[asked.style],
        splits=[(names.get(one, one), record.splits[one].rows) for one in splits],
        metrics=[
            (names.get(one, unit_of(one).short), names.get(one, unit_of(one).name), unit_of(one).unit)
            for one in metrics
        ],
        seeds=[(names.get(one, one), len(reading.done(one))) for one in variants],
        trivial=(names.get("best trivial", "best trivial"), [_trivial(reading, *one) for one in columns]),
        rows=[
            (names.get(one, one), [_write_cell(reading, one, column, asked.style, a_line) for column in columns])
            for one in variants
        ],
    )


def _check_names(
    reading: Reading, metrics: Sequence[str], splits: Sequence[str], variants: Sequence[str], style: str
) -> None:
    record = reading.record
    known: list[tuple[str, str, Sequence[str], Sequence[str]]] = [
        ("metric", "--table", metrics, record.metrics),
        ("split", "--split", splits, tuple(record.splits)),
        ("variant", "--variants", variants, tuple(record.variants)),
        ("style", "--style", (style,), STYLES),
    ]
    problems = [
        Problem(f"there is no {kind} '{one}'", option, suggest(one, there) or f"known: {', '.join(there)}")
        for kind, option, asked, there in known
        for one in asked
        if one not in there
    ]
    if problems:
        raise InputError(problems)


def _trivial(reading: Reading, split: str, metric: str) -> str:
    """The score of the best trivial baseline; the majority class where the audit is not there."""
    baselines = None if reading.record.audit is None else reading.record.audit.trivial_baselines
    best = None if baselines is None else baselines.best(split, metric).score(split, metric).value
    return latex_text(unit_of(metric).number(reading.majority(split, metric) if best is None else best))


def _write_cell(reading: Reading, variant: str, column: tuple[str, str], style: str, a_line: int) -> str:
    split, metric = column
    entry: Mapping[str, Any] = reading.entry(variant, split, metric)
    values, unit = list(reading.values(variant, split, metric).values()), unit_of(metric)
    mean = latex_text(unit.number(entry["mean"]))
    if entry["mean"] is None or (len(values) < 2 and style != "seeds"):
        return mean
    if style == "pm":
        return f"{mean}{{\\scriptsize$\\pm${latex_text(unit.number(stdev(values)))}}}"
    if style == "interval":
        below = latex_text(unit.interval(entry["interval"]))
    else:
        shown = [latex_text(unit.number(value)) for value in values]
        lines = [" ".join(shown[at : at + a_line]) for at in range(0, len(shown), a_line)]
        below = "\\\\ \\scriptsize ".join(lines)
    return f"\\shortstack[r]{{{mean}\\\\ \\scriptsize {below}}}"
