"""Tables as people lay them out: which cells are names of settings, and which the values that were used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from brittlestar.records.reported.aliases import find_paths

Rows = Sequence[tuple[int, Sequence[str]]]
"""Lines with their numbers."""
HEADINGS = ("name", "setting", "settings", "hyperparameter", "hyper-parameter", "parameter", "field", "key", "option")
"""What stands above the names in a table of settings, and above no column of outcomes."""
_VALUES = re.compile(
    r"values?|settings?|used|ours|stated|main|chosen|choice|selected|final|best|optimal|"
    r"(?:chosen|selected|final|best|optimal|our) (?:value|setting|choice)s?"
)
_BESIDE = re.compile(
    r"search|range|space|grid|tried|candidate|symbol|notation|description|meaning|comment|notes?\b|unit"
)
"""Words above columns that hold no values in effect."""
_BOLD = re.compile(r"\*\*(.+?)\*\*|__(.+?)__|\\textbf\{(.+?)\}")


def find_cells(rows: Rows) -> Iterator[tuple[int, str, str]]:
    """(line, name, value) of each setting of a table.

    Names stand in the first column and values in the second, or in the one whose heading says so; a row may hold two
    settings; of two rows the first may hold the names and the second the values. A value in bold among others is the
    one that was chosen. A row with nothing beside its name is the title of what follows, unless a setting is named.
    """
    if not rows:
        return
    plain = [(number, [_take_emphasis(_choose_bold(one)) for one in row]) for number, row in rows]
    if _is_wide(plain):
        (_, names), (number, values) = plain
        yield from ((number, name, value) for name, value in zip(names, values, strict=False) if name)
        return
    headed = _is_heading(plain[0][1])
    pairs = _find_pairs(plain, headed)
    for position, (number, cells) in enumerate(plain[headed:], start=int(headed)):
        for names, values in pairs:
            if len(cells) <= max(names, values) or not cells[names]:
                continue
            title = cells[names] != rows[position][1][names].strip() or not find_paths(cells[names])
            if not any(cells[names + 1 :]) and title:
                continue
            yield number, cells[names], cells[values]


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
    return cells[0].lower() in HEADINGS or bool(_VALUES.fullmatch(second)) or third


def _is_wide(rows: Rows) -> bool:
    if len(rows) != 2 or len(rows[0][1]) < 3 or _is_heading(rows[0][1]):
        return False
    names, values = rows[0][1], rows[1][1]
    return sum(bool(find_paths(one)) for one in names) >= 2 > sum(bool(find_paths(one)) for one in values)
