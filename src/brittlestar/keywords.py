"""Verbs for callers in Python: errors that name options of the command name the arguments of the function instead."""

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any

from brittlestar.core.errors import BrittlestarError
from brittlestar.core.texts import suggest

_OPTION = re.compile(
    r"`brittlestar [^`]*`|brittlestar [a-z]+ [^;`]*"  # commands stay
    r"|--(?P<option>[a-z][a-z-]*)(?:[ =](?P<pairs>[\w.]+=[^\s,;:]+(?:,[\w.]+=[^\s,;:]+)*)|=(?P<word>\w+)"
    r"| (?P<path>[a-z_]+\.[\w.]+)| (?P<value>[A-Z][A-Z_]*(?![a-z])|\d[\w/.%]*|\"[^\"]*\"))?"
)


@functools.cache
def speak_python(verb: Callable[..., Any]) -> Callable[..., Any]:
    """The verb with errors in the words of a call; an argument that it lacks is answered with the nearest one."""
    parameters = inspect.signature(verb).parameters
    switches = {name for name, parameter in parameters.items() if parameter.default is False}

    @functools.wraps(verb)
    def call(*given: Any, **named: Any) -> Any:
        for name in (one for one in named if one not in parameters):
            meant = list_arguments().get(f"--{name.replace('_', '-')}", name)
            hint = suggest_key(verb, name) or suggest(meant, parameters) or f"it has {', '.join(parameters)}"
            raise TypeError(f"{verb.__name__}() has no argument {name!r}; {hint}")
        try:
            return verb(*given, **named)
        except BrittlestarError as error:
            error.retell(lambda text: name_arguments(text, switches))
            raise

    return call


def suggest_key(verb: Callable[..., Any], name: str) -> str:
    """The key that takes the place of an argument, where a verb has a policy."""
    from brittlestar.reports.gate.policy import KEYS  # late: no other call needs it

    return f"write policy={{{name!r}: …}}" if verb.__name__ == "gate" and name in KEYS else ""


@functools.cache
def list_arguments() -> Mapping[str, str]:
    """The argument of each option, as all verbs declare them: a message of a stage may name one of another verb."""
    from brittlestar.cli.commands import COMMANDS  # late: a call without an error needs no command line

    declared = (form.declared[0] for command in COMMANDS.values() for form in command.forms)
    options = (option for one in declared for option in one.options if option.flags)
    return {flag: option.parameter for option in options for flag in option.flags.split("/")}


def name_arguments(text: str, switches: set[str]) -> str:
    """`--columns label=NAME` as `columns={'label': 'NAME'}`, `--jobs` as `jobs`, `--run` as `run=True` of `switches`;
    commands stay as they are."""

    def write(found: re.Match[str]) -> str:
        option = found["option"]
        if option is None:
            return found[0]
        name = list_arguments().get(f"--{option}") or option.replace("-", "_")
        if found["pairs"]:
            return f"{name}={dict(pair.split('=', 1) for pair in found['pairs'].split(','))}"
        if found["path"]:
            return f"{name}[{found['path']!r}]"
        value = repr(found["word"]) if found["word"] else found["value"]
        return f"{name}={value}" if value else f"{name}{'=True' * (name in switches)}"

    return _OPTION.sub(write, text)
