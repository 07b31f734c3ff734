"""Settings stated on a page without a table: lines of names with values, as notes and cards of models have them, and
sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from brittlestar.records.reported.aliases import SEVERAL, find_paths, plain_name
from brittlestar.records.reported.calls import take_calls
from brittlestar.records.reported.commands import take_commands
from brittlestar.records.reported.dropouts import pair_places
from brittlestar.records.reported.fences import take_fences
from brittlestar.records.reported.layouts import name_part
from brittlestar.records.reported.logs import plain_log
from brittlestar.records.reported.numbers import read_number
from brittlestar.records.reported.phrases import WEIGHTS, find_weights
from brittlestar.records.reported.prose import NO_OWN, read_prose, read_unnamed
from brittlestar.records.reported.stated import Stated
from brittlestar.records.reported.values import read_choice

MODE = "model.embedding.mode"
LONGEST = 400  # budget: letters of a line with a name and a value
LEAST_KNOWN = 3  # convention: fewer lines with known names are no list of settings
_LINE = re.compile(
    r"[ \t]*(?P<point>[-*•+]|\d+[.)]|\\item(?:\[[^\]]*\])?)?[ \t]*[*_`]*"
    r"(?P<name>[A-Za-z][\w ./()-]{0,60}?)"
    r"(?:[*_`]*[ \t]*[:=][*_`]*[ \t]+|[ \t]*\.{3,}[ \t]*|\.?[*_]{2}[ \t]+|[*_`]*=(?=\S)|\t[ \t]*|[ ]{2,})"
    r"(?:(?:bool|str|int|float|\w+\[\w+\])[ \t]*=[ \t]*)?(?P<value>\S.{0,80}?)[ \t]*"
    r"(?:[ \t]#[^\n]*)?"
)
_MADE = re.compile(r"field\(default_factory=lambda: *(.*?)\)$")
"""A value that a class of settings makes anew for each object."""
_SPOKEN = re.compile(r"[^\"']*[,;] *\w+=|[^(\[]*(?:[,;][^)\]]*[A-Za-z]|[.!?] |\))")
"""A value that goes on in words, or ends what was begun before: part of a sentence."""
_ENDED = re.compile(r"\s*$|\s*#|.*[.:;!?]\s*$")
"""A line behind which something new begins."""


def read_page(text: str, own: Mapping[str, Any] = NO_OWN) -> Iterator[Stated]:
    """The first mention of each setting; `own` are an own model's parameters. Numbers without a name come last, and
    only where something else is stated."""
    fenced, rest = take_fences(re.sub(r"\\item\[([^\[\]]+)\]:?[ \t]*", r"\\item \1: ", text))
    typed, rest = take_commands(rest)
    called, rest = take_calls(rest)
    listed, rest = _take_lines(plain_log(rest), own)
    listed = [*fenced, *typed, *called, *listed]
    said = {find_paths(one.name) or (one.name,) for one in listed}
    spoken = [one for one in read_prose(rest, own) if (find_paths(one.name) or (one.name,)) not in said]
    yield from (*listed, *(replace(one, spoken=True) for one in spoken))
    if listed or spoken:
        yield from read_unnamed(rest)


def _is_whole(name: str, value: str) -> bool:
    """Whether a value with commas is that of one setting: weights of classes, `random, frozen`."""
    paths = find_paths(name)
    if plain_name(name) in SEVERAL:
        return bool(pair_places(name, value))
    if paths == (WEIGHTS,):
        return any(find_weights(f"class weights {value}"))
    return paths == (MODE,) and not re.search(r"\d", value) and read_choice(MODE, value) is not None


def _take_lines(text: str, own: Mapping[str, Any]) -> tuple[list[Stated], str]:
    """Lines that are a known name with a value, and the text without them. Among several of these, a number under a
    name that is not known is taken, too: somebody has to say what it is."""
    found: list[Stated] = []
    rest: list[str] = []
    block: list[tuple[Stated, bool]] = []
    begins, part = True, ""
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        parts = _LINE.fullmatch(line.rstrip("\r")) if len(line) <= LONGEST else None
        taken = False
        if parts is not None and (parts["point"] or begins):
            name, value = name_part(part, parts["name"].strip()), _MADE.sub(r"\1", parts["value"].strip("`*_ "))
            clear = name in own or len(find_paths(name)) == 1 or plain_name(name) in SEVERAL
            taken = clear and (_is_whole(name, value) or not _SPOKEN.match(value))
            if taken or read_number(value) is not None:
                block.append((Stated(name, value.removesuffix("."), number), taken))
        part = _find_part(line, part)
        if parts is None or not line.strip():
            found += _choose_lines(block)
            block = []
        line = "" if taken else line
        rest.append(line)
        begins = _ENDED.match(line) is not None or (parts is not None and not line.rstrip().endswith(","))
    return found, "\n".join(rest[:-1])


_HEADING = re.compile(
    r"[ \t]*(?:#{1,6}[ \t]+(.+?)[ \t#]*|(?:[-*•+][ \t]+)?\*\*([^*:]+):?\*\*:?|"
    r"(?:[-*•+][ \t]+)?([A-Z][\w ]{2,30}):)[ \t]*"
)


def _find_part(line: str, part: str) -> str:
    """The heading that is above what follows a line."""
    found = _HEADING.fullmatch(line.rstrip("\r"))
    return part if found is None else next(filter(None, found.groups())).strip()


def _choose_lines(block: Sequence[tuple[Stated, bool]]) -> Iterator[Stated]:
    """Of lines that follow each other those with known names, and where they are most, the others as well."""
    known = sum(clear for _, clear in block)
    whole = known >= LEAST_KNOWN and known > len(block) / 2
    yield from (one for one, clear in block if clear or whole)
