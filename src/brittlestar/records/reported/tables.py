"""Settings stated in tables: CSV, those of a Markdown page, those of LaTeX."""

import csv
import html
import io
import re
from collections.abc import Iterator, Sequence

from brittlestar.core.errors import InputError
from brittlestar.core.foreign_names import list_names, list_words
from brittlestar.records.reported.naming import find_metric, find_paths
from brittlestar.records.reported.stated import Stated

Rows = Sequence[tuple[int, Sequence[str]]]
"""Lines with their numbers."""
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
_LINES = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|addlinespace|centering|(?:cmidrule|cline)(?:\([^)]*\))?\{[^}]*\})"
)
_TABULAR = re.compile(
    r"\\begin\{(?P<kind>tabular[*xy]?|longtable)\}\s*(?:\[[^\]]*\]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*"
    r"(?P<rows>.*?)\\end\{(?P=kind)\}",
    re.DOTALL,
)
_ROW = re.compile(r"(.+?)(?:\\\\(?:\[[^\]]*\])?|\\tabularnewline\b|\Z)", re.DOTALL)
_INNER = r"((?:[^{}]|\{[^{}]*\})*)"
_MARKS = (
    (rf"\\(?:footnote|tnote|textsuperscript)\{{{_INNER}\}}|\\footnotemark|[~ ]*\\(?:cite[pt]?|ref)\{{[^{{}}]*\}}", ""),
    (rf"\\multi(?:column|row)\{{[^{{}}]*\}}\{{[^{{}}]*\}}\{{{_INNER}\}}", r"\1"),
    (r"\\SI\{([^{}]*)\}\{\\?([^{}]*)\}", r"\1 \2"),
    (rf"\\(?:num|underline|text\w*|emph|mathbf|mathrm|mbox|makecell)\{{{_INNER}\}}", r"\1"),
    (r"(?<=\d)--(?=\d)|^\s*---?\s*$", "–"),
    (r"\\([_#&])", r"\1"),
    (r"\\(?:checkmark|cmark)\b|✅|☑|\[x\]", "yes"),
    (r"\\xmark\b|❌|☐|\[ \]", "no"),
    (r"\[\^\w+\]|(?<=\w)\s*[†‡§]+|(?<=[\w.])\s*\*+$|\$?\^\{?\\?(?:dagger|ddagger|ast|\*)\}?\$?$", ""),
    (r"\[([^\[\]]*)\]\([^()]*\)", r"\1"),
    (r"^([*`_]{1,3})(.+?)\1$", r"\2"),
)
"""Marks of cells that say nothing of them: notes, fonts, links; and signs for yes and no."""
HEADINGS = ("name", "setting", "settings", "hyperparameter", "hyper-parameter", "parameter", "field", "key", "option",
            "param", "parameters", "argument", "flag", "hyperparameters")  # fmt: skip
"""What stands above the names in a table of settings, and above no column of outcomes."""
_VALUES = re.compile(r"(?:our |final |chosen |selected |best )?(?:values?|settings?|choice)|ours|used|chosen|selected|"
                     r"final|best|this (?:paper|work|study)|stated|main|values? *\(.*\)")  # fmt: skip
_BESIDE = re.compile(r"search|range|space|grid|tried|candidate|symbol|notation|description|comment|notes?\b|unit|"
                     r"\bdefault|baseline|original|previous")  # fmt: skip
"""Words above columns that hold no values in effect."""
OUTCOMES = {"id", "row", "example", "examples", "split", "variant", "arm", "prediction", "label", "outcome", "score",
            "sequence", "text", "correct"}  # fmt: skip
"""Names of columns of predictions and outcomes."""


def find_delimiter(head: str, suffix: str) -> str:
    """What stands between the cells of a table, by its first line: semicolons where a comma is a decimal point."""
    if suffix.lower() == ".tsv" or ("\t" in head and not re.search("[,;]", head)):
        return "\t"
    return ";" if head.count(";") > head.count(",") else ","


