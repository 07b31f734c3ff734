"""Settings stated on a page without a table: lines of names with values, as notes and cards of models have them, and
sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from brittlestar.records.reported.aliases import SEVERAL, find_paths, plain_name
from brittlestar.records.reported.calls import take_calls
from brittlestar.records.reported.prose import NO_OWN, read_prose, read_unnamed
from brittlestar.records.reported.stated import Stated

_LINE = re.compile(
    r"[ \t]*(?P<point>[-*•+]|\d+[.)])?[ \t]*[*_`]*(?P<name>[A-Za-z][\w ./()-]{0,60}?)[*_`]*[ \t]*[:=][*_`]*[ \t]+"
    r"(?P<value>\S.{0,80}?)[ \t]*"
)
_SPOKEN = re.compile(r"[^(\[]*(?:[,;][^)\]]*[A-Za-z]|[.!?] |\))")
"""A value that goes on in words, or ends what was begun before: part of a sentence."""
_ENDED = re.compile(r"\s*$|\s*#|.*[.:;!?]\s*$")
"""A line behind which something new begins."""


def read_page(text: str, own: Mapping[str, Any] = NO_OWN) -> Iterator[Stated]:
    """The first mention of each setting; `own` are an own model's parameters. Numbers without a name come last, and
    only where something else is stated."""
    called, rest = take_calls(text)
    listed, rest = _take_lines(rest, own)
    listed = [*called, *listed]
    said = {find_paths(one.name) or (one.name,) for one in listed}
    spoken = [one for one in read_prose(rest, own) if (find_paths(one.name) or (one.name,)) not in said]
    yield from (*listed, *spoken)
    if listed or spoken:
        yield from read_unnamed(rest)


def _take_lines(text: str, own: Mapping[str, Any]) -> tuple[list[Stated], str]:
    """Lines that are a known name with a value, and the text without them."""
    found: list[Stated] = []
    rest: list[str] = []
    begins = True
    for number, line in enumerate(text.split("\n"), start=1):
        parts = _LINE.fullmatch(line.rstrip("\r"))
        if parts is not None and (parts["point"] or begins):
            name, value = parts["name"].strip(), parts["value"].strip("`*_ ")
            clear = name in own or len(find_paths(name)) == 1 or plain_name(name) in SEVERAL
            if clear and not _SPOKEN.match(value):
                found.append(Stated(name, value.removesuffix("."), number))
                line = ""
        rest.append(line)
        begins = _ENDED.match(line) is not None or (parts is not None and not line.rstrip().endswith(","))
    return found, "\n".join(rest)
