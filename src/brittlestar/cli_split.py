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
    by: Annotated[
        str, typer.Option(metavar="WAY", help="random, group, time, length, pairs, predicates or mcd.")
    ] = "random",
    sizes: Annotated[
        str | None, typer.Option(metavar="80/10/10", help="Per cent of the rows: train/dev/test[/shift_NAME].")
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
    factors: Annotated[
        str | None,
        typer.Option(metavar="PATTERN|none", help="How a token decomposes, with pairs, predicates, mcd."),
    ] = None,
    held_out: Annotated[
        list[str] | None, typer.Option(metavar="PAIR", help="Hold out this pair: 'jump twice', ▲r. Repeatable.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same splits.")] = 0,
    columns: ColumnsOption = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make train, dev and test from one table, with no copy, near copy or group on two sides, and audit them.

    The folder gets one file a split, manifest.json and manifest.csv, which says of every row where it went. Nothing
    is overwritten. With --by length the longest rows become shift_long.

    Three ways ask whether a model combines what it learnt apart. They write one more split, and a certificate into the
    manifest: how atoms and class shares differ between the sides, compounds absent from train.

    \b
      --by pairs       shift_pairs: pairs of factor values in one token (shape and
                       colour), or of neighbouring tokens, that no other row holds
      --by predicates  shift_predicates: two tokens or factor values anywhere in one
                       row, which no other row holds together
      --by mcd         shift_mcd: the same tokens and the most other pairs that a
                       search finds (maximum compound divergence); refused where
                       tokens cannot be as frequent on both sides

    \b
    Examples:
      brittlestar split reviews.csv --columns sequence=text,label=stars
      brittlestar split reviews.csv --by time --time written --sizes 70/15/15
      brittlestar split genes.parquet --by group --columns group=family --seed 3
      brittlestar split commands.csv --by pairs --held-out "jump twice"
      brittlestar split shapes.csv --by pairs --factors "(?P<shape>.)(?P<colour>.)"
      brittlestar split commands.csv --by mcd --sizes 60/10/10/20
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
            factors=factors,
            held_out=held_out or (),
            columns=columns_of_text(columns),
        )

    raise typer.Exit(guarded(work, json_))
