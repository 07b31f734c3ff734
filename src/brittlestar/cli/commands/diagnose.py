"""The command `diagnose`: the cause of what is wrong with main, and what confirms it."""

from pathlib import Path
from typing import Annotated

import typer

from brittlestar.cli.command import Ending, Output, command
from brittlestar.cli.option_values import list_of_texts, one_of, seconds_of
from brittlestar.cli.options import AddressOption, ExecutorOption, JobsOption


@command(
    "Name the cause of a poor result, and confirm it.",
    "Exit codes: 0 done; 1 a run of an experiment failed; 2 wrong usage, or a study that cannot be read.",
)
def diagnose(
    output: Output,
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="A study's folder.", show_default=False)],
    budget: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Train experiments, and start none after this: 10m. Default: train nothing."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="CODE,…", help="These findings or families alone: train.overfit,eval.")
    ] = None,
    seeds: Annotated[int, typer.Option(metavar="N", help="Fresh seeds of each experiment.")] = 5,
    jobs: JobsOption = None,
    executor: ExecutorOption = "processes",
    address: AddressOption = None,
) -> Ending:
    """Name the cause of what is wrong with main, with what to change; with --budget, change it and see.

    Needs a study with finished runs. Without --budget it reads what was seen while main trained, its scores and its
    answers to probes, and trains nothing.

    With --budget it changes one setting at a time, trains main with each change and unchanged on fresh seeds, and says
    which change removes the symptom. These runs are kept in NAME-diagnosis.study beside the study; the same command
    goes on where it stopped. Of models that train themselves it names what to try.

    \b
    Examples:
      brittlestar diagnose demo/data.study
      brittlestar diagnose demo/data.study --budget 10m
      brittlestar diagnose demo/data.study --only train.overfit --json
    """
    from brittlestar.cli.endings.diagnose import diagnose_ending
    from brittlestar.cli.watching import watch_work
    from brittlestar.verbs.diagnose import diagnose as verb

    with watch_work(output, "STUDY") as watcher:
        result = verb(
            study,
            budget=seconds_of(budget, "--budget"),
            only=list_of_texts(only or ()),
            seeds=seeds,
            jobs=jobs,
            executor=one_of(executor, ("processes", "serial", "ray"), "--executor"),
            address=address,
            watcher=watcher,
        )
    return diagnose_ending(result)
