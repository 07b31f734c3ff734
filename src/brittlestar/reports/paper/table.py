"""Scores as one booktabs table for a column of a paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import stdev
from typing import Any, Literal, get_args

from brittlestar.claims.judgement import Judgement
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.texts import suggest
from brittlestar.core.trivial_baselines import TrivialBaseline
from brittlestar.reports.paper.names import Names
from brittlestar.reports.paper.wording import name_baseline
from brittlestar.reports.study_view import StudyView
from brittlestar.reports.words import latex_text, write_text
from brittlestar.study.units import unit_of

Style = Literal["pm", "interval", "seeds"]
STYLES: tuple[str, ...] = get_args(Style)
A_LINE, A_LINE_OF_SEVERAL = 5, 3
"""Scores of seeds in a line of a cell, where it is the only column and where there are more: so many fit into a column
of 219 pt beside a name (compiled)."""
A_COLUMN_HOLDS = 2
"""So many columns of scores fit into 219 pt beside differences (compiled); a table with more goes across both columns
of a page."""
NO_DIFFERENCES: Mapping[str, Judgement] = {}
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


def list_columns(reading: StudyView, asked: TableRequest) -> list[tuple[str, str]]:
    """Split and metric of each column of scores."""
    metrics, usual = asked.metrics or (reading.metric,), (reading.split,) if reading.split else ()
    return [(split, metric) for split in asked.splits or usual for metric in metrics]


def choose_compared(reading: StudyView, asked: TableRequest) -> tuple[str, str] | None:
    """Split and metric that differences to the best trivial baseline are of: the headline's split, whatever splits the
    table lists, and its first metric; None where nothing is held out."""
    held_out = reading.record.held_out
    return None if held_out is None else (held_out, (asked.metrics or (reading.metric,))[0])


def write_table(
    reading: StudyView, asked: TableRequest, names: Names, differences: Mapping[str, Judgement] = NO_DIFFERENCES
) -> str:
    """The table as LaTeX with the package booktabs; `differences`, by variant, are a column where there are any. Raises
    InputError for names that the study does not have."""
    record = reading.record
    columns = list_columns(reading, asked)
    splits, metrics = (list(dict.fromkeys(one[k] for one in columns)) for k in (0, 1))
    variants = asked.variants or tuple(record.variants)
    _check_names(reading, metrics, splits, variants, asked.style)
    shown = {name: difference for name, difference in differences.items() if name in variants}
    compared = choose_compared(reading, asked)
    baselines = [_find_trivial(reading, *one, shown if one == compared else {}) for one in columns]
    rival = None if compared is None or compared in columns else _find_trivial(reading, *compared, shown)
    units = {metric: unit_of(metric) for metric in metrics}
    a_line = A_LINE if len(columns) == 1 else A_LINE_OF_SEVERAL
    return write_text(
        "paper_table.tex.j2",
        asked=asked,
        kind="table" if len(columns) <= A_COLUMN_HOLDS else "table*",
        style_words=STYLE_WORDS[asked.style],
        splits=[(names.get(split, split), record.splits[split].rows) for split in splits],
        metrics=[(names.get(one, unit.short), names.get(one, unit.name), unit) for one, unit in units.items()],
        seeds=[(names.get(variant, variant), len(reading.done(variant))) for variant in variants],
        trivial=[
            names.get("best trivial", "best trivial"),
            [_write_trivial(reading, *column, baseline) for column, baseline in zip(columns, baselines, strict=True)],
        ],
        baselines=[name_baseline(baseline) for baseline in baselines if baseline is not None],
        differences=shown,
        compared=[names.get(one, one) for one in (compared or ())[:1]],
        rival="" if rival is None else f" there ({name_baseline(rival)})",
        alike=[
            names.get(name, name) for name in variants if all(reading.scores_alike(name, *column) for column in columns)
        ],
        rows=[
            (
                names.get(variant, variant),
                [_write_cell(reading, variant, column, asked.style, a_line) for column in columns],
                variant,
            )
            for variant in variants
        ],
    )


def _check_names(
    reading: StudyView, metrics: Sequence[str], splits: Sequence[str], variants: Sequence[str], style: str
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


def _find_trivial(
    reading: StudyView, split: str, metric: str, differences: Mapping[str, Judgement]
) -> TrivialBaseline | None:
    """The trivial baseline that differences are to, else the best one; None where nobody audited the data."""
    baselines = None if reading.record.audit is None else reading.record.audit.trivial_baselines
    if baselines is None:
        return None
    named = {difference.baseline for difference in differences.values()}
    return next((member for member in baselines.members if member.name in named), None) or baselines.best(split, metric)


def _write_trivial(reading: StudyView, split: str, metric: str, baseline: TrivialBaseline | None) -> str:
    """The score of a trivial baseline; the majority class where there is none."""
    value = None if baseline is None else baseline.score(split, metric).value
    return latex_text(unit_of(metric).number(reading.majority(split, metric) if value is None else value))


def _write_cell(reading: StudyView, variant: str, column: tuple[str, str], style: str, a_line: int) -> str:
    split, metric = column
    entry: Mapping[str, Any] = reading.entry(variant, split, metric)
    values, unit = list(reading.values(variant, split, metric).values()), unit_of(metric)
    mean = latex_text(unit.number(entry["mean"]))
    spread = len(values) > 1 and not reading.scores_alike(variant, split, metric)
    if entry["mean"] is None or not (spread or style == "seeds"):
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
