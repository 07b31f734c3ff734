"""Settings stated on a page without a table: lines of names with values, as notes and cards of models have them, and
sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from brittlestar.records.reported.aliases import SEVERAL, find_paths, plain_name
from brittlestar.records.reported.prose import NO_OWN, read_prose, read_unnamed
from brittlestar.records.reported.stated import Stated

_LINE = re.compile(
    r"[ \t]*(?:[-*•+]|\d+[.)])?[ \t]*[*_`]*([A-Za-z][\w ./()-]{0,60}?)[*_`]*[ \t]*[:=][*_`]*[ \t]+(\S.*?)[ \t]*"
)
_SPOKEN = re.compile(r"[^(\[]*(?:[,;][^)\]]*[A-Za-z]|[.!?] )")
"""A value that goes on in words: a sentence."""


def read_page(text: str, own: Mapping[str, Any] = NO_OWN) -> Iterator[Stated]:
    """The first mention of each setting; `own` are an own model's parameters. Numbers without a name come last, and
    only where something else is stated."""
    listed, rest = _take_lines(text, own)
    said = {find_paths(one.name) or (one.name,) for one in listed}
    spoken = [one for one in read_prose(rest, own) if (find_paths(one.name) or (one.name,)) not in said]
    yield from (*listed, *spoken)
    if listed or spoken:
        yield from read_unnamed(rest)


def _take_lines(text: str, own: Mapping[str, Any]) -> tuple[list[Stated], str]:
    """Lines that are a known name with a value, and the text without them."""
    found: list[Stated] = []
    rest: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        parts = _LINE.fullmatch(line.rstrip("\r"))
        name, value = (parts[1].strip(), parts[2].strip("`*_ ")) if parts else ("", "")
        clear = name in own or len(find_paths(name)) == 1 or plain_name(name) in SEVERAL
        if clear and not _SPOKEN.match(value):
            found.append(Stated(name, value.removesuffix("."), number))
            line = ""
        rest.append(line)
    return found, "\n".join(rest)
