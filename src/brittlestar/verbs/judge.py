"""`judge`: what a study, or a table of outcomes, supports of each claim."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, overload

from brittlestar.claims.given import Written
from brittlestar.pipeline.judged import Judged as Judged
from brittlestar.pipeline.judged import JudgedClaim as JudgedClaim
from brittlestar.pipeline.judging import Asking, judge_source, parse_claims, read_claims, read_fields
from brittlestar.pipeline.request import is_store
from brittlestar.study.claims import Claim
from brittlestar.study.names import CLAIM_ALIASES, STUDY_ALIASES


@overload
def judge(
    outcomes: Any,
    claim: Written,
    *,
    registered: bool = True,
    anytime: bool = False,
    best_trivial: float | None = None,
    columns: Mapping[str, str] | None = None,
) -> JudgedClaim: ...
@overload
def judge(
    outcomes: Any,
    claim: Sequence[Written] | None = None,
    *,
    registered: bool = True,
    anytime: bool = False,
    best_trivial: float | None = None,
    metric: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Judged: ...
def judge(
    outcomes: Any,
    claim: Written | Sequence[Written] | None = None,
    *,
    registered: bool = True,
    anytime: bool = False,
    best_trivial: float | None = None,
    metric: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> JudgedClaim | Judged:
    """Judge claims about variants from a study or from outcomes.

    Args:
        outcomes: A study's folder; a table of outcomes as file or frame, with columns variant, seed, example and
            outcome, or variant, seed and score; also split, and metric where there are several; or
            `{variant: {"seeds": …, "examples": …, "outcome": (n_seeds, n_rows)}}`, or
            `{variant: {"seeds": …, "score": (n_seeds,)}}`. Metrics that are no mean over rows need columns label and
            prediction (and weight_FACTOR), or scores. Rows with the same value in the column `group`, or in the one
            that the claim names, are one unit.
        claim: A sentence (`a > b by 0.01 on accuracy`), a mapping with the sentence under `claim` and more fields,
            fields alone, or a list of any of these, judged together. Without it a study's own claims are judged; of a
            table that `main` exceeds each other variant, and stays within a point of that on each shifted split.
            These are exploratory.
        registered: For tables, your word that the claim was written before the results; without it no claim is
            `supported`.
        anytime: Give intervals that hold at every number of seeds, not at planned looks alone.
        best_trivial: The score of the best trivial baseline, for claims about `best-trivial` on a table.
        metric: The metric of the default claims of a table; accuracy without it.
        columns: Names of a table's columns by what they mean: `{"variant": "model", "seed": "run"}`.

    Returns:
        A `Judgement` for one claim; else a `Judged`, a sequence of them, of a study with its headline. Estimates are
        variant - other, in the metric's own unit (fractions; nats for log loss).

    Raises:
        InputError: The claim or the outcomes are wrong, with every mistake.

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
    found = judge_source(outcomes, written, Asking(registered, anytime, best_trivial, metric, columns))
    return JudgedClaim(**vars(found[0])) if single else found


def judge_path(
    path: str | Path,
    *,
    claims: Path | None = None,
    claim: Sequence[str] = (),
    registered: bool = True,
    anytime: bool = False,
    best_trivial: float | None = None,
    metric: str | None = None,
    columns: Mapping[str, str] | None = None,
    itself: str | None = None,
) -> Judged:
    """Judge claims about a study or a table of outcomes.

    It says of each claim whether a study or a table of outcomes supports it, refutes it, or leaves it open.

    Needs a study's folder, or a table with the columns variant,seed,example,outcome or variant,seed,score. Metrics that
    are no mean over rows take variant,seed,example,label,prediction. Rows with the same value in the column group count
    as one unit. Where a table has a column metric, as `export --scores` writes it, a claim reads the rows of its own.
    Without a claim, a table's main is compared with each other variant; that is exploratory.

    Args:
        path (STUDY|TABLE): A study's folder, or a .csv or .parquet table.
        claims (FILE): Claims: text (one a line), YAML or JSON. Default: the study's.
        claim (SENTENCE…): One claim: 'a > b by 0.01 on accuracy'. Repeatable.
        registered (--registered/--exploratory): Whether the claims were written before the results. Of those that were
            not, none is supported.
        anytime: Intervals that hold wherever one stops, not at planned looks.
        best_trivial (SCORE): Score of the best trivial baseline, for an outcome table.
        metric (METRIC): The metric of default claims on an outcome table. Default: accuracy.
        columns (ROLE=COLUMN,…): Columns of a table: variant=model,seed=run.
        itself (--aa VARIANT): How often would this variant be found to differ from itself?

    Returns:
        Verdicts in the order of the claims, of a study with its headline.

    Raises:
        InputError: The claims, or the study or table, cannot be read.

    Command:
        Prints the headline of a study, then each claim with its verdict, the population that it speaks of, the
        difference with its interval, and what would settle it.

        Examples:
          brittlestar judge demo/data.study
          brittlestar judge demo/data.study --claim "main > bag by 0.01 on accuracy"
          brittlestar judge outcomes.csv --claim "new > old by 0.01 on accuracy"
          brittlestar judge outcomes.csv --claims claims.txt --json
          brittlestar judge scores.csv --metric macro_f1

        Exit codes: 0 done, whatever the verdicts; 2 wrong usage, or a table or claim that cannot be read.
    """
    written: list[Any] = [*(read_claims(claims) if claims is not None else ()), *map(read_fields, claim)]
    place = "claim" if claims is None else str(claims)
    parsed = parse_claims(written, place, STUDY_ALIASES if is_store(path) else CLAIM_ALIASES)
    asked = Asking(registered, anytime, best_trivial, metric, columns, itself)
    # of a table, as written: what was stated is told apart
    return judge_source(path, (parsed if is_store(path) else written) or None, asked)
