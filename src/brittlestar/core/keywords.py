"""Verbs for callers in Python: errors that name options of the command name the arguments of the function instead."""

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any

from brittlestar.core.errors import BrittlestarError, Problem
from brittlestar.core.texts import suggest

ARGUMENTS = {
    "preds": "predictions",
    "preds_columns": "predictions_columns",
    "history_columns": "columns",
    "set": "settings",
    "vocab": "vocabulary",
    "exploratory": "registered",
}
"""Options, and what users try, whose argument has another name; the plural of an option is found without."""
_COMMAND = r"`brittlestar [^`]*`|brittlestar [a-z]+ [^;`]*"
_PAIRS = r"[\w.]+=[^\s,;:]+(?:,[\w.]+=[^\s,;:]+)*"
_VALUE = rf"{_PAIRS}|[A-Z][A-Z_]*(?![a-z])|\d[\w/.%]*|[\w.]+:\w+|\"[^\"]*\""
_OPTION = re.compile(rf"({_COMMAND})|--([a-z][a-z-]*)(?:=(\w+)| ({_VALUE})(?![\w=]))?")
_PLACE = re.compile(r"--([a-z][a-z-]*)(?: ([\w.]+))?")


@functools.cache
def speak_python(verb: Callable[..., Any]) -> Callable[..., Any]:
    """The verb with errors in the words of a call; an argument that it lacks is answered with the one that was meant.
    Commands that are printed whole stay as they are."""
    arguments = inspect.signature(verb).parameters

    @functools.wraps(verb)
    def call(*given: Any, **named: Any) -> Any:
        for name in (one for one in named if one not in arguments and not _takes_any(arguments)):
            meant = find_argument(name, arguments)
            known = suggest(name, arguments) or f"it has {', '.join(arguments)}"
            hint = f"did you mean {meant!r}?" if meant else known
            raise TypeError(f"{verb.__name__}() has no argument {name!r}; {hint}")
        try:
            return verb(*given, **named)
        except BrittlestarError as error:
            error.retell(lambda problem: _retell(problem, arguments))
            raise

    return call


def find_argument(name: str, arguments: Mapping[str, inspect.Parameter]) -> str | None:
    """The argument of a function that an option stands for, None where it has none."""
    name = name.replace("-", "_")
    return next((one for one in (name, ARGUMENTS.get(name, ""), f"{name}s") if one in arguments), None)


def name_arguments(text: str, arguments: Mapping[str, inspect.Parameter]) -> str:
    """`--columns label=NAME` as `columns={'label': 'NAME'}`, `--jobs` as `jobs`, `--run` as `run=True`."""

    def write(found: re.Match[str]) -> str:
        command, option, word, value = found.groups()
        name = None if command else find_argument(option, arguments)
        if name is None:
            return found[0]
        if word is not None:
            return f"{name}={word!r}"
        if value is None:
            return f"{name}={not arguments[name].default}" if isinstance(arguments[name].default, bool) else name
        if re.fullmatch(_PAIRS, value):
            pairs = ", ".join(f"{key!r}: {one!r}" for key, _, one in (pair.partition("=") for pair in value.split(",")))
            return f"{name}={{{pairs}}}"
        return f"{name}={value!r}" if ":" in value else f"{name}={value}"

    return _OPTION.sub(write, text)


def _retell(problem: Problem, arguments: Mapping[str, inspect.Parameter]) -> Problem:
    where = name_arguments(problem.where, arguments)
    if (place := _PLACE.fullmatch(problem.where)) and (name := find_argument(place[1], arguments)):
        where = f"{name}[{place[2]!r}]" if name == "settings" else f"{name}={place[2]!r}"
        where = where if place[2] else name
    return Problem(name_arguments(problem.what, arguments), where, name_arguments(problem.hint, arguments))


def _takes_any(arguments: Mapping[str, inspect.Parameter]) -> bool:
    return any(one.kind is one.VAR_KEYWORD for one in arguments.values())
