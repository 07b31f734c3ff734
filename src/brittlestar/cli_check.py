"""The command `check`: the front door."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from brittlestar.cli_options import ColumnsOption, JsonOption, QuietOption
from brittlestar.verbs.guarding import guarded
from brittlestar.verbs.options import columns_of_text, settings_of


def add_check(app: typer.Typer) -> None:
    """Give the command its place before those that `app` gets later."""
    app.command(short_help="Say in four lines what data and predictions support; trains nothing.")(check)


def check(
    data: Annotated[Path, typer.Argument(metavar="DATA|STUDY.yaml", help="A folder of splits, or a study file.")],
    preds: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="Predictions: id,split,variant,seed,prediction. Repeatable, one file a seed."
        ),
    ] = None,
    stated: Annotated[
        float | None, typer.Option(metavar="SCORE", help="The score that is reported, as a fraction: 0.931.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep the study with its report there.")] = None,
    no_limits: Annotated[
        bool, typer.Option("--no-limits", help="Do not plant faults to measure what the audit would see: quicker.")
    ] = False,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Override any setting. Repeatable.")
    ] = None,
    columns: ColumnsOption = None,
    json_: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Say in four lines whether a result is real, will hold, can be trusted, and what would settle it.

    From data and, where there are some, old predictions; nothing is trained. REAL? holds the predictions against the
    best trivial predictor, on all rows and on those that train does not have. HOLD? looks at shifted splits. CAN YOU
    TRUST THIS? says what an audit of these rows found and would have found. SETTLE says how much more would do.

    \b
    Examples:
      brittlestar check reviews/
      brittlestar check reviews/ --preds seed0.csv --preds seed1.csv --preds seed2.csv --stated 0.931
      brittlestar check reviews/ --preds all.parquet --out reviews.study --json
    """

    def work() -> int:
        from brittlestar.verbs.check_console import check_with_console

        return check_with_console(
            json_=json_,
            quiet=quiet,
            data=data,
            predictions=[str(path) for path in preds or ()],
            columns=columns_of_text(columns),
            settings=settings_of(set_ or []),
            stated=stated,
            out=out,
            limits=not no_limits,
        )

    raise typer.Exit(guarded(work, json_))
