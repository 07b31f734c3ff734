"""The command `selftest`: does this installation's statistics do what it says?"""

from typing import Annotated

import typer

from brittlestar.cli.command import Ending, Output, command
from brittlestar.core.errors import InputError


@command(
    "Measure the error rates of verdicts on simulated studies.",
    "Exit codes: 0 every entry is within its bounds; 1 one is not; 2 wrong usage.",
)
def selftest(
    output: Output,
    statistics: Annotated[
        bool, typer.Option("--statistics", help="Verdicts on simulated studies whose truth is known.")
    ] = False,
    trainings: Annotated[
        bool, typer.Option("--trainings", help="200 studies of trained models: a variant against itself.")
    ] = False,
    gate: Annotated[
        bool, typer.Option("--gate", help="500 releases: how often a gate fails one unchanged, and one that is worse.")
    ] = False,
    reduced: Annotated[
        bool, typer.Option("--reduced", help="Fewer: 400 studies an entry, not 2,000; 100 releases; 20 trainings.")
    ] = False,
) -> Ending:
    """Measure how often verdicts err on simulated studies whose truth is known, here and now.

    Needs no data. --statistics simulates outcomes, which takes minutes; --gate simulates releases, half a minute;
    --trainings trains small models, which takes longer and needs PyTorch.

    Prints how many entries lie within their bounds, and those that do not. Bad methods are entries too: they must miss
    the bounds.

    \b
    Examples:
      brittlestar selftest --statistics --reduced
      brittlestar selftest --statistics --json
      brittlestar selftest --gate
      brittlestar selftest --trainings
    """
    if not (statistics or trainings or gate):
        raise InputError(
            "selftest needs --statistics, --trainings or --gate", "selftest", "brittlestar selftest --gate"
        )
    from brittlestar.cli.endings.selftest import selftest_ending
    from brittlestar.cli.watching import watch_stage
    from brittlestar.verbs.selftest import selftest as verb

    with watch_stage(output, "selftest") as progress:
        entries = verb(statistics=statistics, trainings=trainings, gate=gate, reduced=reduced, progress=progress)
    return selftest_ending(entries)
