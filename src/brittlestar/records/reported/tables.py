"""Settings stated in tables: CSV, those of a Markdown page, those of LaTeX, as people lay them out."""

import csv
import html
import io
import re
from collections.abc import Callable, Iterator, Sequence

from brittlestar.core.errors import InputError
from brittlestar.core.foreign_names import list_names, list_words
from brittlestar.records.reported.naming import find_metric, find_paths
from brittlestar.records.reported.stated import Stated

Rows = Sequence[tuple[int, Sequence[str]]]
"""Lines with their numbers."""
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
_INNER = r"((?:[^{}]|\{[^{}]*\})*)"
_MARKS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"\\(?:footnotemark|cellcolor|rowcolor)(?:\[[^\]]*\])?(?:\{[^{}]*\})?", ""),
    (rf"\\(?:footnote|tnote|textsuperscript|thanks)\{{{_INNER}\}}|[~ ]*\\(?:cite[pt]?|ref)\{{[^{{}}]*\}}", ""),
    (r"\\multi(?:column|row)(?:\[\w\])?\{[^{}]*\}\{(?:[^{}]|\{[^{}]*\})*\}" rf"\{{{_INNER}\}}", r"\1"),
    (rf"\\(?:textcolor|color)\{{[^{{}}]*\}}\{{{_INNER}\}}", r"\1"),
    (r"\\(?:SI|qty)\{([^{}]*)\}\{([^{}]*)\}", lambda found: f"{found[1]} {found[2].replace(chr(92) + 'percent', '%')}"),
    (r"\\numrange\{([^{}]*)\}\{([^{}]*)\}", r"\1–\2"),
    (r"\\(?:q?quad|hfill)\b|\\hspace\*?\{[^{}]*\}", " "),
    (r"\\verb(\W)(.*?)\1", r"\2"),
    (rf"\\(?:num|numlist|underline|makecell(?:\[\w*\])?|text\w\w|emph|mathbf|mathrm|mbox|text)\{{{_INNER}\}}", r"\1"),
    (r"(?<=\d)--(?=\d)|^\s*---?\s*$", "–"),
    (r"\\([_#&])", r"\1"),
    (r"\\(?:checkmark|cmark)\b|✅|☑|\[x\]", "yes"),
    (r"\\xmark\b|❌|☐|\[ \]", "no"),
    (r"\[\^\w+\]|(?<=\w)\s*[†‡§]+|(?<=[\w.])\s*\\?\*+$", ""),
    (r"\$?\s*\^\s*\{?\s*(?:\\(?:dagger|ddagger|ast|star)\b|[a-z*†‡])\s*\}?\s*\$?$", ""),
    (r"\[([^\[\]]*)\]\([^()]*\)", r"\1"),
)  # fmt: skip
_EMPHASIS = (r"^([*`_]{1,3})(.+?)\1$", r"\2")
"""Marks of cells that say nothing of them: notes, colours, links; and signs for yes and no."""
HEADINGS = ("name", "setting", "settings", "hyperparameter", "hyper-parameter", "parameter", "field", "key", "option",
            "param", "parameters", "argument", "flag", "hyperparameters")  # fmt: skip
"""What stands above the names in a table of settings, and above no column of outcomes."""
_VALUES = re.compile(
    r"values?|settings?|used|ours|(?:used )?(?:here|in (?:the|this) (?:paper|work|study))|"
    r"this (?:paper|work|study)|as run|stated|main|chosen|choice|selected|final|best|optimal|"
    r"(?:chosen|selected|final|best|optimal|our) (?:value|setting|choice)s?|values? *\(.*\)"
)
_BESIDE = re.compile(
    r"search|range|space|grid|tried|candidate|symbol|notation|description|meaning|comment|notes?\b|unit|\bdefault|"
    r"baseline|original|previous|\btheirs?\b"
)
"""Words above columns that hold no values in effect."""
OUTCOMES = {"id", "row", "example", "examples", "split", "variant", "arm", "prediction", "label", "outcome", "score",
            "sequence", "text", "correct"}  # fmt: skip
"""Names of columns of predictions and outcomes."""
_TITLES = ("model.family", "training.optimiser", "model.embedding.mode", "training.class_weights")
"""Settings that are never left empty: with nothing beside it, the name of one is the title of a part."""
_BOLD = re.compile(r"\*\*(.+?)\*\*|__(.+?)__|\\textbf\{(.+?)\}")


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
    """A cell as its author means it: of several values the one in bold, without marks."""
    plain = html.unescape(cell).replace("\xa0", " ").strip()
    bold = _BOLD.findall(plain)
    if len(bold) == 1 and re.search(r"[,;/]|\bto\b", _BOLD.sub("", plain)):
        plain = next(filter(None, bold[0]))
    for pattern, kept in (_EMPHASIS, *_MARKS, _EMPHASIS):
        plain = re.sub(pattern, kept, plain.strip())
    plain = plain.strip()
    return re.sub(r"^\{([^{}]*)\}$|^\$\$$", r"\1", plain).strip("`").strip()


