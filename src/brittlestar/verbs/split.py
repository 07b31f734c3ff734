"""`split`: train, dev and test from one table, with no copy, near copy or group on two sides."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brittlestar.data.unpacking import find_stem
from brittlestar.execution.progress import Progress, tell_progress
from brittlestar.pipeline.split_table import SplitResult as SplitResult
from brittlestar.pipeline.split_table import SplitSettings, split_table


def split(
    data: Any,
    out: str | Path | None = None,
    *,
    by: str = "random",
    sizes: str | None = None,
    time: str | None = None,
    stratify: bool | None = None,
    seed: int = 0,
    tokens: str | None = None,
    keep_near_copies: bool = False,
    ignore_groups: bool = False,
    drop_missing: bool = False,
    drop_copies: bool = False,
    columns: Mapping[str, str] | None = None,
    progress: bool | Progress = True,
) -> SplitResult:
    """Split one table into train, dev and test.

    No copy, near copy or group is in two splits, and they are audited. Needs one table with the columns sequence and
    label, and any of id and group (`columns` names others). The folder must not be there yet.

    Where near copies join rows of a table without groups, their families become the column group. The same rows and
    seed give the same splits, in whatever order the rows stand, and the same file gives the same bytes.

    Ways to split, `by`:
      random  rows at random, with the class shares of the whole table
      group   the same, and refused where there is no group column
      time    earlier rows for train, later ones for dev and test
      length  the longest rows become shift_long

    Args:
        data (FILE): One table, in a format of data (brittlestar -h). In Python also a pandas, Polars or Arrow frame,
            a pair (sequences, labels), a list of dicts, or a dict of columns.
        out (DIR): A new folder. Default: ./NAME.splits. In Python splits of an object are written only where it is
            given.
        by (WAY): random, group, time or length.
        sizes (TRAIN/DEV/TEST): Per cent of the rows: train/dev/test[/shift_long]. Default: 80/10/10, by length
            70/10/10/10. 0 leaves a split out.
        time (COLUMN): The column of times, for a split by time.
        stratify: Keep class shares (default), or sizes alone.
        seed (N): The same seed gives the same splits.
        tokens (HOW): whitespace, characters, list, regex:PATTERN. Default: a look decides.
        keep_near_copies: Near copies may lie in two splits; copies never do.
        ignore_groups: A group may lie in two splits.
        drop_missing: Leave out rows without a sequence or label; else they are an error.
        drop_copies: Leave out exact copies of a sequence; the earliest stays, by time or as the table has them.
        columns: As in `audit`.
        progress: As in `audit`.

    Returns:
        The splits as frames, their audit, the manifest, and where each row went.

    Raises:
        InputError: The table or an option is wrong, with every mistake.
        StoreError: The folder cannot be written.

    Command:
        Writes a file for each split, manifest.json, and manifest.csv, which says of every row where it went. Prints
        sizes, class shares, what the audit found, and the next command.

        Examples:
          brittlestar split reviews.csv --columns sequence=text,label=stars
          brittlestar split reviews.csv --columns sequence=text,label=stars \\
            --by time --time written --sizes 70/15/15 --out reviews-by-time

        Exit codes: 0 done; 1 the folder cannot be written; 2 wrong usage, or a table that cannot be split so.

    Example:
        >>> from brittlestar import split
        >>> rows = [{"sequence": f"a{k} b{k % 7} c{k % 11} d", "label": str(k % 2)} for k in range(100)]
        >>> result = split(rows, sizes="60/20/20", seed=1)
        >>> {name: frame.height for name, frame in result.frames.items()}
        {'train': 60, 'dev': 20, 'test': 20}
    """
    folder = None
    if out is not None or isinstance(data, str | Path):
        folder = Path(f"{find_stem(data)}.splits") if out is None else Path(out)
    how = by, sizes, time, stratify, seed, tokens, columns or {}
    settings = SplitSettings(*how, keep_near_copies, ignore_groups, drop_missing, drop_copies)
    with tell_progress(progress, "split") as tell:
        return split_table(data, folder, settings, tell)
