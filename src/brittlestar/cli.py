"""The command: parse, call the same functions that Python users call, print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from brittlestar.cli_check import add_check
from brittlestar.cli_generate import generate_app
from brittlestar.cli_judge import add_judge
from brittlestar.cli_options import ColumnsOption, JsonOption, QuietOption
from brittlestar.cli_probe import add_probe
from brittlestar.cli_selftest import add_selftest
from brittlestar.cli_split import add_split
from brittlestar.core.errors import Problem
from brittlestar.verbs.guarding import guarded, lenient, say, say_error
from brittlestar.verbs.options import columns_of_text, model_of, one_of, seconds_of, settings_of

app = typer.Typer(
    name="brittlestar",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="""Stress-tests sequence classifiers: is the result real, and will it hold?

\b
  brittlestar check FOLDER --preds one.csv      what data and predictions at hand support, in four lines
  brittlestar run FOLDER                        a reference model and a bag of tokens on your splits
  brittlestar run FOLDER --model my_code:build  your own model beside them
  brittlestar run FOLDER --preds one.csv        predictions that you have already

FOLDER holds train.csv and any of dev.csv, test.csv, shift_NAME.csv (or .tsv, .parquet, .jsonl) with the columns
id,sequence,label. No data at hand? `brittlestar generate spr demo/data` makes some.""",
    epilog="Exit codes: 0 done, 1 a cell or the tool failed, 2 wrong usage or data that cannot be read.",
)
app.add_typer(generate_app, name="generate")
add_check(app)

ModelOption = Annotated[
    str | None,
    typer.Option(
        metavar="PACKAGE.MODULE:NAME",
        help="Your model: a function (info) -> nn.Module, a function (train, dev, seed), or a scikit-learn estimator.",
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Override any setting: --set training.epochs=3. Repeatable."),
]
SeedsOption = Annotated[int | None, typer.Option(metavar="N", help="Use seeds 0 … N-1. Default: 5.", min=1)]
JobsOption = Annotated[int | None, typer.Option(metavar="N", help="Cells at once. Default: one per core.", min=1)]
SettleOption = Annotated[
    str | None,
    typer.Option(
        metavar="no|claim|relation",
        help="More seeds until each claim has its verdict, or its relation too. Default: claim where claims are "
        "written and no number of seeds.",
    ),
]
StudyArgument = Annotated[
    Path, typer.Argument(metavar="STORE", help="The folder NAME.study that `run` made.", show_default=False)
]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"brittlestar {version('brittlestar')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


@app.command(short_help="Train what is missing, diagnose, and write the report.")
def run(
    data: Annotated[
        Path,
        typer.Argument(metavar="DATA|STUDY.yaml|STORE", help="A folder of splits, a study file, or a store to finish."),
    ],
    model: ModelOption = None,
    preds: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Given predictions instead of a model, CSV or Parquet. Repeatable."),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The store. Default: ./NAME.study")] = None,
    set_: SetOption = None,
    seeds: SeedsOption = None,
    budget: Annotated[
        str | None, typer.Option(metavar="TIME", help="Stop in time: 90s, 20m, 2h. Cheapest open question first.")
    ] = None,
    jobs: JobsOption = None,
    timeout: Annotated[str | None, typer.Option(metavar="TIME", help="A cell that takes longer fails.")] = None,
    cell: Annotated[
        str | None, typer.Option(metavar="HASH", help="This cell alone, again if it failed or is damaged.")
    ] = None,
    device: Annotated[str | None, typer.Option(metavar="cpu|cuda", help="Short for --set training.device=…")] = None,
    executor: Annotated[str, typer.Option(metavar="processes|serial", help="How cells are run.")] = "processes",
    settle: SettleOption = None,
    anytime: Annotated[
        bool, typer.Option("--anytime", help="Look at claims after every seed, with intervals that allow for it.")
    ] = False,
    mix_environments: Annotated[
        bool, typer.Option("--mix-environments", help="Go on although finished cells come from another environment.")
    ] = False,
    columns: ColumnsOption = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Train what is missing, find what is wrong, and write the report.

    Nothing that is finished is done again: the same command after an interruption goes on where it stopped. A study
    file with claims and no number of seeds gets more seeds at 10, 20 and 40, where a claim is open and for its
    variants.

    \b
    Examples:
      brittlestar run reviews/ --columns sequence=text,label=stars --seeds 3
      brittlestar run reviews/ --model my_code.nets:build --set model.params.width=64
      brittlestar run reviews/ --preds seed0.csv --preds seed1.csv --preds seed2.csv
      brittlestar run study.yaml --budget 2h --json > results.json
      brittlestar run study.yaml --settle relation

    A predictions file has the columns id,split,variant,seed,prediction and, if you have them, p_CLASS for every class.
    """

    def work() -> int:
        settings = settings_of(set_ or [])
        if device is not None:
            settings["training.device"] = one_of(device, ("cpu", "cuda"), "--device")
        options: dict[str, Any] = {
            "model": model_of(model),
            "predictions": [str(path) for path in preds or []],
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

        return run_with_console(data, json_=json_, quiet=quiet, **options)

    raise typer.Exit(guarded(work, json_))


@app.command(short_help="Find what is wrong with data, splits and tokens; trains nothing.")
def audit(
    data: Annotated[Path, typer.Argument(metavar="DATA|STUDY.yaml", help="A folder of splits or a study file.")],
    only: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="This check or family alone: leak.near, leak. Repeatable.")
    ] = None,
    check: Annotated[
        list[str] | None, typer.Option(metavar="PACKAGE.MODULE:NAME", help="A check of your own. Repeatable.")
    ] = None,
    preds: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Given predictions, CSV or Parquet: they stand on the ladder. Repeatable."),
    ] = None,
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
        typer.Option("--limits", help="Plant faults into copies of the data: from which dose are they seen? Minutes."),
    ] = False,
    set_: SetOption = None,
    columns: ColumnsOption = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Find what is wrong with data, splits, tokens and labels, in seconds and without training.

    Worst first; what was looked at and not found is listed too. The input is never changed.

    \b
    Examples:
      brittlestar audit reviews/ --columns sequence=text,label=stars
      brittlestar audit reviews/ --html audit.html
      brittlestar audit reviews/ --write-clean reviews-clean/
      brittlestar audit reviews/ --only leak --limits
      brittlestar audit reviews/ --only leak --json | jq '.findings[] | select(.status == "present")'
    """

    def work() -> int:
        from brittlestar.verbs.audit_console import audit_with_console

        return audit_with_console(
            data,
            json_=json_,
            quiet=quiet,
            only=only or [],
            checks=check or [],
            predictions=preds or [],
            vocabulary=vocab,
            html=html,
            write_clean=write_clean,
            limits=limits,
            settings=settings_of(set_ or []),
            columns=columns_of_text(columns),
        )

    raise typer.Exit(guarded(work, json_))


@app.command(short_help="Look at the data and write a commented study file.")
def new(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="A folder of splits.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Default: ./NAME.yaml")] = None,
    columns: ColumnsOption = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Look at the data and write a commented study file for it: tokens, factors, classes, variants, claims.

    \b
    Example:
      brittlestar new reviews/ --columns sequence=text,label=stars
      brittlestar plan reviews.yaml
      brittlestar run reviews.yaml
    """

    def work() -> int:
        given = columns_of_text(columns)
        from brittlestar.verbs.new import new as verb

        path = verb(data, out, given)
        say({"study": path.as_posix()}, f"{path} is written. Next: brittlestar plan {path}", json_, quiet)
        return 0

    raise typer.Exit(guarded(work, json_))


