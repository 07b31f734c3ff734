"""The results as tables for a paper: Markdown and LaTeX (booktabs), both escaped."""

import re
from collections.abc import Iterable, Sequence

from brittlestar.reports.reading import Reading
from brittlestar.study.units import MINUS, count, unit_of

LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    MINUS: r"\ensuremath{-}",
    "–": "--",
    "‡": r"\ddag{}",
    "[": "{[}",
    "]": "{]}",
}


def markdown(reading: Reading) -> str:
    """One table per evaluated split: mean and interval per metric, n, and the majority class in the first row."""
    parts = [f"# {markdown_text(reading.record.name)}", ""]
    for split in reading.record.splits:
        header, rows = cells(reading, split)
        parts += [f"## {markdown_text(split)} ({count(reading.record.splits[split].rows, 'row')})", ""]
        parts += [markdown_row([markdown_text(text) for text in header])]
        parts += [markdown_row(["---"] * 2 + ["---:"] * (len(header) - 2))]
        parts += [markdown_row([markdown_text(text) for text in row]) for row in rows]
        parts.append("")
    parts += [markdown_text(footnote(reading)), ""]
    return "\n".join(parts)


def latex(reading: Reading) -> str:
    """One booktabs table per evaluated split; needs the packages booktabs, and for symbols a Unicode engine."""
    parts = [
        "% Needs \\usepackage{booktabs} and \\usepackage[T1]{fontenc}; symbols outside Latin need XeLaTeX or LuaLaTeX."
    ]
    for split in reading.record.splits:
        header, rows = cells(reading, split)
        named = f"{reading.record.name}: {split} ({count(reading.record.splits[split].rows, 'row')})."
        parts += [
            "",
            "\\begin{table}",
            "  \\centering",
            f"  \\caption{{{latex_text(f'{named} {footnote(reading)}')}}}",
            f"  \\begin{{tabular}}{{ll{'r' * (len(header) - 2)}}}",
            "    \\toprule",
            f"    {' & '.join(latex_text(text) for text in header)} \\\\",
            "    \\midrule",
            *(f"    {' & '.join(latex_text(text) for text in row)} \\\\" for row in rows),
            "    \\bottomrule",
            "  \\end{tabular}",
            "\\end{table}",
        ]
    return "\n".join(parts) + "\n"


def cells(reading: Reading, split: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of one split as plain text; the first row is the majority class."""
    metrics = reading.record.metrics
    header = ["variant", "n", *(f"{unit_of(metric).name} ({unit_of(metric).unit})" for metric in metrics)]
    rows = [["majority class", "", *(unit_of(metric).number(reading.majority(split, metric)) for metric in metrics)]]
    for name, variant in reading.record.variants.items():
        done = len(reading.done(name))
        planned = sum(cell.variant == name for cell in reading.record.cells)
        title = name if variant.title == name else f"{name} ({variant.title})"
        row = [title + (" ‡" if variant.unequal_budget else ""), f"{done} of {planned}"]
        for metric in metrics:
            entry, unit = reading.entry(name, split, metric), unit_of(metric)
            row.append(f"{unit.number(entry['mean'])} {unit.interval(entry['interval'])}".strip())
        rows.append(row)
    return header, rows


def footnote(reading: Reading) -> str:
    """What the numbers are: checkpoint, interval, population, and the reasons for unequal budgets."""
    text = (
        "Mean over seeds of the best checkpoint, with its 95 % t interval (these rows, new seeds); "
        "a diverged seed counts at the majority class; n: finished seeds."
    )
    marks = [
        f"‡ {variant.name}, unequal budget: {variant.unequal_budget}."
        for variant in reading.record.variants.values()
        if variant.unequal_budget
    ]
    return " ".join([text, *marks])


def markdown_text(text: str) -> str:
    """Text that Markdown and the HTML inside it leave as it is, on one line."""
    text = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]#|~$!])", r"\\\1", text)


def latex_text(text: str) -> str:
    """Text with every LaTeX special escaped, on one line."""
    return "".join(LATEX.get(character, character) for character in " ".join(text.split()))


def markdown_table(head: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of Markdown, every cell escaped."""
    cells = [map(markdown_text, head), ["---"] * len(head), *(map(markdown_text, row) for row in rows)]
    return "\n".join(map(markdown_row, cells))


def markdown_row(texts: Iterable[str]) -> str:
    """Cells as a line of a table."""
    return f"| {' | '.join(texts)} |"
