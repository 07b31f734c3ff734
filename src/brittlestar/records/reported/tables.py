"""Settings stated in tables: CSV, those of a Markdown page, those of LaTeX."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from brittlestar.core.errors import InputError
from brittlestar.records.reported.aliases import find_paths
from brittlestar.records.reported.layouts import Rows, find_cells
from brittlestar.records.reported.stated import Stated

_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
_LINES = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|addlinespace|centering|end(?:first|last)?(?:head|foot)\b|(?:cmidrule|cline)(?:\([^)]*\))?\{[^}]*\})"
)
_TABULAR = re.compile(
    r"\\begin\{(?P<kind>tabular[*xy]?|longtable|(?:long|tall)?tblr)\}\s*"
    r"(?:\[[^\]]*\]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*(?P<rows>.*?)"
    r"\\end\{(?P=kind)\}",
    re.DOTALL,
)
_ROW = re.compile(r"(.+?)(?:\\\\(?:\[[^\]]*\])?|\\tabularnewline\b|\Z)", re.DOTALL)
_DASHES = re.compile(r"(?<=\d)--(?=\d)|^\s*---?\s*$")
_WRAPPED = re.compile(r"\\(?:texttt|textsc|textit|emph|mbox|multicolumn\{[^}]*\}\{[^}]*\})\{([^{}]*)\}")


def find_delimiter(head: str, suffix: str) -> str:
    """What stands between the cells of a table, by its first line: semicolons where a comma is a decimal point."""
    if suffix.lower() == ".tsv" or ("\t" in head and not re.search("[,;]", head)):
        return "\t"
    return ";" if head.count(";") > head.count(",") else ","


def read_csv(text: str, where: str) -> Iterator[Stated]:
    """Settings of a table of which the name ends in .csv or .tsv. Raises InputError where it is none."""
    delimiter = find_delimiter(text.partition("\n")[0], where[-4:])
    try:
        rows = [
            (number, row)
            for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1)
            if row
        ]
    except csv.Error as error:
        raise InputError(f"it is no CSV: {error}", where) from error
    yield from _read_rows(rows)


def read_markdown(text: str, where: str = "") -> Iterator[Stated]:
    """Settings in all tables of a Markdown page."""
    table: list[tuple[int, list[str]]] = []
    ruled = False
    for number, line in enumerate(text.splitlines(), start=1):
        if "|" in line and not _is_rule(line):
            cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
            table.append((number, [one.replace("\\|", "|").strip() for one in cells]))
        elif _is_rule(line):
            ruled = ruled or len(table) == 1
        else:
            yield from _read_rows(_take_table(table), ruled)
            table, ruled = [], False
    yield from _read_rows(_take_table(table), ruled)


def _is_rule(line: str) -> bool:
    return "-" in line and _RULE.fullmatch(line.strip()) is not None


def blank_tables(text: str, suffix: str) -> str:
    """A page without its tables; every line is where it was."""
    if suffix == ".tex":  # where none ends, none is looked for
        return _TABULAR.sub(lambda found: "\n" * found[0].count("\n"), text) if "\\end{" in text else text
    lines = text.split("\n")
    barred = [line.count("|") > 1 or _is_rule(line) for line in ("", *lines, "")]
    return "\n".join(
        "" if within and (before or after) else line
        for line, before, within, after in zip(lines, barred, barred[1:], barred[2:], strict=False)
    )


def _take_table(lines: Rows) -> Rows:
    """The lines of a table; one alone is a sentence with bars in it, unless it is a known name with a value."""
    if len(lines) != 1 or (len(lines[0][1]) == 2 and find_paths(lines[0][1][0])):
        return lines
    return ()


def read_latex(text: str, where: str = "") -> Iterator[Stated]:
    """Settings in all tables of LaTeX without its comments, as far as cells stand between `&` and two backslashes."""
    for table in _TABULAR.finditer(text) if "\\end{" in text else ():
        rows: list[tuple[int, list[str]]] = []
        for row in _ROW.finditer(text, *table.span("rows")):
            plain = _LINES.sub("", row[1]).strip()
            cells = [_unwrap(one) for one in re.split(r"(?<!\\)&", plain)]
            if len(cells) > 1:
                rows.append((text.count("\n", 0, row.end(1)) + 1, cells))
        yield from _read_rows(rows)


def _unwrap(cell: str) -> str:
    cell = re.sub(r"\\verb(\W)(.*?)\1", r"\2", cell)
    plain = _DASHES.sub("–", _WRAPPED.sub(r"\1", cell)).replace("\\_", "_").replace("\\#", "#").strip()
    return re.sub(r"^(?:\\text(?:bf|it))?\{([^{}]*)\}$", r"\1", plain)


def _read_rows(rows: Rows, ruled: bool = False) -> Iterator[Stated]:
    yield from (Stated(name, value or "none", line) for line, name, value in find_cells(rows, ruled))
