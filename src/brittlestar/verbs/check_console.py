"""What `check` prints: four lines, one screen."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from brittlestar.verbs.check import CheckResult, check
from brittlestar.verbs.guarding import say_json
from brittlestar.verbs.watching import Terminal

STYLES = {"yes": "bold green", "no": "bold red", "cannot say": "bold yellow"}


def check_with_console(*, json_: bool, quiet: bool, **options: Any) -> int:
    """Check and print; returns the exit code."""
    if quiet:
        result = check(**options)
    else:
        with Terminal(Console(stderr=True, highlight=False), "") as terminal:
            result = check(progress=terminal.on_audit, **options)
    if json_:
        say_json(result.document)
    elif not quiet:
        print_checked(Console(highlight=False, markup=False, emoji=False), result)
    return 0


def print_checked(console: Console, result: CheckResult) -> None:
    """Four questions with their answers."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for one in result.answers:
        word = "" if one.name == "settle" else f"{one.word}: "
        grid.add_row(Text(one.question, style="bold"), Text.assemble((word, STYLES[one.word]), one.text))
    console.print(grid)
    if result.store is not None:
        console.print(Text(f"\nThe study is kept: {result.store / 'report' / 'report.html'}"), soft_wrap=True)
