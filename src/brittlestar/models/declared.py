"""What a function of own code is called with where nobody says otherwise, read from its file; nothing is run."""

import ast
from collections.abc import Mapping, Sequence
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
    found = _find_function([] if tree is None else tree.body, function)
    if found is None:
        return {}
    named = [*found.args.posonlyargs, *found.args.args]
    values: list[ast.expr | None] = [*found.args.defaults]
    pairs = [*zip(named[len(named) - len(values) :], values, strict=True)]
    pairs += zip(found.args.kwonlyargs, found.args.kw_defaults, strict=True)
    read = {one.arg: _read_value(value) for one, value in pairs if value is not None and one.arg not in GIVEN}
    return {name: value[0] for name, value in read.items() if value}


def _find_function(body: Sequence[ast.stmt], name: str) -> ast.FunctionDef | None:
    """The function of a name, of a class what makes its objects; `build = Net` is another name of Net."""
    for _ in body:
        one = next((one for one in reversed(body) if _names(one, name)), None)
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Name):
            name = one.value.id
        elif isinstance(one, ast.ClassDef):
            body, name = one.body, "__init__"
        else:
            return one if isinstance(one, ast.FunctionDef) else None
    return None


def _names(one: ast.stmt, name: str) -> bool:
    if isinstance(one, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == name for target in one.targets)
    return isinstance(one, ast.FunctionDef | ast.ClassDef) and one.name == name


def _read_value(value: ast.expr) -> tuple[Any, ...]:
    """The value, or nothing where it is not plain."""
    try:
        return (ast.literal_eval(value),)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ()
