"""Tables as people lay them out: which cells are names of settings, and which the values that were used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from brittlestar.records.reported.aliases import find_paths, plain_name
from brittlestar.records.reported.marks import take_marks
from brittlestar.records.reported.numbers import read_number
from brittlestar.records.reported.passing import is_outcome

Rows = Sequence[tuple[int, Sequence[str]]]
"""Lines with their numbers."""
HEADINGS = (
    "name",
    "setting",
    "settings",
    "hyperparameter",
    "hyper-parameter",
    "parameter",
    "field",
    "key",
    "option",
    "param",
    "parameters",
    "argument",
    "flag",
)
"""What stands above the names in a table of settings, and above no column of outcomes."""
_VALUES = re.compile(
    r"values?|settings?|used|ours|used here|in (?:the|this) (?:paper|work|study)|this (?:paper|work|study)|as run|"
    r"stated|main|chosen|choice|selected|final|best|optimal|"
    r"(?:chosen|selected|final|best|optimal|our) (?:value|setting|choice)s?|values? *\(.*\)"
)
_OWN = re.compile(r"\bours?\b|\bproposed\b|\bthis (?:work|paper|study)\b|\bvalues? used\b")
"""Words above the column that holds them, or beside the row."""
_BESIDE = re.compile(
    r"search|range|space|grid|tried|candidate|symbol|notation|description|meaning|comment|notes?\b|unit|\bdefault|"
    r"baseline|original|previous|\btheirs?\b"
)
"""Words above columns that hold no values in effect."""
OUTCOMES = {
    *("id", "row", "example", "examples", "split", "variant", "arm", "prediction", "label"),
    *("outcome", "score", "sequence", "text", "correct"),
}
"""Names of columns of predictions and outcomes."""
_PARTS = ("model.family", "training.optimiser", "model.embedding.mode")
"""Settings that are never none: with nothing beside it, the name of one is the title of a part."""
_BOLD = re.compile(r"\*\*(.+?)\*\*|__(.+?)__|\\textbf\{(.+?)\}")


def find_cells(rows: Rows, ruled: bool = False) -> Iterator[tuple[int, str, str]]:
    """(line, name, value) of each setting of a table.

    Names stand in the first column and values in the second, or in the one whose heading says so; a row may hold two
    settings. Of two rows the first may hold the names and the second the values; where more rows of values follow,
    nobody can say which is meant, and none is taken. A value in bold among others is the one that was chosen. A row
    with nothing beside its name is the title of what follows, unless a setting is named. The first row of a `ruled`
    table has a line below it, and is its heading where it names no setting. A table of results states none.
    """
    if not rows:
        return
    plain = [
        (number, [_take_emphasis(take_marks(_take_emphasis(_choose_bold(one)))) for one in row]) for number, row in rows
    ]
    if _is_wide(plain):
        (_, names), *configurations = plain
        configurations = [
            row for row in configurations if any(_OWN.search(one.lower()) for one in row[1])
        ] or configurations
        yield from _join_runs(names, configurations)
        return
    headed = _is_heading(plain[0][1]) or (ruled and len(rows) > 1 and not find_paths(plain[0][1][0]))
    if headed and plain[0][1][1:] and all(is_outcome(one) for one in plain[0][1][1:]):
        return
    pairs = _find_pairs(plain, headed)
    part, heading = "", plain[0][1] if headed else ()
    for position, (number, cells) in enumerate(plain[headed:], start=int(headed)):
        for names, values in pairs:
            if len(cells) <= max(names, values) or not cells[names]:
                continue
            paths = find_paths(cells[names])
            title = cells[names] != rows[position][1][names].strip() or not paths or paths[0] in _PARTS
            if not any(cells[names + 1 :]) and (title or paths == ("training.class_weights",)):
                part = cells[names]
                continue
            part = (cells[0] or part) if names == 1 else part
            value = _add_unit(cells, values, heading)
            yield number, name_part(part, cells[names]), value


def _join_runs(names: Sequence[str], rows: Rows) -> Iterator[tuple[int, str, str]]:
    """The settings of a table with a row for each run, where these differ in nothing but seeds; nothing where they are
    several configurations, since nobody can say which is meant."""
    columns = {
        name: [cells[place] for _, cells in rows if place < len(cells)] for place, name in enumerate(names) if name
    }
    several = {name for name, values in columns.items() if len({*values}) > 1}
    if any(find_paths(name) not in ((), ("seeds",)) for name in several):
        return
    for name, values in columns.items():
        if name not in several or find_paths(name):
            yield rows[0][0], name, ", ".join(dict.fromkeys(values))


def _add_unit(cells: Sequence[str], values: int, heading: Sequence[str]) -> str:
    """A value with its unit, where that has a column of its own, or stands above all values."""
    named = [cells[place] for place, one in enumerate(heading[: len(cells)]) if one.lower() in ("unit", "units")]
    above = re.findall(r"\((%|[A-Za-z]+)\)$", heading[values]) if values < len(heading) else []
    unit = next(iter([*named, *above]), "")
    return f"{cells[values]} {unit}" if re.fullmatch(r"%|[A-Za-z ]+", unit) and cells[values] else cells[values]


def name_part(part: str, name: str) -> str:
    """A name that says too little alone, such as the dropout or the type of something, with the part that it is of."""
    if find_paths(part) == ("training.class_weights",) and not find_paths(name):
        return f"class_weights.{name.strip(' –—-•')}"
    whole = f"{part}.{name}"
    weak = plain_name(name) in WEAK and find_paths(whole) != find_paths(name)
    return whole if len(find_paths(whole)) == 1 and (weak or len(find_paths(name)) != 1) else name


WEAK = ("metric", "type", "kind", "name", "factor", "every", "split", "patience", "size", "criterion")
"""Names that mean what they stand below."""


def _find_pairs(plain: Rows, headed: bool) -> list[tuple[int, int]]:
    """Columns of names with the columns of their values."""
    first = [one.lower() for one in plain[0][1]]
    if headed:
        if first[0] not in HEADINGS and len(first) > 2 and first[1] in HEADINGS:  # parts of a table come first
            return [(1, 2)]
        names = [place for place, one in enumerate(first) if one == first[0] and one in HEADINGS]
        if len(names) > 1:
            return [(place, place + 1) for place in names if place + 1 < len(first)]
        columns = [place for place in range(1, len(first)) if _VALUES.fullmatch(first[place])]
        columns = columns or [place for place in range(1, len(first)) if _OWN.search(first[place])]
        others = [place for place in range(1, len(first)) if not _BESIDE.search(first[place])]
        return [(0, (columns or others or [1])[0])]
    widths = {len(cells) for _, cells in plain}
    if widths == {4} and sum(bool(find_paths(cells[2])) for _, cells in plain) > len(plain) / 2:
        return [(0, 1), (2, 3)]
    return [(0, 1)]


def _take_emphasis(text: str) -> str:
    """`**lr**` is lr; a name may have underscores in it."""
    return re.sub(r"^([*`_]{1,3})(.+?)\1$", r"\2", text.strip()).strip()


def _choose_bold(text: str) -> str:
    """Of several values the one in bold."""
    found = _BOLD.findall(text)
    several = len(found) == 1 and re.search(r"[,;/]|\bto\b", _BOLD.sub("", text))
    return next(filter(None, found[0])) if several else text


def _is_heading(cells: Sequence[str]) -> bool:
    second = cells[1].lower() if len(cells) > 1 else ""
    third = len(cells) > 2 and second in HEADINGS and bool(_VALUES.fullmatch(cells[2].lower()))
    named = any(_VALUES.fullmatch(one.lower()) for one in cells[2:]) and not find_paths(cells[0])
    return cells[0].lower() in HEADINGS or bool(_VALUES.fullmatch(second)) or third or named


def _is_wide(rows: Rows) -> bool:
    """Whether names of settings stand in the first row, and values below them."""
    (_, names), *others = rows
    known = sum(bool(find_paths(one)) for one in names)
    if len(rows) == 2 and len(names) == known == 2 and read_number(others[0][1][0]) is not None:
        return True
    if len(rows) < 2 or len(names) < 3 or known < (3 if _is_heading(names) else 2):
        return False
    below = max(sum(bool(find_paths(one)) for one in cells) for _, cells in others)
    return below < 2 and not any(find_paths(cells[0]) for _, cells in others[1:])


def states_settings(names: Sequence[str]) -> bool:
    """Whether columns of these names are settings, and not rows or outcomes of runs."""
    plain = {one.strip().lower() for one in names}
    return not plain & OUTCOMES and sum(bool(find_paths(one)) for one in plain) >= 2
