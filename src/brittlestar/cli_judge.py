"""The command `judge`: verdicts on claims."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from brittlestar.cli_options import JsonOption, QuietOption
from brittlestar.verbs.guarding import guarded


def add_judge(app: typer.Typer) -> None:
    """Give the command its place after those that `app` has."""
    app.command(short_help="Say what a study or a table of outcomes supports of each claim.")(judge)


def judge(
    path: Annotated[Path, typer.Argument(metavar="STUDY|TABLE", help="A study's folder, or a .csv or .parquet table.")],
    claims: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Claims: text (one a line), YAML or JSON. Default: the study's.")
    ] = None,
    claim: Annotated[
        list[str] | None, typer.Option(metavar="SENTENCE", help="One claim: 'a > b by 0.01 on accuracy'. Repeatable.")
    ] = None,
    exploratory: Annotated[
        bool, typer.Option("--exploratory", help="The claims were written after the results: none is supported.")
    ] = False,
    anytime: Annotated[
        bool, typer.Option("--anytime", help="Intervals that hold wherever one stops, not at planned looks.")
    ] = False,
    best_trivial: Annotated[
        float | None, typer.Option(metavar="SCORE", help="Score of the best trivial baseline, for an outcome table.")
    ] = None,
    aa: Annotated[
        str | None,
        typer.Option("--aa", metavar="VARIANT", help="How often would this variant be told apart from itself?"),
    ] = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Say what a study or a table of outcomes supports of each claim: supported, refuted or inconclusive.

    A table has columns variant,seed,example,outcome or variant,seed,score; metrics that are no mean over rows take
    variant,seed,example,label,prediction. A column group makes rows one unit. Every verdict names whom it speaks of,
    what was seen with its interval, and what would settle it.

    \b
    Examples:
      brittlestar judge data.study
      brittlestar judge outcomes.csv --claim "new > old by 0.01 on accuracy"
      brittlestar judge scores.parquet --claims claims.txt --json
      brittlestar judge data.study --claim "bag == main within 0.01 on accuracy" --aa main
    """

    def work() -> int:
        from brittlestar.verbs.judge_console import judge_with_console

        return judge_with_console(
            path,
            json_=json_,
            quiet=quiet,
            claims=claims,
            sentences=claim or (),
            exploratory=exploratory,
            anytime=anytime,
            best_trivial=best_trivial,
            itself=aa,
        )

    raise typer.Exit(guarded(work, json_))
