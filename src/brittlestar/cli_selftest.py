"""The command `selftest`: does this installation's statistics do what it says?"""

from __future__ import annotations

from typing import Annotated

import typer

from brittlestar.cli_options import JsonOption, QuietOption, VerboseOption
from brittlestar.verbs.guarding import guarded
from brittlestar.verbs.output import Output


def add_selftest(app: typer.Typer) -> None:
    """Give the command its place after those that `app` has."""
    epilog = "Exit codes: 0 every entry is within its bounds; 1 one is not; 2 wrong usage."
    app.command(short_help="Measure the error rates of verdicts on simulated studies.", epilog=epilog)(selftest)


def selftest(
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Verdicts on simulated studies whose truth is known.")
    ] = False,
    trainings: Annotated[
        bool, typer.Option("--trainings", help="200 studies of trained models: a variant against itself.")
    ] = False,
    reduced: Annotated[
        bool, typer.Option("--reduced", help="400 studies an entry in place of 2,000; 20 with trainings.")
    ] = False,
    json_: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Measure how often verdicts err on simulated studies whose truth is known, here and now.

    Needs no data. --statistics simulates outcomes, which takes minutes; --trainings trains small models, which takes
    longer and needs PyTorch.

    Prints how many entries lie within their bounds, and those that do not. Bad methods are entries too: they must miss
    the bounds.

    \b
    Examples:
      brittlestar selftest --statistics --reduced
      brittlestar selftest --statistics --json
      brittlestar selftest --trainings
    """

    def work() -> int:
        output = Output(json_, quiet, verbose)
        from brittlestar.verbs.selftest_console import selftest_with_console

        return selftest_with_console(output, statistics=statistics, trainings=trainings, reduced=reduced)

    raise typer.Exit(guarded(work, json_))
