"""Pieces of a page in a language of their own: fences of YAML, JSON, TOML and INI in Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from brittlestar.core.errors import InputError
from brittlestar.records.reported.stated import Stated
from brittlestar.records.reported.trees import read_ini, read_json, read_toml, read_yaml

_FENCE = re.compile(r"^(?:```|~~~)[ \t]*(\w*)[^\n]*\n(.*?)^(?:```|~~~)[ \t]*$", re.DOTALL | re.MULTILINE)
_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)
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

    def read(fence: re.Match[str]) -> str:
        language, body = fence[1].lower(), fence[2]
        if language not in _LANGUAGES and not body.lstrip().startswith("{"):
            return fence[0]
        before = text.count("\n", 0, fence.start(2))
        try:
            listed = [*_LANGUAGES.get(language, read_json)(body, "")]
        except InputError:
            return fence[0]
        found.extend(replace(one, line=one.line + before if one.line else before + 1) for one in listed)
        return "\n" * fence[0].count("\n")

    return found, _FENCE.sub(read, text)
