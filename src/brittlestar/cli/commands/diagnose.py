"""The command `diagnose`: the cause of what is wrong with main, and what confirms it."""

from pathlib import Path

from typer import Argument

from brittlestar.cli import option_values, options
from brittlestar.cli.command import Ending, Output, command
from brittlestar.cli.options import option
from brittlestar.core.errors import InputError

SEEDS, EXECUTOR = 5, "processes"
"""What experiments take unless somebody says otherwise."""


@command(
    "Name the cause of a poor result, and confirm it.",
    "Exit codes: 0 done; 1 a run of an experiment failed; 2 wrong usage, or a study or a log that cannot be read.",
)
def diagnose(
    output: Output,
    study: Path | None = Argument(None, metavar="STUDY", help="A study's folder."),
    history: Path | None = option(
        "FILE", "Learning curves made elsewhere, in place of a study: .csv, .tsv, .jsonl or .parquet."
    ),
    history_columns: str | None = option("ROLE=COLUMN,…", "Columns of --history: dev.loss=Value,epoch=Step."),
    budget: str | None = option("TIME", "Train experiments, and start none after this: 10m. Default: train nothing."),
    most_runs: int | None = option("N", "Train experiments of at most so many runs, main's included.", min=1),
    only: list[str] | None = option("CODE,…", "These findings or families alone: train.overfit,eval."),
    seeds: int = option("N", "Fresh seeds of each experiment.", default=SEEDS),
    jobs: int | None = options.JOBS,
    executor: str = options.EXECUTOR,
    address: str | None = options.ADDRESS,
) -> Ending:
    """Name the cause of what is wrong with main, with what to change; with --budget, change it and see.

    Needs a study with finished runs, or curves. Without --budget it reads what was seen while main trained, its scores
    and its answers to probes, trains nothing, and says what experiments would take.

    With --budget, or --most-runs, it changes one setting at a time, trains main with each change and unchanged on fresh
    seeds, and says which change removes the symptom. Holm's correction is for all changes together. These runs are kept
    in NAME-diagnosis.study beside the study; the same command goes on where it stopped. Of models that train themselves
    it changes the parameters that they declare (lr, epochs, dropout, hidden, …). With --only seed it says whether seeds
    differ by their weights or by the order of batches (NAME-sources.study).

    With --history it reads learning curves made elsewhere: columns such as epoch, train_loss, val_loss, val_accuracy
    and seed. Runs that differ in the seed alone stand in one file, told apart by that column.

    \b
    Examples:
      brittlestar diagnose demo/data.study
      brittlestar diagnose demo/data.study --budget 10m
      brittlestar diagnose demo/data.study --most-runs 20 --only train.overfit
      brittlestar diagnose --history curves.csv
    """
    if history is not None:
        of_experiments = {"--budget": budget, "--most-runs": most_runs, "--jobs": jobs, "--address": address}
        of_experiments |= {"--seeds": None if seeds == SEEDS else seeds}
        of_experiments |= {"--executor": None if executor == EXECUTOR else executor}
        option_values.refuse_together({"STUDY": study, **of_experiments}, "--history")
        from brittlestar.cli.endings.diagnose import diagnose_history_ending
        from brittlestar.verbs.diagnose_history import diagnose_history

        columns = option_values.history_columns_of_text(history_columns)
        return diagnose_history_ending(
            diagnose_history(history, columns=columns, only=option_values.list_of_texts(only or ()))
        )
    option_values.refuse_alone({"--history-columns": history_columns}, history, "--history")
    if study is None:
        raise InputError("nothing to diagnose", "", "give a study's folder, or --history FILE")
    from brittlestar.cli.endings.diagnose import diagnose_ending
    from brittlestar.cli.watching import watch_work
    from brittlestar.verbs.diagnose import diagnose as verb

    with watch_work(output, "STUDY") as watcher:
        result = verb(
            study,
            budget=option_values.seconds_of(budget, "--budget"),
            most_runs=most_runs,
            only=option_values.list_of_texts(only or ()),
            seeds=seeds,
            jobs=jobs,
            executor=option_values.one_of(executor, ("processes", "serial", "ray"), "--executor"),
            address=address,
            watcher=watcher,
        )
    return diagnose_ending(result)
