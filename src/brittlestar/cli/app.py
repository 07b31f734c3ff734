"""The command: its entry point, and commands that are made when they are asked for, from what verbs declare."""

import inspect
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from brittlestar.cli.commands import ANSWERING, COMMANDS, CommandLine
from brittlestar.cli.declaring import Option
from brittlestar.cli.gone import find_gone
from brittlestar.cli.guarding import OutputOptions, escape_unprintable, guard_work, print_error
from brittlestar.cli.short_help import shorten_help
from brittlestar.cli.values import find_type
from brittlestar.core.errors import Problem

SETTINGS: dict[str, Any] = {
    "no_args_is_help": True,
    "rich_markup_mode": None,
    "context_settings": {"help_option_names": ["--help"]},
}
FIRST: dict[str, Any] = SETTINGS | {"context_settings": {"help_option_names": ["-h", "--help"]}}
"""Of the first help, which is one screen as it is."""


class _Made(Mapping[str, Any]):
    """The commands by name, each made when it is looked up."""

    def __getitem__(self, name: str) -> Any:
        if name != "generate":
            return make_command(name, COMMANDS[name])
        group: Any = typer.main.get_command(generate)
        group.commands = {"spr": make_command("generate spr", COMMANDS["generate spr"])}
        return group

    def __iter__(self) -> Iterator[str]:
        return (name.split()[0] for name in COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Groups(TyperGroup):
    """Commands under the headings of their groups."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        made: Any = _Made()
        self.commands = made

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, then the options."""
        for group in dict.fromkeys(command.group for command in COMMANDS.values()):
            listed = [(name, command) for name, command in COMMANDS.items() if command.group == group]
            with formatter.section(group):
                formatter.write_dl([(name, command.summary) for name, command in listed if " " not in name])
        super().format_options(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Nothing more: they stand above the options."""


def make_command(name: str, command: CommandLine) -> Any:
    """The command as typer has it."""

    def start(**given: Any) -> None:
        output = {one.parameter: bool(given.pop(one.parameter)) for one in ANSWERING}
        with guard_work(output["json"]):
            from brittlestar.cli.calling import call_command

            code = call_command(command, given, OutputOptions(**output))
        raise typer.Exit(code)

    told: Any = start
    options = (*command.options, *ANSWERING)
    told.__signature__ = inspect.Signature([*map(_make_parameter, options), _make_short_help(name, command, options)])
    told.__annotations__ = {}
    made = typer.Typer(add_completion=False, **SETTINGS)
    made.command(name.split()[-1], short_help=command.summary, help=command.help, epilog=command.exit_codes)(start)
    return typer.main.get_command(made)


def _make_parameter(option: Option) -> inspect.Parameter:
    word, _, least = option.form.partition(">=")
    shown: dict[str, Any] = {"help": option.help, "show_default": False}
    kind: Any = find_type(option.form) if word else bool
    if word:
        shown |= {"metavar": word, "min": int(least) if least else None}
    kind = list[kind] if word.endswith("…") else kind
    default: Any = ... if option.required else None
    flags = option.flags.split()
    told = typer.Option(default, *flags, **shown) if flags else typer.Argument(default, **shown)
    kind = kind if option.required else kind | None
    return inspect.Parameter(option.parameter, inspect.Parameter.KEYWORD_ONLY, default=told, annotation=kind)


def _make_short_help(name: str, command: CommandLine, options: Sequence[Option]) -> inspect.Parameter:
    """`-h`: what fits one screen; `--help` has all."""

    def show(wanted: bool) -> None:
        if wanted:
            print(shorten_help(name, command, options))
            raise typer.Exit

    shown = "Show the short form of this help."
    told: Any = typer.Option(False, "-h", is_eager=True, expose_value=False, callback=show, help=shown)
    return inspect.Parameter("short_help", inspect.Parameter.KEYWORD_ONLY, default=told, annotation=bool)


app = typer.Typer(
    name="brittlestar",
    cls=_Groups,
    pretty_exceptions_enable=False,
    help="""Stress-test text and sequence classifiers. Is the score real? Will it hold?

\b
Start with what you have:
  one table    brittlestar split reviews.csv
  data         brittlestar audit FOLDER
  predictions  brittlestar check FOLDER --preds FILE
  a model      brittlestar run FOLDER --model my_code:build
  results      brittlestar judge FILE --claim "a > b by 0.01 on accuracy"
  nothing yet  brittlestar generate spr demo/data

FOLDER contains train.csv and any of dev.csv, test.csv and shift_NAME.csv, with the columns id,sequence,label. Rows in
new_NAME.csv need no label. Tables, of predictions too, are .csv, .tsv or .jsonl (also .gz), or .parquet.""",
    epilog="Exit codes: 0 done; 1 a run or the tool failed; 2 wrong usage or unreadable data; 3 gate failed or record "
    "differs; 4 gate or verify cannot say. After a command, -h shows one screen, and --help all of it.",
    **FIRST,
)
generate = typer.Typer(add_completion=False, help="Write data for a task whose rule is known.", **FIRST)


@generate.callback()
def _generate() -> None:
    pass


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
        told: Any = getattr(error, "format_message", error.__str__)
        problem = Problem(told(), "usage", "add --help for what there is")
        option, context = getattr(error, "option_name", ""), getattr(error, "ctx", None)
        if (gone := find_gone(str(getattr(context, "info_name", "")), str(option), told())) is not None:
            problem = gone
            print(f"brittlestar: {gone}", file=sys.stderr)
        else:
            show()
        if "--json" in sys.argv[1:]:
            print_error([problem])
        code = 2
    sys.exit(code)
