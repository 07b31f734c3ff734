"""Verbs for callers in Python: errors that name options of the command name the arguments of the function instead."""

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any

from brittlestar.core.errors import BrittlestarError
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
_OPTION = re.compile(
    r"`brittlestar [^`]*`|brittlestar [a-z]+ [^;`]*"  # commands stay
    r"|--(?P<option>[a-z][a-z-]*)(?:=(?P<word>\w+)"
    r"| (?P<pairs>[\w.]+=[^\s,;:]+(?:,[\w.]+=[^\s,;:]+)*)| (?P<name>[\w.]+:\w+)"
    r"| (?P<path>[a-z_]+\.[\w.]+)| (?P<value>[A-Z][A-Z_]*(?![a-z])|\d[\w/.%]*|\"[^\"]*\"))?"
)


@functools.cache
def speak_python(verb: Callable[..., Any]) -> Callable[..., Any]:
    """The verb with errors in the words of a call; an argument that it lacks is answered with the nearest one."""
    arguments = inspect.signature(verb).parameters

    @functools.wraps(verb)
    def call(*given: Any, **named: Any) -> Any:
        for name in (one for one in named if one not in arguments):
            hint = suggest(ARGUMENTS.get(name, name), arguments) or f"it has {', '.join(arguments)}"
            raise TypeError(f"{verb.__name__}() has no argument {name!r}; {hint}")
        try:
            return verb(*given, **named)
        except BrittlestarError as error:
            error.retell(lambda text: name_arguments(text, arguments))
            raise

    return call


def name_arguments(text: str, arguments: Mapping[str, inspect.Parameter]) -> str:
    """`--columns label=NAME` as `columns={'label': 'NAME'}`, `--jobs` as `jobs`, `--run` as `run=True`; what is no
    option of a function with these arguments, and commands, stay as they are."""

    def write(found: re.Match[str]) -> str:
        option = (found["option"] or "").replace("-", "_")
        name = next((one for one in (option, ARGUMENTS.get(option), f"{option}s") if one in arguments), None)
        if name is None:
            return found[0]
        if found["pairs"]:
            return f"{name}={dict(pair.split('=', 1) for pair in found['pairs'].split(','))}"
        if found["path"]:
            return f"{name}[{found['path']!r}]"
        if text := found["word"] or found["name"]:
            return f"{name}={text!r}"
        return f"{name}={found['value']}" if found["value"] else f"{name}{'=True' * (arguments[name].default is False)}"

    return _OPTION.sub(write, text)
