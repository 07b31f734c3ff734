"""The command: parse, call the same functions that Python users call, print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from brittlestar.cli_check import add_check
from brittlestar.cli_generate import generate_app
from brittlestar.cli_judge import add_judge
from brittlestar.cli_options import (
    ColumnsOption,
    DataArgument,
    JobsOption,
    JsonOption,
    ModelOption,
    OpenOption,
    PredsColumnsOption,
    PredsOption,
    QuietOption,
    SeedsOption,
    SetOption,
    SettleOption,
    StudyArgument,
    VerboseOption,
)
from brittlestar.cli_probe import add_probe
from brittlestar.cli_selftest import add_selftest
from brittlestar.cli_split import add_split
from brittlestar.core.errors import Problem
from brittlestar.verbs.guarding import guarded, lenient, say_error
from brittlestar.verbs.options import (
    columns_of_text,
    model_of,
    one_of,
    prediction_columns_of_text,
    seconds_of,
    settings_of,
)
from brittlestar.verbs.output import Output

COMMANDS = ("check", "new", "split", "generate", "audit", "plan", "run", "status", "probe", "judge", "report")
"""In the order in which help lists them: the front door, data, the stages; others come after these."""


class _InOrder(TyperGroup):
    """Commands in the order of a study's stages."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names in their order."""
        names = super().list_commands(ctx)
        return sorted(names, key=lambda name: COMMANDS.index(name) if name in COMMANDS else len(COMMANDS))


