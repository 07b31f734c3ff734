"""Settings in a call or a mapping of Python, as logs print them: `Namespace(lr=0.3, clip=None)`, `{'lr': 0.3}`."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, cast

from brittlestar.records.reported.flattening import flatten_stated
from brittlestar.records.reported.stated import Stated

_BEGUN = re.compile(
    r"\b(?:[Nn]amespace|dict|Run|\w*(?:Config|Args|Arguments|Params|Hyperparameters|Settings))\(|"
    r"(?:^[^\w{\n]*|[:=][ \t]*)\{(?=\s*(?:#[^\n]*\n\s*)*['\"])",
    re.MULTILINE,
)
_ADDED = re.compile(
    r"add_argument\(\s*(?:['\"]-\w['\"],\s*)?['\"]--([\w-]+)['\"][^()]*?\bdefault\s*=\s*(\[[^\[\]]*\]|[^,()\n]+)"
)
_PLAIN = ("Path", "PosixPath", "WindowsPath", "device", "dtype")
MOST = 20  # budget: calls that are read


def take_calls(text: str) -> tuple[list[Stated], str]:
    """Settings of each call, and the text without them; what is no call with plain values stays."""
    found: list[Stated] = []
    rest = text
    end = 0
    for begun in [*_BEGUN.finditer(text)][:MOST]:
        if begun.end() <= end:
            continue  # within another one
        call = _read_whole(text[begun.end() - 1 :])
        values = None if call is None else _read_values(call)
        if call is not None and values:
            line, end = text.count("\n", 0, begun.start()) + 1, begun.end() - 1 + len(call)
            found += [Stated(one.name, one.text, line) for one in flatten_stated(values)]
            written = text[begun.start() : begun.end() - 1] + call
            rest = rest.replace(written, " " + "\n" * written.count("\n"))
    for added in _ADDED.finditer(rest):
        found.append(Stated(added[1], added[2].strip().strip("'\""), rest.count("\n", 0, added.start()) + 1))
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
    """Settings of a call or a mapping; None where it is none, or the line of a log that tells a loss."""
    values: Any = None
    with suppress(ValueError, RecursionError):
        values = json.loads(call, parse_float=str, parse_int=str)
    try:
        if values is None:
            values = _read_node(ast.parse(call if call.startswith("{") else f"f{call}", mode="eval").body)
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return None
    found = cast("Mapping[str, Any]", values) if isinstance(values, dict) else None
    return None if found is None or any(str(name).endswith("loss") for name in found) else found


def _read_node(node: ast.expr) -> Any:
    """A value of Python without running it: of an object what it is made with, of an attribute its last name."""
    if isinstance(node, ast.Dict):
        keys = [one.value if isinstance(one, ast.Constant) else None for one in node.keys]
        return _read_named(zip(keys, node.values, strict=True))
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [_read_node(one) for one in node.elts]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        given = [*node.args, *(one.value for one in node.keywords)]
        if node.func.id in _PLAIN and len(given) == 1:
            return _read_node(given[0])
        return _read_named((one.arg, one.value) for one in node.keywords)
    return node.attr if isinstance(node, ast.Attribute) else ast.literal_eval(node)


def _read_named(values: Iterable[tuple[Any, ast.expr]]) -> dict[str, Any]:
    """Values by name, those that can be read."""
    found: dict[str, Any] = {}
    for name, value in values:
        with suppress(ValueError, TypeError):
            found |= {} if name is None else {str(name): _read_node(value)}
    return {name: value for name, value in found.items() if value != {}}