add_judge(app)
add_split(app)
add_selftest(app)
add_probe(app)


@app.command(short_help="Show what `run` would do: cells, time, disk.")
def plan(
    data: Annotated[Path, typer.Argument(metavar="DATA|STUDY.yaml", help="A folder of splits or a study file.")],
    model: ModelOption = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The store to compare with.")] = None,
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
) -> None:
    """Show what `run` would do: cells, time from a timed pilot, disk, and what is already done. Writes nothing.

    \b
    Examples:
      brittlestar plan reviews/ --model my_code.nets:build --seeds 10
      brittlestar plan study.yaml --no-pilot
    """

    def work() -> int:
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
        from brittlestar.verbs.console import print_plan
        from brittlestar.verbs.plan import plan as verb

        print_plan(verb(data, **options), json_, quiet)
        return 0

    raise typer.Exit(guarded(work, json_))


@app.command(short_help="Show what is done, running, failed and missing.")
def status(study: StudyArgument, json_: JsonOption = False, quiet: QuietOption = False) -> None:
    """Show what is done, running, failed and missing; works beside a run in another terminal.

    \b
    Example:
      brittlestar status reviews.study
    """

    def work() -> int:
        from brittlestar.verbs.console import print_status
        from brittlestar.verbs.status import status as verb

        print_status(verb(study), json_, quiet)
        return 0

    raise typer.Exit(guarded(work, json_))


@app.command(short_help="Rebuild the report from the store.")
def report(
    study: StudyArgument,
    figures: Annotated[bool, typer.Option("--figures", help="Also write every figure as SVG, PDF and PNG.")] = False,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Rebuild the report from the store: the page, tables as Markdown and LaTeX, results.json. Trains nothing.

    \b
    Examples:
      brittlestar report reviews.study --figures
      brittlestar report reviews.study --json | jq .variants.main.splits.test.accuracy
    """

    def work() -> int:
        from brittlestar.verbs.report import report as verb

        document = verb(study, figures=figures)
        folder = study / "report"
        text = f"{folder / 'report.html'} is written" + (f", figures in {folder / 'figures'}" if figures else "")
        say(document, text, json_, quiet)
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
