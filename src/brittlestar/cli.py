"""The command: parse, call the same functions that Python users call, print."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from brittlestar.core.errors import BrittlestarError, InputError, Problem

app = typer.Typer(
    name="brittlestar",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Stress-tests sequence classifiers: is the result real, and will it hold?\n\n"
    "Start with `brittlestar run FOLDER`, where FOLDER has train.csv and any of dev.csv, test.csv, shift_*.csv with "
    "the columns id,sequence,label. No data at hand? `brittlestar generate spr demo/data` makes some.",
)
generate_app = typer.Typer(no_args_is_help=True, help="Write data for a task whose rule is known.")
app.add_typer(generate_app, name="generate")

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, nothing else there.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors.")]
ColumnsOption = Annotated[
    str | None,
    typer.Option("--columns", metavar="NAME=COLUMN,…", help="Your columns: sequence=text,label=target."),
]
StudyArgument = Annotated[Path, typer.Argument(metavar="STUDY", help="The folder that `run` made.", show_default=False)]


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


@app.command()
def run(
    data: Annotated[
        Path,
        typer.Argument(metavar="DATA|STUDY.yaml|STORE", help="A folder of splits, a study file, or a store to finish."),
    ],
    model: Annotated[
        str | None,
        typer.Option(metavar="PACKAGE.MODULE:NAME", help="Your model: a factory, a fit function or an estimator."),
    ] = None,
    preds: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Given predictions instead of a model; repeat for more files."),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The store. Default: ./NAME.study")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Override a setting: --set training.epochs=3. Repeatable."),
    ] = None,
    seeds: Annotated[int | None, typer.Option(metavar="N", help="Use seeds 0 … N-1.", min=1)] = None,
    budget: Annotated[
        str | None, typer.Option(metavar="TIME", help="Stop in time: 90s, 20m, 2h. Cheapest open question first.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(metavar="N", help="Cells at once. Default: one per core.", min=1)] = None,
    timeout: Annotated[str | None, typer.Option(metavar="TIME", help="A cell that takes longer fails.")] = None,
    cell: Annotated[
        str | None, typer.Option(metavar="HASH", help="This cell alone, again if it failed or is damaged.")
    ] = None,
    device: Annotated[str | None, typer.Option(metavar="cpu|cuda", help="Short for --set training.device=….")] = None,
    executor: Annotated[str, typer.Option(metavar="processes|serial", help="How cells are run.")] = "processes",
    mix_environments: Annotated[
        bool, typer.Option("--mix-environments", help="Go on although finished cells come from another environment.")
    ] = False,
    columns: ColumnsOption = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Train what is missing, find what is wrong, and write the report.

    Nothing that is finished is done again: the same command after an interruption goes on where it stopped.
    """

    def work() -> int:
        from brittlestar.verbs.console import run_with_console

        settings = _pairs(set_ or [], "--set")
        if device is not None:
            settings["training.device"] = device
        if executor not in ("processes", "serial"):
            raise InputError(f"there is no executor {executor!r}", "--executor", "use processes or serial")
        return run_with_console(
            data,
            json_=json_,
            quiet=quiet,
            model=model,
            predictions=[str(path) for path in preds or []],
            out=out,
            columns=_columns(columns),
            settings=settings,
            seeds=seeds,
            budget=None if budget is None else _seconds(budget, "--budget"),
            jobs=jobs,
            timeout=None if timeout is None else _seconds(timeout, "--timeout"),
            cell=cell,
            executor="serial" if executor == "serial" else "processes",
            mix_environments=mix_environments,
        )

    _guarded(work, json_)


@app.command()
def new(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="A folder of splits.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Default: NAME.yaml")] = None,
    columns: ColumnsOption = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Look at the data and write a commented study file for it."""

    def work() -> int:
        from brittlestar.verbs.new import new as verb

        path = verb(data, out, _columns(columns))
        _say(json_, quiet, {"study": str(path)}, f"{path} is written. Next: brittlestar plan {path}")
        return 0

    _guarded(work, json_)


@app.command()
def plan(
    data: Annotated[Path, typer.Argument(metavar="DATA|STUDY.yaml", help="A folder of splits or a study file.")],
    model: Annotated[str | None, typer.Option(metavar="PACKAGE.MODULE:NAME", help="Your model.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The store to compare with.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Override a setting.")] = None,
    seeds: Annotated[int | None, typer.Option(metavar="N", help="Use seeds 0 … N-1.", min=1)] = None,
    jobs: Annotated[int | None, typer.Option(metavar="N", help="Cells at once.", min=1)] = None,
    pilot: Annotated[bool, typer.Option(help="Time a short pilot of every arm; without it no time is given.")] = True,
    columns: ColumnsOption = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show what `run` would do: cells, time from a timed pilot, disk, and what is already done."""

    def work() -> int:
        from brittlestar.verbs.console import print_plan
        from brittlestar.verbs.plan import plan as verb

        document = verb(
            data,
            model=model,
            out=out,
            columns=_columns(columns),
            settings=_pairs(set_ or [], "--set"),
            seeds=seeds,
            jobs=jobs,
            pilot=pilot,
        )
        print_plan(document, json_, quiet)
        return 0

    _guarded(work, json_)


