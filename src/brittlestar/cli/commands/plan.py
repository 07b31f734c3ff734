"""The command `plan`: what `run` would do."""

from pathlib import Path
from typing import Annotated

import typer

from brittlestar.cli import options
from brittlestar.cli.command import Ending, Output, command
from brittlestar.cli.option_values import columns_of_text, model_of, one_of, settings_of


@command(
    "Show what `run` would do: runs, time, disk.",
    "Exit codes: 0 done; 2 wrong usage, or data, study file or model that cannot be read.",
)
def plan(
    output: Output,
    data: options.DataArgument,
    model: options.ModelOption = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The study's folder to compare with.")] = None,
    set_: options.SetOption = None,
    seeds: options.SeedsOption = None,
    jobs: options.JobsOption = None,
    executor: options.ExecutorOption = "processes",
    address: options.AddressOption = None,
    shares: Annotated[
        int | None, typer.Option(metavar="N", help="Divide the runs into N shares, as `run --share K/N` does.")
    ] = None,
    pilot: Annotated[
        bool, typer.Option(help="Time a short pilot of every variant; without it no time is given.")
    ] = True,
    settle: options.SettleOption = None,
    columns: options.ColumnsOption = None,
) -> Ending:
    """Show what `run` would do: how many runs, how long from a timed pilot, how much disk. Writes nothing.

    Needs a folder of splits or a study file. The pilot trains two epochs of every variant on at most 2,000 rows.

    Prints runs (variants × seeds), how many are done, the time left, and a line for each variant.

    \b
    Examples:
      brittlestar plan demo/data --seeds 10
      brittlestar plan demo/study.yaml --no-pilot
      brittlestar plan demo/study.yaml --shares 16
      brittlestar plan demo/study.yaml --executor ray --address auto
    """
    from brittlestar.cli.endings.runs import plan_ending
    from brittlestar.cli.watching import watch_stage
    from brittlestar.verbs.plan import plan as verb

    with watch_stage(output, "pilot") as progress:
        document = verb(
            data,
            model=model_of(model),
            out=out,
            columns=columns_of_text(columns),
            settings=settings_of(set_ or []),
            seeds=seeds,
            jobs=jobs,
            executor=one_of(executor, ("processes", "serial", "ray"), "--executor"),
            address=address,
            shares=shares,
            pilot=pilot,
            settle=settle,
            progress=progress,
        )
    return plan_ending(document)
