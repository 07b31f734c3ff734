"""The command: its commands in their order, and its entry point."""

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from brittlestar.cli.commands.audit import audit
from brittlestar.cli.commands.check import check
from brittlestar.cli.commands.compare import compare
from brittlestar.cli.commands.diagnose import diagnose
from brittlestar.cli.commands.export import export
from brittlestar.cli.commands.gate import gate
from brittlestar.cli.commands.generate import generate_app
from brittlestar.cli.commands.judge import judge
from brittlestar.cli.commands.probe import probe
from brittlestar.cli.commands.report import report
from brittlestar.cli.commands.run import run
from brittlestar.cli.commands.seal import seal
from brittlestar.cli.commands.split import split
from brittlestar.cli.commands.studies import clean, merge, new, plan, status
from brittlestar.cli.commands.trace import trace
from brittlestar.cli.commands.verify import verify
from brittlestar.cli.guarding import escape_unprintable, print_error
from brittlestar.core.errors import Problem

DATA = ("check", "new", "split", "generate", "audit")
STAGES = (*DATA, "plan", "run", "status", "probe", "diagnose", "judge", "report", "gate")
COMMANDS = (*STAGES, "trace", "seal", "verify", "export", "compare", "merge", "clean")
"""In the order in which help lists them: the front door, data, the stages; others come after these."""


class _InOrder(TyperGroup):
    """Commands in the order of a study's stages."""

    def list_commands(self, ctx: Any) -> list[str]:
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
    epilog="Exit codes: 0 done; 1 a run or the tool failed; 2 wrong usage, or data that cannot be read; 3 a gate "
    "failed, or a record differs; 4 a gate or `verify` cannot tell. "
    "`brittlestar COMMAND -h` shows examples.",
)
app.add_typer(generate_app, name="generate")
STUDIES = (check, new, split, audit, plan, run, status, probe, diagnose, judge, report, gate)
for command in (*STUDIES, trace, seal, verify, export, compare, merge, clean):
    command.add_to(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"brittlestar {version('brittlestar')}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", "-V", callback=_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    pass


def main() -> None:
    """Entry point of the command."""
    escape_unprintable()
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
            print_error([Problem(told(), "usage", "add --help for what there is")])
        code = 2
    sys.exit(code)