@app.command()
def status(study: StudyArgument, json_: JsonOption = False, quiet: QuietOption = False) -> None:
    """Show what is done, running, failed and missing; works beside a run in another terminal."""

    def work() -> int:
        from brittlestar.verbs.console import print_status
        from brittlestar.verbs.status import status as verb

        print_status(verb(study), json_, quiet)
        return 0

    _guarded(work, json_)


@app.command()
def report(
    study: StudyArgument,
    figures: Annotated[bool, typer.Option("--figures", help="Also write every figure as SVG, PDF and PNG.")] = False,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Rebuild the report from the store: the page, tables, JSON and figures."""

    def work() -> int:
        from brittlestar.verbs.report import report as verb

        document = verb(study, figures=figures)
        folder = study / "report"
        text = f"{folder / 'report.html'} is written" + (f", figures in {folder / 'figures'}" if figures else "")
        _say(json_, quiet, document, text)
        return 0

    _guarded(work, json_)


@generate_app.command("spr")
def generate_spr(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the splits are written.")],
    rule: Annotated[
        str | None, typer.Option(help="A rule, or a preset: founding (default), founding-no-parity.")
    ] = None,
    k: Annotated[int | None, typer.Option(help="Draw a rule of this many predicates instead.", min=1, max=4)] = None,
    rejects: Annotated[str, typer.Option(metavar="near-miss|random", help="How rejects are made.")] = "near-miss",
    lengths: Annotated[str, typer.Option(metavar="MIN-MAX|N", help="Tokens per row.")] = "8-24",
    sizes: Annotated[str, typer.Option(metavar="TRAIN/DEV/TEST", help="Rows per split.")] = "2000/500/1000",
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.", min=0)] = 0,
    colourless: Annotated[float, typer.Option(metavar="SHARE", help="Share of tokens without a colour.")] = 0.0,
    shape_weights: Annotated[str | None, typer.Option(metavar="W,W,W,W", help="Frequencies of ▲ ■ ● ◆.")] = None,
    colour_weights: Annotated[str | None, typer.Option(metavar="W,W,W,W", help="Frequencies of r g b y.")] = None,
    held_out: Annotated[
        list[str] | None, typer.Option(metavar="PAIR", help="A pair kept for shift_held_out_pairs: ▲r. Repeatable.")
    ] = None,
    long: Annotated[str | None, typer.Option(metavar="MIN-MAX", help="Lengths of shift_long.")] = None,
    flip: Annotated[
        str | None,
        typer.Option(metavar="WHERE:SHARE", help="Corrupt labels: all, dev-test, test, four-shapes or four-colours."),
    ] = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Symbolic pattern reasoning: sequences of coloured shapes, accepted by a rule of one to four predicates."""

    def work() -> int:
        from brittlestar.verbs.generate import generate as verb

        summary = verb(
            folder,
            rule=rule,
            k=k,
            rejects=rejects,
            lengths=lengths,
            sizes=sizes,
            seed=seed,
            colourless=colourless,
            shape_weights=shape_weights,
            colour_weights=colour_weights,
            held_out=held_out or [],
            long=long,
            flip=flip,
        )
        rule_text = summary["rule"]["text"]
        text = f"{folder} is written; its rule: {rule_text}\nNext: brittlestar run {folder}"
        _say(json_, quiet, summary, text)
        return 0

    _guarded(work, json_)


def _guarded(work: Callable[[], int], json_: bool) -> None:
    """Run a verb; an error meant for a person becomes its lines and exit code, never a traceback."""
    try:
        code = work()
    except BrittlestarError as error:
        for problem in error.problems:
            print(f"brittlestar: {problem}", file=sys.stderr)
        if json_:
            problems = [{"what": p.what, "where": p.where, "hint": p.hint} for p in error.problems]
            print(json.dumps({"error": problems}, ensure_ascii=False))
        code = error.exit_code
    except KeyboardInterrupt:
        print("brittlestar: stopped", file=sys.stderr)
        code = 1
    except BrokenPipeError:
        sys.stderr.close()
        code = 1
    raise typer.Exit(code)


def _say(json_: bool, quiet: bool, document: Any, text: str) -> None:
    if json_:
        print(json.dumps(document, ensure_ascii=False, indent=2))
    elif not quiet:
        print(text)


def _pairs(given: list[str], option: str) -> dict[str, str]:
    problems = [
        Problem(f"{text!r} is not PATH=VALUE", option, "such as training.epochs=3") for text in given if "=" not in text
    ]
    if problems:
        raise InputError(problems)
    return dict(text.split("=", 1) for text in given)


def _columns(given: str | None) -> dict[str, str] | None:
    if given is None:
        return None
    pairs = _pairs(given.split(","), "--columns")
    roles = ("id", "sequence", "label", "group")
    unknown = [name for name in pairs if name not in roles]
    if unknown:
        raise InputError(f"{', '.join(unknown)} is no role of a column", "--columns", f"roles: {', '.join(roles)}")
    return pairs


_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def _seconds(text: str, option: str) -> float:
    """`90`, `90s`, `20m`, `1.5h`, `2d` in seconds."""
    number, unit = (text[:-1], text[-1]) if text[-1:] in _UNITS else (text, "s")
    try:
        seconds = float(number) * _UNITS[unit]
    except ValueError:
        seconds = float("nan")
    if not 0 < seconds < 1e9:
        raise InputError(f"{text!r} is no length of time", option, "write 90s, 20m, 2h or 1d")
    return seconds


def main() -> None:
    """Entry point of the command."""
    app()


if __name__ == "__main__":
    main()
