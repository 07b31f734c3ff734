"""The command `split`: train, dev and test from one table."""

from pathlib import Path

from typer import Argument, Option

from brittlestar.cli.command import Ending, Output, command
from brittlestar.cli.option_values import columns_of_text
from brittlestar.cli.options import COLUMNS, flag, option


@command(
    "Make train, dev and test from one table.",
    "Exit codes: 0 done; 1 the folder cannot be written; 2 wrong usage, or a table that cannot be split so.",
)
def split(
    output: Output,
    file: Path = Argument(metavar="FILE", help="One table: .csv, .tsv, .parquet or .jsonl."),
    out: Path | None = option("DIR", "A new folder. Default: ./NAME.splits"),
    by: str = option("WAY", "random, group, time or length.", default="random"),
    sizes: str | None = option("TRAIN/DEV/TEST", "Per cent of the rows: train/dev/test[/shift_long]."),
    time: str | None = option("COLUMN", "The column of times, with --by time."),
    stratify: bool | None = Option(
        None, "--stratify/--no-stratify", help="Keep class shares (default), or sizes alone."
    ),
    keep_near_copies: bool = flag("Near copies may lie in two splits; copies never do.", "--keep-near-copies"),
    ignore_groups: bool = flag("A group may lie in two splits.", "--ignore-groups"),
    drop_missing: bool = flag("Leave out rows without a sequence or label.", "--drop-missing"),
    tokens: str | None = option("HOW", "whitespace, characters, list, regex:PATTERN. Default: a look decides."),
    seed: int = option("N", "The same seed gives the same splits.", default=0),
    columns: str | None = COLUMNS,
) -> Ending:
    """Make train, dev and test from one table, with no copy, near copy or group in two splits, and audit them.

    Needs one table with the columns sequence and label, and any of id and group (--columns names others). The folder
    must not be there yet.

    Writes a file for each split, manifest.json, and manifest.csv, which says of every row where it went. Prints sizes,
    class shares, what the audit found, and the next command.

    \b
    Ways, --by:
      random  rows at random, with the class shares of the whole table
      group   the same, and refused where there is no group column
      time    earlier rows for train, later ones for dev and test
      length  the longest rows become shift_long

    \b
    Examples:
      brittlestar split reviews.csv --columns sequence=text,label=stars
      brittlestar split reviews.csv --columns sequence=text,label=stars \\
        --by time --time written --sizes 70/15/15 --out reviews-by-time
    """
    from brittlestar.cli.endings.audit import split_ending
    from brittlestar.cli.watching import watch_stage
    from brittlestar.verbs.split import split as verb

    with watch_stage(output, "split") as progress:
        result = verb(
            file,
            out=out,
            by=by,
            sizes=sizes,
            time=time,
            stratify=stratify,
            seed=seed,
            tokens=tokens,
            keep_near_copies=keep_near_copies,
            ignore_groups=ignore_groups,
            drop_missing=drop_missing,
            columns=columns_of_text(columns),
            progress=progress,
        )
    return split_ending(result)
