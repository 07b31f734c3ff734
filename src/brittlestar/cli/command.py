"""A command: the function that reads its options, and what help says around it."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from brittlestar.cli import guarding
from brittlestar.cli.guarding import Output as Output
from brittlestar.cli.options import JSON, QUIET, VERBOSE
from brittlestar.store.address import read_place

if TYPE_CHECKING:
    from brittlestar.cli.ending import Ending as Ending
else:
    Ending = object  # a name for readers: rich loads when a command works, and not for its help

ANSWERING = {"json_": JSON, "quiet": QUIET, "verbose": VERBOSE}
"""The options of every command: how it answers."""


@dataclass(frozen=True)
class Command:
    """A function of options that says how the command ends; its docstring is its help. Beside it the line in the list
    of commands, and the exit codes. A function that shows how far it is takes `output` first. Every command has the
    options that say how it answers; one with `open_` opens the page that it leaves."""

    function: Callable[..., Ending]
    summary: str
    exit_codes: str
    name: str | None = None

    def add_to(self, app: typer.Typer) -> None:
        """Give the command its place behind those that `app` has."""
        own = inspect.signature(self.function, eval_str=True).parameters

        @functools.wraps(self.function)
        def start(json_: bool, quiet: bool, verbose: bool, **options: Any) -> None:
            def work() -> int:
                output = Output(json_, quiet, verbose)
                given = {name: _restore_address(value) for name, value in options.items()}
                ending = self.function(**({"output": output} if "output" in own else {}), **given)
                from brittlestar.cli.ending import open_page, show

                show(ending, output)
                if ending.page is not None and options.get("open_"):
                    open_page(ending.page)
                return ending.exit_code

            raise typer.Exit(guarding.guard_work(work, json_))

        answering = (
            inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=option, annotation=bool)
            for name, option in ANSWERING.items()
        )
        told: Any = start
        told.__signature__ = inspect.Signature([*(one for name, one in own.items() if name != "output"), *answering])
        told.__annotations__ = {}
        app.command(self.name, short_help=self.summary, epilog=self.exit_codes)(start)


def command(summary: str, exit_codes: str, name: str | None = None) -> Callable[[Callable[..., Ending]], Command]:
    """Make a function of options a command."""
    return lambda function: Command(function, summary, exit_codes, name)


def _restore_address(value: Any) -> Any:
    """An option as it was typed where it is an address, of which a path drops a slash (`s3:/bucket`)."""
    if isinstance(value, list | tuple):
        return [_restore_address(one) for one in value]
    return read_place(value) if isinstance(value, Path) else value
