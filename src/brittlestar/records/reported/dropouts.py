"""Dropouts that are said together, each with its place: `0.1 (embeddings), 0.3 (between layers)`, `emb./rnn/out`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from brittlestar.records.reported.aliases import find_place

_N = r"(?:p\s*=\s*)?(0?\.\d+|\d+(?:\.\d+)?\s?\\?%|0|1)"
_BEHIND = re.compile(rf"([A-Za-z][\w .-]{{2,60}}?)\s*\(\s*{_N}\s*\)")
_BEFORE = re.compile(rf"(?<![\w.]){_N}\s*\(\s*([A-Za-z][\w .-]{{2,40}}?)\s*\)")
_PLAIN = re.compile(rf"([A-Za-z][A-Za-z. ]{{1,30}}?)[ :=]+{_N}(?=\s*(?:[,;/|]|$|and\b))")
_NAMES = re.compile(
    r"drop\s?-?out\w*(?: rates?| prob\w*)?\s*[(:]\s*([A-Za-z][\w. ]*(?:\s*[/,|]\s*[A-Za-z][\w. ]*)+)\)?", re.IGNORECASE
)
_RESPECTIVELY = re.compile(rf"{_N}((?:,? and |, )(?:{_N}))+(?= )")


def pair_places(name: str, text: str) -> list[tuple[str, str]]:
    """(setting, value) of each dropout of a cell or a line, where every value has its own place; none otherwise."""
    if not re.search(r"drop", name, re.IGNORECASE):
        return []
    if (named := _NAMES.search(name)) is not None:
        places = [find_place(one) for one in re.split(r"[/,|]", named[1])]
        values = [one.strip() for one in re.split(r"[/,|;]", text) if one.strip()]
        return _join(places, values)
    for pattern, place, value in ((_BEFORE, 2, 1), (_BEHIND, 1, 2), (_PLAIN, 1, 2)):
        found = [*pattern.finditer(text)]
        if len(found) > 1:
            return _join([find_place(one[place]) for one in found], [one[value] for one in found])
    return []


def find_dropouts(sentence: str) -> Iterator[tuple[str, str]]:
    """(setting, value) of each dropout of a sentence that has several, with their places beside them in brackets, or
    in the same order behind them."""
    begun = re.search(r"\bdrop-?out\b", sentence, re.IGNORECASE)
    if begun is None:
        return
    after = sentence[begun.end() :]
    if (named := _NAMES.search(sentence)) is not None:
        values = re.match(rf"[)\s:=]*({_N}(?:\s*[/,]\s*{_N})+)", sentence[named.end() :])
        if values is not None:
            yield from pair_places(named[0], values[1])
        return
    if re.search(r"\brespectively\b", after) and (values := _RESPECTIVELY.search(after)):
        places = re.split(r",? and |, ", after[values.end() :].partition(", respectively")[0])
        yield from _join([find_place(one) for one in places], re.findall(_N, values[0]))
        return
    if not re.search(r"\d[\d.]*\s*%?\s*(?:on|in|at|for|before|after|between|to|of|within)\b", after):
        yield from pair_places("dropout", after)


def _join(places: list[str | None], values: list[str]) -> list[tuple[str, str]]:
    known = [one for one in places if one is not None]
    if len(known) != len(values) or len({*known}) != len(values) or len(places) != len(values):
        return []
    return [*zip(known, values, strict=True)]
