"""The command `compare`: two studies side by side."""

from pathlib import Path
from typing import Annotated

import typer

from brittlestar.cli.command import Ending, command
from brittlestar.core.errors import InputError

KINDS = "A study's folder, or a table of outcomes."


@command(
    "Compare two studies: settings, data, scores, findings.",
    "Exit codes: 0 done, whatever differs; 1 a file is damaged or cannot be written; 2 wrong usage, or a study or "
    "table that cannot be read.",
)
def compare(
    first: Annotated[Path, typer.Argument(metavar="FIRST", help=KINDS, show_default=False)],
    second: Annotated[Path, typer.Argument(metavar="SECOND", help=KINDS, show_default=False)],
    metric: Annotated[
        str | None, typer.Option(metavar="METRIC", help="The metric to compare. Default: the one that heads FIRST.")
    ] = None,
    markdown: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write all of it as Markdown.")] = None,
) -> Ending:
    """Say what differs between two studies, and whether the second is better; trains nothing.

    Needs two studies' folders, or two tables of outcomes (see `brittlestar judge -h`).

    Prints what differs in settings and data first. Then, for variants that both have, the difference second − first on
    the rows and with the seeds that both have, with its interval. Then answers, findings and verdicts that changed.
    These comparisons are exploratory: a claim to rely on is registered before its runs.

    \b
    Examples:
      brittlestar compare demo/data.study demo/mine.study
      brittlestar compare old.study new.study --metric accuracy --markdown pr.md
      brittlestar compare old.csv new.csv --json
    """
    from brittlestar.cli.endings.compare import compare_ending
    from brittlestar.verbs.compare import compare as verb
    from brittlestar.verbs.compare_markdown import write_markdown
    from brittlestar.verbs.export_files import refuse_existing_file, write_file

    if markdown is not None and (problem := refuse_existing_file(markdown, "--markdown")):
        raise InputError([problem])
    result = verb(first, second, metric=metric)
    if markdown is not None:
        write_file(markdown, write_markdown(result).encode())
    return compare_ending(result, markdown)