app = typer.Typer(
    name="brittlestar",
    cls=_InOrder,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Stress-tests sequence classifiers: is the result real, and will it hold?

\b
  brittlestar check FOLDER --preds one.csv      you have predictions
  brittlestar run FOLDER --model my_code:build  you have a model
  brittlestar judge outcomes.csv --claim "…"    you have a table of results
  brittlestar audit FOLDER                      you have data alone

FOLDER holds train.csv and any of dev.csv, test.csv, shift_NAME.csv (or .tsv, .parquet, .jsonl) with the columns
id,sequence,label. No data at hand? `brittlestar generate spr demo/data` makes some.""",
    epilog="Exit codes: 0 done; 1 a run or the tool failed; 2 wrong usage, or data that cannot be read. "
    "`brittlestar COMMAND -h` shows examples.",
)
app.add_typer(generate_app, name="generate")
add_check(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"brittlestar {version('brittlestar')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@app.command(
    short_help="Train what is missing, diagnose, and write the report.",
    epilog="Exit codes: 0 done; 1 a run failed or was lost, or the run was stopped; 2 wrong usage, or data, study file "
    "or model that cannot be read.",
)
def run(
    data: Annotated[
        Path,
        typer.Argument(
            metavar="DATA|STUDY.yaml|STUDY",
            help="A folder of splits, a study file, or a study's folder to go on with.",
            show_default=False,
        ),
    ],
    model: ModelOption = None,
    preds: PredsOption = None,
    preds_columns: PredsColumnsOption = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The study's folder. Default: ./NAME.study")] = None,
    set_: SetOption = None,
    seeds: SeedsOption = None,
    budget: Annotated[
        str | None, typer.Option(metavar="TIME", help="Stop in time: 90s, 20m, 2h. Cheapest open question first.")
    ] = None,
    jobs: JobsOption = None,
    timeout: Annotated[str | None, typer.Option(metavar="TIME", help="A single run that takes longer fails.")] = None,
    cell: Annotated[
        str | None, typer.Option(metavar="HASH", help="This run alone, again if it failed or is damaged.")
    ] = None,
    device: Annotated[str | None, typer.Option(metavar="cpu|cuda", help="Short for --set training.device=…")] = None,
    executor: Annotated[str, typer.Option(metavar="processes|serial", help="How runs are carried out.")] = "processes",
    settle: SettleOption = None,
    anytime: Annotated[
        bool, typer.Option("--anytime", help="Judge claims after every seed, with intervals that allow for it.")
    ] = False,
    mix_environments: Annotated[
        bool, typer.Option("--mix-environments", help="Go on although finished runs come from another environment.")
    ] = False,
    columns: ColumnsOption = None,
    open_: OpenOption = False,
    json_: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
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

    A predictions file has the columns id,split,variant,seed,prediction and, where you have them, p_CLASS for every
    class; id and prediction suffice. Its seeds are its own, so --preds takes no --seeds. A study file with claims and
    no number of seeds gets 5, then 10, 20 and 40 for the claims that are open.
    """

    def work() -> int:
        output = Output(json_, quiet, verbose)
        settings = settings_of(set_ or [])
        if device is not None:
            settings["training.device"] = one_of(device, ("cpu", "cuda"), "--device")
        options: dict[str, Any] = {
            "model": model_of(model),
            "predictions": [str(path) for path in preds or []],
            "predictions_columns": prediction_columns_of_text(preds_columns),
            "out": out,
            "columns": columns_of_text(columns),
            "settings": settings,
            "seeds": seeds,
            "budget": seconds_of(budget, "--budget"),
            "jobs": jobs,
            "timeout": seconds_of(timeout, "--timeout"),
            "cell": cell,
            "executor": one_of(executor, ("processes", "serial"), "--executor"),
            "mix_environments": mix_environments,
            "settle": settle,
            "anytime": anytime,
        }
        from brittlestar.verbs.console import run_with_console

        return run_with_console(data, output, open_=open_, **options)

    raise typer.Exit(guarded(work, json_))


@app.command(
    short_help="Find what is wrong with data, splits, tokens and labels; trains nothing.",
    epilog="Exit codes: 0 done, whatever was found; 1 a file cannot be written; 2 wrong usage, or data that cannot be "
    "read.",
)
def audit(
    data: DataArgument,
    only: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="This check or family alone: leak.near, leak. Repeatable.")
    ] = None,
    check: Annotated[
        list[str] | None, typer.Option(metavar="PACKAGE.MODULE:NAME", help="A check of your own. Repeatable.")
    ] = None,
    preds: PredsOption = None,
    preds_columns: PredsColumnsOption = None,
    vocab: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The tokens that your code knows, one a line or JSON, for leak.preprocess."),
    ] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the audit as one offline page.")] = None,
    write_clean: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the splits without leaks, repeats and conflicts into a new folder."),
    ] = None,
    limits: Annotated[
        bool,
        typer.Option("--limits", help="Plant faults into copies of the data, and say from which dose they are found."),
    ] = False,
    set_: SetOption = None,
    columns: ColumnsOption = None,
    open_: OpenOption = False,
    json_: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Find what is wrong with data, splits, tokens and labels, in seconds and without training.

    Needs a folder of splits or a study file. The input is never changed.

    Prints whether the data are sound, the score that a model has to exceed, and each error and warning with what to do
    about it. -v adds what is good to know, what could not be looked at, and what was not found.

    \b
    Examples:
      brittlestar audit demo/data
      brittlestar audit demo/data --html audit.html --write-clean demo/clean
      brittlestar audit demo/data --only leak --limits
      brittlestar audit reviews --columns sequence=text,label=stars --json
    """

    def work() -> int:
        output = Output(json_, quiet, verbose)
        from brittlestar.verbs.audit_console import audit_with_console

        return audit_with_console(
            data,
            output,
            open_=open_,
            only=only or [],
            checks=check or [],
            predictions=preds or [],
            predictions_columns=prediction_columns_of_text(preds_columns),
            vocabulary=vocab,
            html=html,
            write_clean=write_clean,
            limits=limits,
            settings=settings_of(set_ or []),
            columns=columns_of_text(columns),
        )

    raise typer.Exit(guarded(work, json_))


@app.command(
    short_help="Look at the data and write a commented study file.",
    epilog="Exit codes: 0 done; 1 the file cannot be written; 2 wrong usage, or data that cannot be read.",
)
def new(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="A folder of splits.", show_default=False)],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Default: ./NAME.yaml")] = None,
    columns: ColumnsOption = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Look at the data and write a commented study file for it: tokens, factors, classes, variants, claims.

    Needs a folder of splits. A file that is there is never overwritten.

    Prints the file's name and the two commands that use it.

    \b
    Examples:
      brittlestar new demo/data --out demo/study.yaml
      brittlestar new reviews --columns sequence=text,label=stars
    """

    def work() -> int:
        output = Output(json_, quiet, verbose)
        given = columns_of_text(columns)
        from brittlestar.verbs.ending import show
        from brittlestar.verbs.new import new as verb
        from brittlestar.verbs.written_console import new_ending

        show(new_ending(verb(data, out, given)), output)
        return 0

    raise typer.Exit(guarded(work, json_))


