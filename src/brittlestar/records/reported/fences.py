"""Pieces of a page in a language of their own: fences of YAML, JSON, TOML and INI in Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from brittlestar.core.errors import InputError
from brittlestar.records.reported.stated import Stated
from brittlestar.records.reported.trees import read_ini, read_json, read_toml, read_yaml

_MARK = re.compile(r"(```|~~~)[ \t]*(\w*)")
_LANGUAGES: Mapping[str, Callable[[str, str], Iterator[Stated]]] = {
    "yaml": read_yaml,
    "yml": read_yaml,
    "json": read_json,
    "toml": read_toml,
    "ini": read_ini,
    "cfg": read_ini,
}


def take_fences(text: str) -> tuple[list[Stated], str]:
    """Settings of fences that can be read, and the page without them; its lines keep their numbers."""
    found: list[Stated] = []
    rest = text.split("\n")
    begun, language = -1, ""
    for number, line in enumerate(rest):
        mark = _MARK.match(line)
        if mark is None:
            continue
        if begun < 0:
            begun, language = number, mark[2].lower()
            continue
        listed = _read_fence(language, "\n".join(rest[begun + 1 : number]))
        if listed:
            found += [replace(one, line=one.line + begun + 1 if one.line else begun + 2) for one in listed]
            rest[begun : number + 1] = [""] * (number + 1 - begun)
        begun = -1
    return found, "\n".join(rest)


def _read_fence(language: str, body: str) -> list[Stated]:
    """The settings of a fence; none where it is in no language that is known, or cannot be read."""
    if language not in _LANGUAGES and not body.lstrip().startswith("{"):
        return []
    try:
        return [*_LANGUAGES.get(language, read_json)(body, "")]
    except InputError:
        return []
