"""The command `new`: a commented study file."""

from pathlib import Path
from typing import Annotated

import typer

from brittlestar.cli.command import Ending, command
from brittlestar.cli.option_values import columns_of_text
from brittlestar.cli.options import ColumnsOption


@command(
    "Look at the data and write a commented study file.",
    "Exit codes: 0 done; 1 the file cannot be written; 2 wrong usage, or data that cannot be read.",
)
def new(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="A folder of splits.", show_default=False)],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Default: ./NAME.yaml")] = None,
    columns: ColumnsOption = None,
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
