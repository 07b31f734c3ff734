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
    found, _ = _read_definition(reference, folder)
    if isinstance(found, ast.ClassDef):
        found = _find_definition(found.body, "__init__")
    if not isinstance(found, ast.FunctionDef):
        return {}
    named = [*found.args.posonlyargs, *found.args.args]
    values: list[ast.expr | None] = [*found.args.defaults]
    pairs = [*zip(named[len(named) - len(values) :], values, strict=True)]
    pairs += zip(found.args.kwonlyargs, found.args.kw_defaults, strict=True)
    read = {one.arg: _read_value(value) for one, value in pairs if value is not None and one.arg not in GIVEN}
    return {name: value[0] for name, value in read.items() if value}


def find_line(reference: str, folder: Path) -> str:
    """`file.py:line` of `module:name` below `folder`; empty where there is no such file or name."""
    found, file = _read_definition(reference, folder)
    return "" if found is None or file is None else f"{file.name}:{found.lineno}"


def _read_definition(reference: str, folder: Path) -> tuple[ast.stmt | None, Path | None]:
    module, _, name = reference.partition(":")
    file = module_file(module, folder)
    try:
        return (None if file is None else _find_definition(ast.parse(file.read_bytes()).body, name)), file
    except (OSError, SyntaxError, ValueError, MemoryError, RecursionError):
        return None, file


def _find_definition(body: Sequence[ast.stmt], name: str) -> ast.stmt | None:
    """What defines a name: `build = Net` is another name of Net."""
    one = None
    for _ in body:
        one = next((one for one in reversed(body) if _names(one, name)), None)
        if not (isinstance(one, ast.Assign) and isinstance(one.value, ast.Name)):
            break
        name = one.value.id
    return one


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
