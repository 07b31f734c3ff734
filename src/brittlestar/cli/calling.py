"""From what was given on a command line to a call of the verb, and to what is said of its result."""

import importlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from brittlestar.cli.commands import CommandLine, VerbBinding, read_option_group
from brittlestar.cli.declaring import Declared, Option
from brittlestar.cli.guarding import OutputOptions
from brittlestar.cli.option_groups import refuse_alone, refuse_together
from brittlestar.cli.values import read_value
from brittlestar.core.errors import InputError


def call_command(command: CommandLine, given: Mapping[str, Any], output: OutputOptions) -> int:
    """Do what the command line asks for, and return the exit code. Raises BrittlestarError."""
    form, values = _choose_form(command, given)
    verb, of_verb, of_output = _load(f"verbs.{form.verb}"), *form.declared
    tell = _load(f"cli.outputs.{form.output}")
    from brittlestar.cli.output import open_page, show
    from brittlestar.cli.watching import watch_work

    chosen = _select(values, of_verb)
    placed = [
        chosen.pop(option.parameter) for option in of_verb.options if not option.flags and option.parameter in chosen
    ]
    sources = placed.pop() if placed and isinstance(placed[-1], list) else []  # an argument that may be repeated
    with watch_work(output) as watcher:
        if "watcher" in of_verb.parameters:
            chosen["watcher"] = watcher
        elif "progress" in of_verb.parameters:
            chosen["progress"] = partial(watcher.on_stage, command.stage)
            chosen["progress"]("reading", 0, 1)
        result = verb(*placed, *sources, **chosen)
    terminal = tell(result, **_select(values, of_output))
    show(terminal, output)
    if terminal.page is not None and "open" in values:
        open_page(terminal.page)
    return terminal.exit_code


def _choose_form(command: CommandLine, given: Mapping[str, Any]) -> tuple[VerbBinding, dict[str, Any]]:
    """The form of a command that is meant, and the values that were given, by parameter. Raises InputError for those
    that it does not read."""
    options = {
        option.parameter: option for option in command.options if given.get(option.parameter) not in (None, [], ())
    }
    values = {name: read_value(option, given[name]) if option.form else given[name] for name, option in options.items()}
    made: dict[str, Mapping[str, Any]] = {}
    for name in command.option_groups:
        made[name] = _load(f"cli.option_groups:{name}")(**_select(values, read_option_group(name)))
        values |= made[name]
    form = next(one for one in reversed(command.forms) if not one.when or one.when in values)
    known = {form.when, *(name for declared in form.declared for name in declared.parameters)}
    for name, parts in made.items():
        known |= {option.parameter for option in read_option_group(name).options} if known & {*parts} else set()
    _refuse_foreign(command, form, {name: option for name, option in options.items() if name not in known}, given)
    return form, values


def _refuse_foreign(
    command: CommandLine, form: VerbBinding, options: Mapping[str, Option], given: Mapping[str, Any]
) -> None:
    """Raise InputError for options that this form does not read: those of a later form, and all others."""
    foreign = {name: option for name, option in options.items() if not option.required}
    opened = foreign.pop("open", None) if form.page is not None else None
    for later in command.forms[command.forms.index(form) + 1 :]:
        owned = {one.name_given(): True for name, one in foreign.items() if name in later.declared[0].parameters}
        refuse_alone(owned, False, later.name)
    refuse_together({one.name_given(given[name]): True for name, one in foreign.items()}, form.name, form.hint)
    if opened is not None and form.page and given.get(form.page[2:].split()[0]) is None:
        raise InputError("--open needs a page", "", f"add {form.page}")


def _select(values: Mapping[str, Any], declared: Declared) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in declared.parameters}


def _load(place: str) -> Callable[..., Any]:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(f"brittlestar.{module}"), name)
