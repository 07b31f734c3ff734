"""Verbs for callers in Python: errors that name options of the command name the arguments of the function instead."""

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any

from brittlestar.core.errors import BrittlestarError
from brittlestar.core.texts import suggest

_DECLARED = re.compile(r"^ +(\w+) \(((?:--[\w-]+/?)+)", re.MULTILINE)
_OPTION = re.compile(
    r"`brittlestar [^`]*`|brittlestar [a-z]+ [^;`]*"  # commands stay
    r"|--(?P<option>[a-z][a-z-]*)(?:[ =](?P<pairs>[\w.]+=[^\s,;:]+(?:,[\w.]+=[^\s,;:]+)*)|=(?P<word>\w+)"
    r"| (?P<path>[a-z_]+\.[\w.]+)| (?P<value>[A-Z][A-Z_]*(?![a-z])|\d[\w/.%]*|\"[^\"]*\"))?"
)

ARGUMENTS = {
    "set": "settings", "preds": "predictions", "preds-columns": "predictions_columns",
    "aa": "itself", "split": "splits", "write-clean": "clean", "vocab": "vocabulary", "check": "checks",
    "exploratory": "registered", "show": "condition",
}  # fmt: skip
"""Arguments of another name than their option, for messages of stages that several verbs share."""


@functools.cache
def speak_python(verb: Callable[..., Any]) -> Callable[..., Any]:
    """The verb with errors in the words of a call; an argument that it lacks is answered with the nearest one."""
    parameters = inspect.signature(verb).parameters
    options = {name.replace("_", "-"): name for name in parameters}
    for name, flags in _DECLARED.findall(verb.__doc__ or ""):
        options |= {flag.removeprefix("--"): name for flag in flags.split("/")}
    switches = {name for name, one in parameters.items() if one.default is False}

    @functools.wraps(verb)
    def call(*given: Any, **named: Any) -> Any:
        for name in (one for one in named if one not in parameters):
            meant = options.get(name.replace("_", "-"), name)
            hint = suggest(meant, parameters) or f"it has {', '.join(parameters)}"
            raise TypeError(f"{verb.__name__}() has no argument {name!r}; {hint}")
        try:
            return verb(*given, **named)
        except BrittlestarError as error:
            error.retell(lambda text: name_arguments(text, options, switches))
            raise

    return call


def name_arguments(text: str, options: Mapping[str, str], switches: set[str]) -> str:
    """`--columns label=NAME` as `columns={'label': 'NAME'}`, `--jobs` as `jobs`, `--run` as `run=True`; `options` have
    the argument of each, others the usual one. Commands stay as they are."""

    def write(found: re.Match[str]) -> str:
        option = found["option"]
        if option is None:
            return found[0]
        name = options.get(option) or ARGUMENTS.get(option) or option.replace("-", "_")
        if found["pairs"]:
            return f"{name}={dict(pair.split('=', 1) for pair in found['pairs'].split(','))}"
        if found["path"]:
            return f"{name}[{found['path']!r}]"
        value = repr(found["word"]) if found["word"] else found["value"]
        return f"{name}={value}" if value else f"{name}{'=True' * (name in switches)}"

    return _OPTION.sub(write, text)
