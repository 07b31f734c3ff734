"""The command `split`: train, dev and test from one table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from brittlestar.cli_options import ColumnsOption, JsonOption, QuietOption
from brittlestar.verbs.guarding import guarded
from brittlestar.verbs.options import columns_of_text


def add_split(app: typer.Typer) -> None:
    """Give the command its place after those that `app` has."""
    app.command(short_help="Make train, dev and test from one table.")(split)


def split(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="One table: .csv, .tsv, .parquet or .jsonl.")],
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="A new folder. Default: ./NAME.splits")] = None,
    by: Annotated[str, typer.Option(metavar="random|group|time|length", help="What decides the split.")] = "random",
    sizes: Annotated[
        str | None, typer.Option(metavar="80/10/10", help="Per cent of the rows: train/dev/test[/shift_long].")
    ] = None,
    time: Annotated[str | None, typer.Option(metavar="COLUMN", help="The column of times, with --by time.")] = None,
    stratify: Annotated[
        bool | None, typer.Option("--stratify/--no-stratify", help="Keep class shares (default), or sizes alone.")
    ] = None,
    keep_near_copies: Annotated[
        bool, typer.Option("--keep-near-copies", help="Near copies may lie on two sides; copies never do.")
    ] = False,
    ignore_groups: Annotated[bool, typer.Option("--ignore-groups", help="A group may lie on two sides.")] = False,
    tokens: Annotated[
        str | None,
        typer.Option(metavar="HOW", help="whitespace, characters, list, regex:PATTERN. Default: a look decides."),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same splits.")] = 0,
    columns: ColumnsOption = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make train, dev and test from one table, with no copy, near copy or group on two sides, and audit them.

    The folder gets one file a split, manifest.json and manifest.csv, which says of every row where it went. Nothing
    is overwritten. With --by length the longest rows become shift_long.

    \b
    Examples:
      brittlestar split reviews.csv --columns sequence=text,label=stars
      brittlestar split reviews.csv --by time --time written --sizes 70/15/15
      brittlestar split genes.parquet --by group --columns group=family --seed 3
    """

    def work() -> int:
        from brittlestar.verbs.split_console import split_with_console

        return split_with_console(
            file,
            json_=json_,
            quiet=quiet,
            out=out,
            by=by,
            sizes=sizes,
            time=time,
            stratify=stratify,
            seed=seed,
            tokens=tokens,
            keep_near_copies=keep_near_copies,
            ignore_groups=ignore_groups,
            columns=columns_of_text(columns),
        )

    raise typer.Exit(guarded(work, json_))