def read_csv(text: str, where: str) -> list[Rows]:
    """The table of a file of which the name ends in .csv or .tsv. Raises InputError where it is none."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    delimiter = find_delimiter(next(iter(lines), ""), where[-4:])
    try:
        rows = [(number, row) for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1)
                if row and not row[0].startswith("#")]  # fmt: skip
    except csv.Error as error:
        raise InputError(f"it is no CSV: {error}", where) from error
    return [rows]


def read_markdown(text: str) -> list[Rows]:
    """The tables of a Markdown page: lines with bars around a line of dashes, outside fences and comments."""
    text = re.sub(r"<!--.*?-->|^(```|~~~).*?^\1", lambda found: "\n" * found[0].count("\n"), text,
                  flags=re.DOTALL | re.MULTILINE)  # fmt: skip
    tables: list[list[tuple[int, list[str]]]] = [[]]
    ruled: set[int] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if "-" in line and "|" in line and _RULE.fullmatch(line.strip()):
            ruled.add(len(tables) - 1)
        elif "|" in line:
            cells = re.split(r"(?<!\\)\|", re.sub(r"^\||(?<!\\)\|$", "", line.strip()))
            tables[-1].append((number, [one.replace("\\|", "|").strip() for one in cells]))
        else:
            tables.append([])
    return [rows for place, rows in enumerate(tables) if place in ruled]


def read_latex(text: str) -> list[Rows]:
    """The tables of LaTeX without its comments, as far as cells stand between `&` and two backslashes."""
    text = re.sub(r"(?<!\\)%.*", "", text)
    tables: list[Rows] = []
    for table in _TABULAR.finditer(text) if "\\end{" in text else ():
        rows: list[tuple[int, list[str]]] = []
        for row in _ROW.finditer(text, *table.span("rows")):
            cells = [one.strip() for one in re.split(r"(?<!\\)&", _LINES.sub("", row[1]).strip())]
            if len(cells) > 1:
                rows.append((text.count("\n", 0, row.end(1)) + 1, cells))
        tables.append(rows)
    return tables


def take_marks(cell: str) -> str:
    """A cell as its author means it, without marks."""
    plain = html.unescape(cell).replace("\xa0", " ").strip()
    for pattern, kept in (_MARKS[-1], *_MARKS):
        plain = re.sub(pattern, kept, plain.strip())
    return plain.strip("` ")


def find_cells(rows: Rows) -> Iterator[Stated]:
    """Each setting of a table: names in a column and values in the next one, or in the one whose heading says so; or
    names in the first row and values below. A row with nothing beside its name is a title. A table of results states no
    setting."""
    plain = [(number, [take_marks(one) for one in row]) for number, row in rows]
    if not plain or find_score_columns(plain)[1]:
        return
    if _is_wide(plain):
        yield from _join_runs(plain)
        return
    first = [one.lower() for one in plain[0][1]]
    headed = first[0] in HEADINGS or (len(plain) > 1 and not find_paths(first[0]))
    pairs = _find_columns(first) if headed else [(0, 1)]
    units = first.index("unit") if headed and "unit" in first else None
    for number, cells in plain[headed:]:
        for names, values in pairs:
            if len(cells) > values and cells[names] and cells[values]:
                unit = "" if units is None or units >= len(cells) else f" {cells[units]}"
                yield Stated(cells[names], f"{cells[values]}{unit}".strip(), number)


def _join_runs(rows: Rows) -> Iterator[Stated]:
    """A table with a row for each run, where these differ in seeds alone; of several configurations nothing."""
    (_, names), *runs = rows
    columns = {name: list(dict.fromkeys(cells[place] for _, cells in runs if place < len(cells)))
               for place, name in enumerate(names) if name}  # fmt: skip
    several = {name for name, values in columns.items() if len(values) > 1}
    if all(find_paths(name) in ((), ("seeds",)) for name in several):
        same = {name: values for name, values in columns.items() if name not in several or find_paths(name)}
        yield from (Stated(name, ", ".join(values) or "none", runs[0][0]) for name, values in same.items())


def _find_columns(heading: Sequence[str]) -> list[tuple[int, int]]:
    """Columns of names, each with that of its values."""
    names = [place for place, one in enumerate(heading) if one in HEADINGS and one == heading[0]]
    if len(names) > 1:
        return [(place, place + 1) for place in names]
    first = 1 if heading[0] not in HEADINGS and heading[1:2] and heading[1] in HEADINGS else 0  # parts come first
    columns = [place for place in range(first + 1, len(heading)) if _VALUES.fullmatch(heading[place])]
    others = [place for place in range(first + 1, len(heading)) if not _BESIDE.search(heading[place])]
    return [(first, (columns or others or [first + 1])[0])]


def find_role(name: str) -> str | None:
    """What the column of a table of scores holds."""
    plain, roles = "_".join(list_words(name)), ("variant", "split", "metric", "score")
    return next((role for role in roles if plain in list_names("columns", role)), None)


def find_score_columns(rows: Rows) -> tuple[list[int], list[int]]:
    """Columns that name what a score is of, and those of scores: named by metrics, or `score` beside `metric`; none of
    a table of settings."""
    if len(rows) < 2 or _is_wide(rows):
        return [], []
    heading = [take_marks(one) for one in rows[0][1]]
    roles = [find_role(name) for name in heading]
    numbers = [place for place, name in enumerate(heading) if place and find_metric(list_words(name))]
    if not numbers and {"metric", "score"} <= {*roles}:
        numbers = [roles.index("score")]
    named = [place for place, role in enumerate(roles) if role in ("variant", "split", "metric")]
    return (named or [0], numbers) if numbers and heading[0].lower() not in HEADINGS[1:] else ([], [])


def _is_wide(rows: Rows) -> bool:
    """Whether names of settings stand in the first row, and not in the first column."""
    names, others = rows[0][1], rows[1:]
    return (
        len(others) > 0
        and sum(bool(find_paths(one)) for one in names) >= 2
        and not any(find_paths(cells[0]) for _, cells in others)
    )


def states_settings(names: Sequence[str]) -> bool:
    """Whether columns of these names are settings, and not rows or outcomes of runs."""
    plain = {one.strip().lower() for one in names}
    return not plain & OUTCOMES and sum(bool(find_paths(one)) for one in plain) >= 2
