"""The command `selftest`: does this installation's statistics do what it says?"""

from __future__ import annotations

from typing import Annotated

import typer

from brittlestar.cli_options import JsonOption, QuietOption
from brittlestar.verbs.guarding import guarded


def add_selftest(app: typer.Typer) -> None:
    """Give the command its place after those that `app` has."""
    app.command(short_help="Measure the error rates of verdicts on simulated studies.")(selftest)


def selftest(
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Verdicts on simulated studies whose truth is known.")
    ] = False,
    trainings: Annotated[
        bool, typer.Option("--trainings", help="200 studies of models that are trained: a variant against itself.")
    ] = False,
    reduced: Annotated[
        bool, typer.Option("--reduced", help="400 studies an entry in place of 2,000; 20 with trainings.")
    ] = False,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Measure how often verdicts err on simulated studies, and whether bad methods are noticed.

    Exit code 1 where a rate lies outside its bounds, or a bad method inside.

    \b
    Examples:
      brittlestar selftest --statistics
      brittlestar selftest --statistics --reduced --json
      brittlestar selftest --trainings
    """

    def work() -> int:
        from brittlestar.verbs.selftest import selftest_with_console

        return selftest_with_console(
            statistics=statistics, trainings=trainings, reduced=reduced, json_=json_, quiet=quiet
        )

    raise typer.Exit(guarded(work, json_))
