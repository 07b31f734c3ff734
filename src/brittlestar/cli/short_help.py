"""`-h` of a command: what it does, how to call it, and a sentence on each option, on one screen; `--help` has all."""

import textwrap
from collections.abc import Iterator, Sequence

from brittlestar.cli.commands import CommandLine
from brittlestar.cli.declaring import Option

WIDTH = 80
"""Columns: those of a plain terminal."""
NAMED = 30
"""Columns of the names of options; a longer one has a line of its own (convention)."""
EXAMPLES = 3
"""Examples that are shown (convention)."""


def shorten_help(name: str, command: CommandLine, options: Sequence[Option]) -> str:
    """The screen as text, at most `WIDTH` columns wide."""
    places = [one.form if one.required else f"[{one.form}]" for one in options if not one.flags]
    examples = next((part.splitlines() for part in command.help.split("\n\n") if "Examples:" in part), [])
    shown = [line.strip() for line in examples if line.strip().startswith("brittlestar ")][:EXAMPLES]
    usage = " ".join(["Usage: brittlestar", name, *places, "[OPTIONS]"])
    lines = [line for option in options for line in _describe_option(option)]
    end = "--help explains all of this, and the exit codes."
    summary = textwrap.wrap(command.summary, WIDTH, initial_indent="  ", subsequent_indent="  ")
    return "\n".join([usage, "", *summary, "", *(f"  {one}" for one in shown), "", *lines, "", f"  {end}"])


def _describe_option(option: Option) -> Iterator[str]:
    """Its names and the first sentence of its help."""
    flags = ", ".join(sorted(option.flags.split(), key=len))
    named = f"{flags} {option.form.partition('>=')[0]}".strip()
    said = textwrap.wrap(option.help.partition(". ")[0].rstrip("."), WIDTH - NAMED - 4)
    if len(named) > NAMED:
        yield f"  {named}"
        named = ""
    for line in said:
        yield f"  {named:<{NAMED}}  {line}"
        named = ""
