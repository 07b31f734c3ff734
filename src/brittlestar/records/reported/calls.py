"""Settings in a call or a mapping of Python, as logs print them: `Namespace(lr=0.3, clip=None)`, `{'lr': 0.3}`."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any, cast

from brittlestar.records.reported.flattening import flatten_stated
from brittlestar.records.reported.stated import Stated

_BEGUN = re.compile(r"\b(?:Namespace|dict|\w*(?:Config|Args|Arguments|Params))\(|^[^\w{]*\{(?=\s*['\"])", re.MULTILINE)
MOST = 20  # budget: calls that are read


def take_calls(text: str) -> tuple[list[Stated], str]:
    """Settings of each call, and the text without them; what is no call with plain values stays."""
    found: list[Stated] = []
    rest = text
    for begun in [*_BEGUN.finditer(text)][:MOST]:
        call = _read_whole(text[begun.end() - 1 :])
        values = None if call is None else _read_values(call)
        if call is not None and values:
            line = text.count("\n", 0, begun.start()) + 1
            found += [Stated(one.name, one.text, line) for one in flatten_stated(values)]
            rest = rest.replace(text[begun.start() : begun.end() - 1] + call, " ")
    return found, rest


def _read_whole(text: str) -> str | None:
    """From a bracket to the one that closes it, outside of quotes."""
    depth, quote = 0, ""
    for place, mark in enumerate(text):
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "'\"":
            quote = mark
        elif mark in "([{":
            depth += 1
        elif mark in ")]}" and (depth := depth - 1) == 0:
            return text[: place + 1]
    return None


def _read_values(call: str) -> Mapping[str, Any] | None:
    try:
        if call.startswith("{"):
            values = ast.literal_eval(call)
            return cast("Mapping[str, Any]", values) if isinstance(values, dict) else None
        node = ast.parse(f"f{call}", mode="eval").body
        named = node.keywords if isinstance(node, ast.Call) else []
        return {one.arg: ast.literal_eval(one.value) for one in named if one.arg}
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return None
