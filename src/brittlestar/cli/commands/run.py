"""The command `run`: from data to a report."""

from pathlib import Path
from typing import Any

from typer import Argument

from brittlestar.cli import option_values, options
from brittlestar.cli.command import Ending, Output, command
from brittlestar.cli.options import flag, option
from brittlestar.core.errors import InputError, Problem


@command(
    "Train what is missing, diagnose, and write the report.",
    "Exit codes: 0 done; 1 a run failed or was lost, or the run was stopped; 2 wrong usage, or data, "
    "study file or model that cannot be read.",
)
def run(
    output: Output,
    data: Path = Argument(
        metavar="DATA|STUDY.yaml|STUDY", help="A folder of splits, a study file, or a study's folder to go on with."
    ),
    model: str | None = options.MODEL,
    preds: list[Path] | None = options.PREDS,
    preds_columns: str | None = options.PREDS_COLUMNS,
    out: Path | None = option("DIR", "The study's folder. Default: ./NAME.study"),
    set_: list[str] | None = options.SET,
    linear: str | None = options.LINEAR,
    seeds: int | None = options.SEEDS,
    budget: str | None = option("TIME", "Stop in time: 90s, 20m, 2h. Cheapest open question first."),
    jobs: int | None = options.JOBS,
    timeout: str | None = option("TIME", "A single run that takes longer fails."),
    cell: str | None = option("HASH", "This run alone, again if it failed or is damaged."),
    share: str | None = option("K/N", "Only the runs of the K-th of N shares, for job arrays."),
    multiverse: Path | None = option("FILE", "Choices to make otherwise: where does the verdict hold?"),
    device: str | None = option("cpu|cuda", "Short for --set training.device=…"),
    executor: str = options.EXECUTOR,
    address: str | None = options.ADDRESS,
    settle: str | None = options.SETTLE,
    anytime: bool = flag("Judge claims after every seed, with intervals that allow for it.", "--anytime"),
    mix_environments: bool = flag("Go on although finished runs come from another environment.", "--mix-environments"),
    columns: str | None = options.COLUMNS,
    no_report: bool = flag("Write no report now; `brittlestar report` writes it later.", "--no-report"),
    open_: bool = options.OPEN,
) -> Ending:
    """Train what is missing, find what is wrong, and write the report.

    Needs a folder of splits, a study file, or a study's folder, and PyTorch unless predictions are given. Without
    --model or --preds it trains a built-in reference. A finished run is never done again: the same command goes on
    where it stopped.

    Prints the score of main beside the best trivial baseline, then the answers: Real? Holds? Sound? Fair? It says which
    finding to act on first, and which runs failed. The report is NAME.study/report/report.html.

    \b
    Examples:
      brittlestar run demo/data --seeds 3
      brittlestar run demo/data --model my_code:build --out demo/mine.study
      brittlestar run demo/data --preds seed0.csv --out demo/given.study
      brittlestar run demo/study.yaml --budget 2h --json
      brittlestar run demo/study.yaml --share 3/16
      brittlestar run demo/study.yaml --multiverse choices.yaml --budget 30m

    A predictions file has the columns id,split,variant,seed,prediction and, where you have them, p_CLASS for every
    class; id and prediction suffice. Its seeds are its own, so --preds takes no --seeds. A study file with claims and
    no number of seeds gets 5, then 10, 20 and 40 for the claims that are open.

    With --share K/N only the runs whose turn it is are trained, by their hashes: N jobs of a cluster may work on one
    store at once, or on stores of their own that `merge` joins. The run without --share then finds nothing to train,
    judges and reports.

    With --multiverse FILE the study is run under other choices, which a reader could defend: `choices:` with a setting
    and its values a line, and `most: 16` universes. It says in how many the first verdict holds, and which choice moves
    it most.
    """
    own_settings = option_values.settings_of(set_ or [], linear)
    if device is not None:
        own_settings["training.device"] = option_values.one_of(device, ("cpu", "cuda"), "--device")
    common: dict[str, Any] = {
        "model": option_values.model_of(model),
        "out": out,
        "columns": option_values.columns_of_text(columns),
        "settings": own_settings,
        "seeds": seeds,
        "budget": option_values.seconds_of(budget, "--budget"),
        "jobs": jobs,
        "timeout": option_values.seconds_of(timeout, "--timeout"),
        "executor": option_values.one_of(executor, ("processes", "serial", "ray"), "--executor"),
        "address": address,
        "mix_environments": mix_environments,
        "anytime": anytime,
    }
    if no_report:
        option_values.refuse_together({"--open": open_ or None}, "--no-report")
    from brittlestar.cli.watching import watch_work

    if multiverse is not None:
        option_values.refuse_together(
            {"--share": share, "--cell": cell, "--settle": settle, "--preds": preds,
             "--timeout": timeout, "--address": address, "--anytime": anytime or None,
             "--no-report": no_report or None, "--mix-environments": mix_environments or None},
            "--multiverse",
        )  # fmt: skip
        from brittlestar.cli.endings.run import multiverse_ending
        from brittlestar.verbs.multiverse import run_multiverse

        kept = ("model", "out", "columns", "settings", "seeds", "budget", "jobs", "executor")
        with watch_work(output, "STUDY") as watcher:
            found = run_multiverse(data, multiverse, **{name: common[name] for name in kept}, watcher=watcher)
        return multiverse_ending(found)
    if share is not None:
        alone = {"--cell": cell, "--settle": settle, "--preds": preds, "--open": open_ or None}
        alone["--no-report"] = no_report or None
        hint = "give it to the run without --share, which judges and reports"
        if wrong := [
            Problem(f"{name} is nothing for a share", "--share", hint) for name, told in alone.items() if told
        ]:
            raise InputError(wrong)
        from brittlestar.cli.endings.run import share_ending
        from brittlestar.verbs.share_run import run_share

        with watch_work(output, "STUDY") as watcher:
            return share_ending(run_share(data, share, **common, watcher=watcher))
    from brittlestar.cli.endings.run import run_ending
    from brittlestar.verbs.run import run as verb

    with watch_work(output, "STUDY") as watcher:
        result = verb(
            data,
            **common,
            predictions=[str(path) for path in preds or ()],
            predictions_columns=option_values.prediction_columns_of_text(preds_columns),
            cell=cell,
            settle=settle,
            report=not no_report,
            watcher=watcher,
        )
    return run_ending(result, data, report=not no_report)
