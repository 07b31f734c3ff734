"""What a function of own code is called with where nobody says otherwise, read from its file; nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brittlestar.models.source import module_file

GIVEN = frozenset({"train", "dev", "seed", "info", "observe"})
"""Parameters that a training gives, and no setting."""


def read_declared(reference: str, folder: Path) -> Mapping[str, Any]:
    """Defaults of the parameters of `module:function` below `folder`, by name, as far as they are plain values; none
    where there is no such file or function."""
    module, _, function = reference.partition(":")
    file = module_file(module, folder)
    try:
        tree = None if file is None else ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, MemoryError, RecursionError):
        return {}
    body = [] if tree is None else tree.body
    found = next((one for one in body if isinstance(one, ast.FunctionDef) and one.name == function), None)
    if found is None:
        return {}
    named = [*found.args.posonlyargs, *found.args.args]
    values: list[ast.expr | None] = [*found.args.defaults]
    pairs = [*zip(named[len(named) - len(values) :], values, strict=True)]
    pairs += zip(found.args.kwonlyargs, found.args.kw_defaults, strict=True)
    read = {one.arg: _read_value(value) for one, value in pairs if value is not None and one.arg not in GIVEN}
    return {name: value[0] for name, value in read.items() if value}


def _read_value(value: ast.expr) -> tuple[Any, ...]:
    """The value, or nothing where it is not plain."""
    try:
        return (ast.literal_eval(value),)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ()
