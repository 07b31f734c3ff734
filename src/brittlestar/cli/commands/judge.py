"""The command `judge`: verdicts on claims."""

from pathlib import Path

from typer import Argument

from brittlestar.cli.command import Ending, command
from brittlestar.cli.option_values import outcome_columns_of_text
from brittlestar.cli.options import flag, option


@command(
    "Judge claims about a study or a table of outcomes.",
    "Exit codes: 0 done, whatever the verdicts; 2 wrong usage, or a table or claim that cannot be read.",
)
def judge(
    path: Path = Argument(metavar="STUDY|TABLE", help="A study's folder, or a .csv or .parquet table."),
    claims: Path | None = option("FILE", "Claims: text (one a line), YAML or JSON. Default: the study's."),
    claim: list[str] | None = option("SENTENCE", "One claim: 'a > b by 0.01 on accuracy'. Repeatable."),
    exploratory: bool = flag("The claims were written after the results: none is supported.", "--exploratory"),
    anytime: bool = flag("Intervals that hold wherever one stops, not at planned looks.", "--anytime"),
    best_trivial: float | None = option("SCORE", "Score of the best trivial baseline, for an outcome table."),
    metric: str | None = option("METRIC", "The metric of default claims on an outcome table. Default: accuracy."),
    columns: str | None = option("ROLE=COLUMN,…", "Columns of a table: variant=model,seed=run.", "--columns"),
    aa: str | None = option("VARIANT", "How often would this variant be found to differ from itself?", "--aa"),
) -> Ending:
    """Say of each claim whether a study or a table of outcomes supports it, refutes it, or leaves it open.

    Needs a study's folder, or a table with the columns variant,seed,example,outcome or variant,seed,score. Metrics that
    are no mean over rows take variant,seed,example,label,prediction. Rows with the same value in the column group count
    as one unit. Where a table has a column metric, as `export --scores` writes it, a claim reads the rows of its own.
    Without a claim, a table's main is compared with each other variant; that is exploratory.

    Prints the headline of a study, then each claim with its verdict, the population that it speaks of, the difference
    with its interval, and what would settle it.

    \b
    Examples:
      brittlestar judge demo/data.study
      brittlestar judge demo/data.study --claim "main > bag by 0.01 on accuracy"
      brittlestar judge outcomes.csv --claim "new > old by 0.01 on accuracy"
      brittlestar judge outcomes.csv --claims claims.txt --json
      brittlestar judge scores.csv --metric macro_f1
    """
    from brittlestar.cli.endings.judge import judge_ending
    from brittlestar.verbs.judge import judge_path

    return judge_ending(
        judge_path(
            path,
            claims=claims,
            claim=claim or (),
            registered=not exploratory,
            anytime=anytime,
            best_trivial=best_trivial,
            metric=metric,
            columns=outcome_columns_of_text(columns),
            itself=aa,
        )
    )
