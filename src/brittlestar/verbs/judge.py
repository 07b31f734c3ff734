"""`judge`: what a study, or a table of outcomes, supports of each claim."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, overload

from brittlestar.claims.outcome_table import Written
from brittlestar.pipeline.judge import judge_source
from brittlestar.pipeline.judge_result import Judged as Judged
from brittlestar.pipeline.judge_result import JudgedClaim as JudgedClaim
from brittlestar.pipeline.own_metrics import name_metric
from brittlestar.study.claims import Claim


@overload
def judge(
    outcomes: Any,
    claim: Written,
    *,
    registered: bool = True,
    anytime: bool = False,
    best_trivial: float | None = None,
    columns: Mapping[str, str] | None = None,
    itself: str | None = None,
) -> JudgedClaim: ...
@overload
def judge(
    outcomes: Any,
    claim: Sequence[Written] | None = None,
    *,
    registered: bool = True,
    anytime: bool = False,
    best_trivial: float | None = None,
    metric: str | Callable[..., Any] | None = None,
    columns: Mapping[str, str] | None = None,
    itself: str | None = None,
) -> Judged: ...
def judge(
    outcomes: Any,
    claim: Written | Sequence[Written] | None = None,
    *,
    registered: bool = True,
    anytime: bool = False,
    best_trivial: float | None = None,
    metric: str | Callable[..., Any] | None = None,
    columns: Mapping[str, str] | None = None,
    itself: str | None = None,
) -> JudgedClaim | Judged:
    """Decide whether results support a claim.

    It says of each claim whether a study or a table of outcomes supports it, refutes it, or leaves it open.

    Needs a study's folder, or a table with the columns variant,seed,example,outcome or variant,seed,score. Metrics that
    are no mean over rows take variant,seed,example,label,prediction. Published means take variant,mean,sd,n, or
    variant,score with texts such as 78.4 ± 1.2 (n = 5): nothing says which runs are a pair. Rows with the same value in
    the column group count as one unit. Where a table has a column metric, as `export --scores` writes it, a claim reads
    the rows of its own. Without a claim, a table's main is compared with each other variant, or its two variants with
    each other; that is exploratory.

    Args:
        outcomes (STUDY|TABLE): A study's folder, or a .csv or .parquet table. In Python also a frame, `{variant:
            {"seeds": …, "examples": …, "outcome": (n_seeds, n_rows)}}`, `{variant: {"seeds": …, "score":
            (n_seeds,)}}`, `{variant: array}` of either, or pairs (variant, score or outcomes of a seed).
        claim (SENTENCE…): One claim: 'a > b by 0.01 on accuracy'. Repeatable. In Python also a mapping with the
            sentence under `claim` and more fields, fields alone, or a list of any of these, judged together.
        registered (--registered/--exploratory): Whether the claims were written before the results. Of those that were
            not, none is supported.
        anytime: Intervals that hold wherever one stops, not at planned looks.
        best_trivial (SCORE): Score of the best trivial baseline, for an outcome table.
        metric (METRIC): The metric of the default claims, where no claim is given, as in `check`. Default: that of the
            study; of a table accuracy.
        columns (ROLE=COLUMN,…): Columns of a table: variant=model,seed=run. In Python a mapping.
        itself (--aa VARIANT): How often would this variant be found to differ from itself?

    Returns:
        A `Judgement` for one claim; else a `Judged`, a sequence of them, of a study with its headline. Estimates are
        variant - other, in the metric's own unit (fractions; nats for log loss).

    Raises:
        InputError: The claims, or the study or table, cannot be read, with every mistake.

    Command:
        Prints the headline of a study, then each claim with its verdict, the population that it speaks of, the
        difference with its interval, and what would settle it.

        Examples:
          brittlestar judge demo/data.study
          brittlestar judge demo/data.study --claim "main > bag by 0.01 on accuracy"
          brittlestar judge outcomes.csv --claim "new > old by 0.01 on accuracy"
          brittlestar judge outcomes.csv --claims claims.txt --json
          brittlestar judge scores.csv --metric macro_f1
          brittlestar judge demo/data.study --metric f1:yes

        Exit codes: 0 done, whatever the verdicts; 2 wrong usage, or a table or claim that cannot be read.

    Example:
        >>> from brittlestar import judge
        >>> scores = {"new": {"seeds": range(5), "score": [0.90, 0.91, 0.90, 0.92, 0.91]},
        ...           "old": {"seeds": range(5), "score": [0.80, 0.81, 0.79, 0.82, 0.80]}}
        >>> claim = {"claim": "new > old by 0.01 on accuracy", "population": "fixed-test-set"}
        >>> found = judge(scores, claim)
        >>> found.verdict, round(found.estimate, 3)
        ('supported', 0.104)
    """
    single = isinstance(claim, str | Mapping | Claim)
    written: Any = [claim] if single else claim
    found = judge_source(
        outcomes,
        written,
        registered=registered,
        anytime=anytime,
        best_trivial=best_trivial,
        metric=name_metric(metric),
        columns=columns,
        itself=itself,
    )
    return JudgedClaim(**vars(found[0])) if single else found