def find_cells(rows: Rows) -> Iterator[Stated]:
    """Each setting of a table.

    Names stand in the first column and values in the second, or in the one whose heading says so; a row may hold two
    settings. Or names stand in the first row and values in the second; where more rows of values follow, nobody can say
    which is meant, and none is taken. A row with nothing beside its name is a title, unless a setting is named. A table
    of results states none.
    """
    plain = [(number, [take_marks(one) for one in row]) for number, row in rows]
    if not plain or find_score_columns(plain)[1]:
        return
    if _is_wide(plain):
        (_, names), *runs = plain
        yield from _join_runs(names, runs)
        return
    headed = plain[0][1][0].lower() in HEADINGS or (len(plain) > 1 and not find_paths(plain[0][1][0]))
    heading = plain[0][1] if headed else ()
    pairs = _find_pairs(plain, headed)
    for number, cells in plain[headed:]:
        for names, values in pairs:
            if len(cells) <= names or not cells[names]:
                continue
            value = _add_unit(cells, values, heading) if values < len(cells) else ""
            paths = find_paths(cells[names])
            if not any(cells[names + 1 :]) and (not paths or paths[0] in _TITLES or len(cells) == names + 1):
                continue
            yield Stated(cells[names], value or "none", number)


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
    """Whether names of settings stand in the first row, and values below them."""
    (_, names), *others = rows
    known = sum(bool(find_paths(one)) for one in names)
    if not others or len(names) < 2 or known < (3 if names[0].lower() in HEADINGS else 2):
        return False
    below = max(sum(bool(find_paths(one)) for one in cells) for _, cells in others)
    return below < 2 and not any(find_paths(cells[0]) for _, cells in others[1:]) and (
        len(names) > 2 or re.search(r"\d", others[0][1][0]) is not None)  # fmt: skip


def _join_runs(names: Sequence[str], rows: Rows) -> Iterator[Stated]:
    """A table with a row for each run, where these differ in seeds alone; of several configurations nothing."""
    columns = {name: [cells[place] for _, cells in rows if place < len(cells)]
               for place, name in enumerate(names) if name}  # fmt: skip
    several = {name for name, values in columns.items() if len({*values}) > 1}
    if any(find_paths(name) not in ((), ("seeds",)) for name in several):
        return
    for name, values in columns.items():
        if name not in several or find_paths(name):
            yield Stated(name, ", ".join(dict.fromkeys(values)) or "none", rows[0][0])


def _find_pairs(plain: Rows, headed: bool) -> list[tuple[int, int]]:
    """Columns of names with the columns of their values."""
    first = [one.lower() for one in plain[0][1]]
    if not headed:
        several = len(first) == 4 and sum(bool(find_paths(cells[2])) for _, cells in plain if len(cells) == 4)
        return [(0, 1), (2, 3)] if several and several > len(plain) / 2 else [(0, 1)]
    if first[0] not in HEADINGS and len(first) > 2 and first[1] in HEADINGS:  # parts of a table come first
        return [(1, 2)]
    names = [place for place, one in enumerate(first) if one == first[0] and one in HEADINGS]
    if len(names) > 1:
        return [(place, place + 1) for place in names]
    columns = [place for place in range(1, len(first)) if _VALUES.fullmatch(first[place])]
    others = [place for place in range(1, len(first)) if not _BESIDE.search(first[place])]
    return [(0, (columns or others or [1])[0])]


def _add_unit(cells: Sequence[str], values: int, heading: Sequence[str]) -> str:
    """A value with its unit, where that has a column of its own, or stands above all values."""
    named = [cells[place] for place, one in enumerate(heading[: len(cells)]) if one.lower() in ("unit", "units")]
    above = re.findall(r"\((%|[A-Za-z]+)\)$", heading[values]) if values < len(heading) else []
    unit = next(iter([*named, *above]), "")
    return f"{cells[values]} {unit}" if re.fullmatch(r"%|[A-Za-z ]+", unit) and cells[values] else cells[values]


def states_settings(names: Sequence[str]) -> bool:
    """Whether columns of these names are settings, and not rows or outcomes of runs."""
    plain = {one.strip().lower() for one in names}
    return not plain & OUTCOMES and sum(bool(find_paths(one)) for one in plain) >= 2
