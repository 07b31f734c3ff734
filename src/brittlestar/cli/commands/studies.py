"""The commands `new`, `plan`, `status`, `merge` and `clean`: a study file, and what a study holds, takes and leaves."""

from pathlib import Path

from typer import Argument, Option

from brittlestar.cli import options
from brittlestar.cli.command import Ending, Output, command
from brittlestar.cli.option_values import columns_of_text, model_of, one_of, settings_of
from brittlestar.cli.options import COLUMNS, STUDY, flag, option


@command(
    "Look at the data and write a commented study file.",
    "Exit codes: 0 done; 1 the file cannot be written; 2 wrong usage, or data that cannot be read.",
)
def new(
    data: Path = Argument(metavar="DATA", help="A folder of splits."),
    out: Path | None = option("FILE", "Default: ./NAME.yaml"),
    columns: str | None = COLUMNS,
) -> Ending:
    """Look at the data and write a commented study file for it: tokens, factors, classes, variants, claims.

    Needs a folder of splits. A file that is there is never overwritten.

    Prints the file's name and the two commands that use it.

    \b
    Examples:
      brittlestar new demo/data --out demo/study.yaml
      brittlestar new reviews --columns sequence=text,label=stars
    """
    from brittlestar.cli.endings.written import new_ending
    from brittlestar.verbs.new import new as verb

    return new_ending(verb(data, out, columns_of_text(columns)))


@command("Show what is done, running, failed and missing.", "Exit codes: 0 done; 2 wrong usage, or no study's folder.")
def status(study: Path = STUDY) -> Ending:
    """Show what is done, running, failed and missing.

    Needs a study's folder. It works beside a run in another terminal, and changes nothing.

    Prints counts of runs, those that run now, the time left, and each failure with the command that runs it again.

    \b
    Examples:
      brittlestar status demo/data.study
      brittlestar status demo/data.study -v
    """
    from brittlestar.cli.endings.runs import status_ending
    from brittlestar.store.layout import open_store
    from brittlestar.store.study_document import is_in_memory, read_study
    from brittlestar.verbs.status import status as verb

    return status_ending(verb(study), study, is_in_memory(read_study(open_store(study))))


@command(
    "Bring runs that were trained elsewhere into a study.",
    "Exit codes: 0 done; 1 a run was refused, or the study is at work or cannot be written; 2 wrong usage, or no "
    "study's folder.",
)
def merge(
    into: Path = Argument(metavar="INTO", help="The study's folder that takes them."),
    sources: list[Path] = Argument(metavar="FROM…", help="Folders of the same study from elsewhere."),
    mix_environments: bool = flag("Also take runs of another environment class.", "--mix-environments"),
) -> Ending:
    """Bring runs that were trained elsewhere into a study's folder, so that `run` trains none of them again.

    Needs two or more studies' folders: of the same data, model and settings, on one machine or copied from others.

    Every file is checked by its hash, and a run's settings by the hash that it is named by. Damaged runs, and runs of
    other versions, processors or devices, are refused and named. Nothing that is there is overwritten. Runs of other
    seeds come too: the command that is printed makes them part of the study. attempts.jsonl keeps who trained what.

    \b
    Examples:
      brittlestar merge mine.study from-node-2/mine.study from-node-3/mine.study
      brittlestar merge mine.study gpu.study --mix-environments
    """
    from brittlestar.cli.endings.written import merge_ending
    from brittlestar.verbs.merge import merge as verb

    return merge_ending(verb(into, *sources, mix_environments=mix_environments))


@command(
    "List what a study's folder needs no more; --yes removes it.",
    "Exit codes: 0 done; 1 a run is at work on the study, or a file cannot be removed; 2 wrong usage, or no study's "
    "folder.",
)
def clean(study: Path = STUDY, yes: bool = flag("Remove it. Without it nothing is removed.", "--yes")) -> Ending:
    """List what a study's folder holds that its study names no more, with sizes; remove it with --yes.

    Needs a study's folder on which nothing is at work.

    That is runs of settings, seeds or data that are gone, runs that failed or were damaged and set aside, scores and
    probe answers of splits and suites that are gone, and what killed processes left. The study's runs, data, claims,
    audit, report and attempts.jsonl are never touched.

    \b
    Examples:
      brittlestar clean demo/data.study
      brittlestar clean demo/data.study --yes
    """
    from brittlestar.cli.endings.written import clean_ending
    from brittlestar.verbs.clean import clean as verb

    return clean_ending(verb(study, remove=yes))


@command(
    "Show what `run` would do: runs, time, disk.",
    "Exit codes: 0 done; 2 wrong usage, or data, study file or model that cannot be read.",
)
def plan(
    output: Output,
    data: Path = options.DATA,
    model: str | None = options.MODEL,
    out: Path | None = option("DIR", "The study's folder to compare with."),
    set_: list[str] | None = options.SET,
    seeds: int | None = options.SEEDS,
    jobs: int | None = options.JOBS,
    executor: str = options.EXECUTOR,
    address: str | None = options.ADDRESS,
    shares: int | None = option("N", "Divide the runs into N shares, as `run --share K/N` does."),
    pilot: bool = Option(True, help="Time a short pilot of every variant; without it no time is given."),
    settle: str | None = options.SETTLE,
    columns: str | None = options.COLUMNS,
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
