"""The command `export`: predictions, scores and findings for other tools."""

from pathlib import Path
from typing import Annotated

import typer

from brittlestar.cli.command import Ending, command
from brittlestar.cli.option_values import one_of


@command(
    "Write predictions, scores and findings for other tools.",
    "Exit codes: 0 done; 1 a file cannot be written; 2 wrong usage, or no study or table that can be read.",
)
def export(
    path: Annotated[Path, typer.Argument(metavar="STUDY|TABLE", help="A study's folder, or a table of outcomes.")],
    predictions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Every row of every run, as --preds reads it.")
    ] = None,
    scores: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Every score: variant, split, metric, seed, score.")
    ] = None,
    findings: Annotated[Path | None, typer.Option(metavar="FILE", help="Every finding, worst first.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A new folder for all three. Default: ./NAME-export")
    ] = None,
    format_: Annotated[
        str, typer.Option("--format", metavar="csv|parquet|json", help="What is written into the folder.")
    ] = "csv",
    split: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="This split alone. Repeatable. Default: all.")
    ] = None,
) -> Ending:
    """Write what a study holds into files that other tools read: predictions, scores, findings. Trains nothing.

    Needs a study's folder, or a table of outcomes (see `brittlestar judge -h`). A file's format is its ending: .csv,
    .tsv, .parquet, .jsonl, and for scores and findings .json. Nothing is overwritten.

    Prints each file with its rows, and the command that reads the predictions back.

    \b
    Examples:
      brittlestar export demo/data.study
      brittlestar export demo/data.study --predictions p.csv --split test
      brittlestar export demo/data.study --scores s.parquet --findings f.json
      brittlestar export outcomes.csv --scores scores.csv
    """
    from brittlestar.cli.endings.export import export_ending
    from brittlestar.verbs.export import export as verb

    result = verb(
        path,
        predictions=predictions,
        scores=scores,
        findings=findings,
        out=out,
        format=one_of(format_, ("csv", "parquet", "json"), "--format"),
        splits=split or (),
    )
    return export_ending(result)
