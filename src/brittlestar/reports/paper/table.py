"""Scores as one booktabs table for a column of a paper."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import stdev
from typing import Any, Literal, get_args

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.texts import suggest
from brittlestar.reports.paper.names import Names
from brittlestar.reports.reading import Reading
from brittlestar.reports.tables import latex_text
from brittlestar.study.units import count, unit_of

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
    lines = [
        "% Needs \\usepackage{booktabs} and \\usepackage[T1]{fontenc}.",
        "\\begin{table}[t]",
        "  \\centering\\footnotesize",
        f"  \\setlength{{\\tabcolsep}}{{{3 if len(columns) <= FEW_COLUMNS else 2}pt}}",
        f"  \\caption{{{_write_caption(reading, splits, metrics, variants, asked.style, names)}}}",
        f"  \\label{{{asked.label}}}",
        f"  \\begin{{tabular}}{{@{{}}l{'r' * len(columns)}@{{}}}}",
        "    \\toprule",
        *_write_header(splits, metrics, names),
        "    \\midrule",
        _write_row(_call("best trivial", names), [_trivial(reading, *one) for one in columns]),
        "    \\midrule",
    ]
    a_line = A_LINE if len(columns) == 1 else A_LINE_OF_SEVERAL
    for variant in variants:
        cells = [_write_cell(reading, variant, one, asked.style, a_line) for one in columns]
        lines.append(_write_row(_call(variant, names), cells))
        lines += ["    \\addlinespace[2pt]"] if asked.style != "pm" and variant != variants[-1] else []
    return "\n".join([*lines, "    \\bottomrule", "  \\end{tabular}", "\\end{table}"]) + "\n"


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


def _call(name: str, names: Names) -> str:
    return latex_text(names.get(name, name))


def _name_metric(metric: str, names: Names) -> str:
    return latex_text(names.get(metric, unit_of(metric).short))


def _write_header(splits: Sequence[str], metrics: Sequence[str], names: Names) -> Iterator[str]:
    n = len(metrics)
    if len(splits) > 1:
        groups = [f"\\multicolumn{{{n}}}{{{'c' if n > 1 else 'r'}}}{{{_call(split, names)}}}" for split in splits]
        yield f"    & {' & '.join(groups)} \\\\"
        if n > 1:
            yield "    " + " ".join(f"\\cmidrule(lr){{{2 + k * n}-{1 + (k + 1) * n}}}" for k in range(len(splits)))
    if n > 1 or len(splits) == 1:
        yield f"    & {' & '.join([_name_metric(metric, names) for metric in metrics] * len(splits))} \\\\"


def _write_row(name: str, cells: Sequence[str]) -> str:
    return f"    {name} & {' & '.join(cells)} \\\\"


def _trivial(reading: Reading, split: str, metric: str) -> str:
    """The score of the best trivial baseline; the majority class where the audit is not there."""
    ladder = None if reading.record.audit is None else reading.record.audit.ladder
    best = None if ladder is None else ladder.best(split, metric).score(split, metric).value
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


def _write_caption(
    reading: Reading, splits: Sequence[str], metrics: Sequence[str], variants: Sequence[str], style: str, names: Names
) -> str:
    units = [_describe_metric(one, names) for one in metrics]
    rows = ", ".join(f"{names.get(one, one)} {count(reading.record.splits[one].rows, 'row')}" for one in splits)
    seeds = {variant: len(reading.done(variant)) for variant in variants}
    same = len(set(seeds.values())) == 1
    each = (
        count(next(iter(seeds.values())), "seed")
        if same
        else "; ".join(f"{names.get(name, name)} {count(n, 'seed')}" for name, n in seeds.items())
    )
    return latex_text(f"{', '.join(units)}: {STYLE_WORDS[style]} ({each}; {rows}).")


def _describe_metric(metric: str, names: Names) -> str:
    unit = unit_of(metric)
    name = names.get(metric, unit.name)
    return f"{name} ({unit.unit})" if unit.unit else name
