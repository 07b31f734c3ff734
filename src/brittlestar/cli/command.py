"""A command: the function that reads its options, and what help says around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import typer


@dataclass(frozen=True)
class Command:
    """A function of options whose docstring is its help, its line in the list of commands, and its exit codes."""

    function: Callable[..., None]
    summary: str
    exit_codes: str
    name: str | None = None

    def add_to(self, app: typer.Typer) -> None:
        """Give the command its place behind those that `app` has."""
        app.command(self.name, short_help=self.summary, epilog=self.exit_codes)(self.function)