add_judge(app)
add_split(app)
add_selftest(app)
add_probe(app)


@app.command(
    short_help="Show what `run` would do: runs, time, disk.",
    epilog="Exit codes: 0 done; 2 wrong usage, or data, study file or model that cannot be read.",
)
def plan(
    data: DataArgument,
    model: ModelOption = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The study's folder to compare with.")] = None,
    set_: SetOption = None,
    seeds: SeedsOption = None,
    jobs: JobsOption = None,
    pilot: Annotated[
        bool, typer.Option(help="Time a short pilot of every variant; without it no time is given.")
    ] = True,
    settle: SettleOption = None,
    columns: ColumnsOption = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Show what `run` would do: how many runs, how long from a timed pilot, how much disk. Writes nothing.

    Needs a folder of splits or a study file. The pilot trains two epochs of every variant on at most 2,000 rows.

    Prints runs (variants × seeds), how many are done, the time left, and a line for each variant.

    \b
    Examples:
      brittlestar plan demo/data --seeds 10
      brittlestar plan demo/study.yaml --no-pilot
    """

    def work() -> int:
        output = Output(json_, quiet, verbose)
        options: dict[str, Any] = {
            "model": model_of(model),
            "out": out,
            "columns": columns_of_text(columns),
            "settings": settings_of(set_ or []),
            "seeds": seeds,
            "jobs": jobs,
            "pilot": pilot,
            "settle": settle,
        }
        from brittlestar.verbs.console import plan_ending
        from brittlestar.verbs.ending import show
        from brittlestar.verbs.plan import plan as verb

        show(plan_ending(verb(data, **options)), output)
        return 0

    raise typer.Exit(guarded(work, json_))


@app.command(
    short_help="Show what is done, running, failed and missing.",
    epilog="Exit codes: 0 done; 2 wrong usage, or no study's folder.",
)
def status(
    study: StudyArgument, json_: JsonOption = False, quiet: QuietOption = False, verbose: VerboseOption = False
) -> None:
    """Show what is done, running, failed and missing.

    Needs a study's folder. It works beside a run in another terminal, and changes nothing.

    Prints counts of runs, those that run now, the time left, and each failure with the command that runs it again.

    \b
    Examples:
      brittlestar status demo/data.study
      brittlestar status demo/data.study -v
    """

    def work() -> int:
        output = Output(json_, quiet, verbose)
        from brittlestar.verbs.console import status_ending
        from brittlestar.verbs.ending import show
        from brittlestar.verbs.status import status as verb

        show(status_ending(verb(study), study), output)
        return 0

    raise typer.Exit(guarded(work, json_))


@app.command(
    short_help="Rebuild the report from the study's folder.",
    epilog="Exit codes: 0 done; 1 a file is damaged or cannot be written; 2 wrong usage, or no study's folder.",
)
def report(
    study: StudyArgument,
    figures: Annotated[bool, typer.Option("--figures", help="Also write every figure as SVG, PDF and PNG.")] = False,
    open_: OpenOption = False,
    json_: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Rebuild the report: the page, tables as Markdown and LaTeX, results.json. Trains nothing.

    Needs a study's folder; --figures needs brittlestar[report].

    Prints where the page lies.

    \b
    Examples:
      brittlestar report demo/data.study --open
      brittlestar report demo/data.study --figures
      brittlestar report demo/data.study --json
    """

    def work() -> int:
        output = Output(json_, quiet, verbose)
        from brittlestar.verbs.ending import open_page, show
        from brittlestar.verbs.report import report as verb
        from brittlestar.verbs.written_console import report_ending

        document = verb(study, figures=figures)
        show(report_ending(document, study, figures), output)
        if open_:
            open_page(study / "report" / "report.html")
        return 0

    raise typer.Exit(guarded(work, json_))


def main() -> None:
    """Entry point of the command."""
    lenient()
    try:
        code = app(prog_name="brittlestar", standalone_mode=False)
    except Exception as error:
        # Wrong usage: which class says so depends on the version of typer, that it can show itself does not.
        show: Any = getattr(error, "show", None)
        if show is None:
            raise
        show()
        if "--json" in sys.argv[1:]:
            told: Any = getattr(error, "format_message", error.__str__)
            say_error([Problem(told(), "usage", "add --help for what there is")])
        code = 2
    sys.exit(code)


if __name__ == "__main__":
    main()
