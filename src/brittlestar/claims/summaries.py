"""Claims judged on published tables: of each variant the mean of its runs, their SD and how many there were."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import polars as pl

from brittlestar.claims.judge import FEWEST_TELLING
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.measuring import DifferenceEstimate, decide, find_p, interval_of, plan_look
from brittlestar.claims.sentences import sentence_of, too_few_seeds
from brittlestar.claims.settling import settle_by_seeds
from brittlestar.claims.several import answer_as_claimed, explore, share_levels
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.metric_kinds import clip_interval
from brittlestar.core.metrics import describe_average, metric_of
from brittlestar.core.texts import suggest
from brittlestar.data.encode import shorten_text
from brittlestar.data.outcome_columns import MEANS, read_numbers, read_texts, refuse_rows, take_metric
from brittlestar.data.tables import Table, as_text, format_list
from brittlestar.statistics.crossed import VarianceParts
from brittlestar.statistics.estimates import Estimate, add_variances
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.claims import Claim
from brittlestar.study.names import BEST_TRIVIAL, CLAIM_ALIASES
from brittlestar.study.sides import Term, all_terms, alternatives, terms

WRITTEN = "78.4 ± 1.2 (n = 5)"
_PARTS = re.compile(r"\s*([-+]?[0-9.]+)\s*%?\s*(?:±|\+/-|\+-)\s*([0-9.]+)\s*%?\s*\(\s*[nN]\s*=\s*([0-9]+)\s*\)\s*")
UNKNOWN = "means and SDs do not tell which runs share a seed, nor whether one collapsed or was left out"
"""What no test of published means knows: a note on each verdict."""
MOST_NAMED = 8  # a sentence that a person reads


@dataclass(frozen=True)
class Summary:
    """`n` runs of a variant: their mean, and their SD (n - 1 degrees of freedom), both in the unit of the metric. One
    run has an SD of 0: nothing is known of its spread."""

    mean: float
    sd: float
    n: int


Summaries = Mapping[str | None, Mapping[str, Summary]]
"""Variants by name, by split (None without a column `split`)."""

Known = Sequence[tuple[Term, Summary]]
"""The variants of a claim, signed as they stand in the difference, and what is known of each."""


def is_summary(table: Table) -> bool:
    """Whether a table has a mean for each variant, and no runs."""
    columns = table.frame.columns
    if "seed" in columns:
        return False
    text = as_text(table.frame["score"]) if "score" in columns else None
    return "mean" in columns or bool(text is not None and text.fill_null("").str.contains(r"±|\+/-|\+-").any())


def read_summaries(table: Table, metric: str) -> tuple[Summaries, tuple[str, ...]]:
    """What a table says of each variant under a metric, with notes on how it was read.

    Columns are variant, mean, sd and n, or variant and score, a text such as `78.4 ± 1.2 (n = 5)`; `se` may stand for
    sd. Fractions may be per cent where no mean is a fraction. Raises InputError with the first row that does not fit.
    """
    table, notes = take_metric(table, metric), list[str]()
    frame = table.frame.rename({"arm": "variant"}) if "variant" not in table.frame.columns else table.frame
    table = replace(table, frame=frame)
    if "mean" not in frame.columns:
        table = _cut_texts(table)
        notes.append(
            "what stands behind ± is read as the SD over runs: give a column se where it is the standard error"
        )
    spread = "se" if "se" in table.frame.columns and "sd" not in table.frame.columns else "sd"
    if lacking := [name for name in ("variant", spread, "n") if name not in table.frame.columns]:
        raise InputError(f"the means lack {', '.join(lacking)}", table.where, f"columns are {MEANS}")
    variants: list[str] = read_texts(table, "variant").to_list()
    mean, n = (read_numbers(table, name).to_numpy() for name in ("mean", "n"))
    wrong = np.flatnonzero((n < 1) | (n != np.round(n)))
    refuse_rows(table, "n", "contains what is no number of runs", wrong, "write how many runs the mean is of: 5")
    sd = read_numbers(_fill_single(table, spread, n), spread).to_numpy() * (np.sqrt(n) if spread == "se" else 1.0)
    refuse_rows(table, spread, "contains negative spreads", np.flatnonzero(sd < 0), "a spread is 0 or more")
    if metric_of(metric).is_share and metric_of(metric).is_known and mean.min() > 1 and mean.max() <= 100:
        mean, sd = mean / 100, sd / 100
        notes.append("means above 1 are read as per cent")
    _refuse_impossible(table, metric, mean, sd, n, spread)
    splits: list[str | None] = (
        read_texts(table, "split").to_list() if "split" in table.frame.columns else [None] * len(variants)
    )
    found: dict[str | None, dict[str, Summary]] = {}
    for row, (split, name) in enumerate(zip(splits, variants, strict=True)):
        there = found.setdefault(split, {})
        own: str = CLAIM_ALIASES.get(name, name)
        if own in there:
            hint = "keep one row for each; name the metric in a column metric, the split in a column split"
            raise InputError(f"variant {name} stands twice ({table.rows([row])})", table.where, hint)
        there[own] = Summary(float(mean[row]), float(sd[row]) if n[row] > 1 else 0.0, int(n[row]))
    return found, tuple(notes)


def _cut_texts(table: Table) -> Table:
    """The table with columns mean, sd and n in place of texts of all three."""
    texts = read_texts(table, "score").to_list()
    parts = [_PARTS.fullmatch(text) for text in texts]
    odd = [row for row, one in enumerate(parts) if one is None]
    refuse_rows(table, "score", "contains what is no mean with its SD and number of runs", odd, f"write {WRITTEN}")
    columns = zip(*(one.groups() for one in parts if one is not None), strict=True)
    made = [pl.Series(name, list(values)) for name, values in zip(("mean", "sd", "n"), columns, strict=True)]
    return replace(table, frame=table.frame.with_columns(made))


def _fill_single(table: Table, spread: str, n: np.ndarray) -> Table:
    """The table with a spread of 0 where a single run has none."""
    column = as_text(table.frame[spread])
    if column is None:
        return table
    single = pl.Series(n == 1) & (column.fill_null("").str.strip_chars() == "")
    return replace(table, frame=table.frame.with_columns(column.set(single, "0").alias(spread)))


def _refuse_impossible(table: Table, metric: str, mean: np.ndarray, sd: np.ndarray, n: np.ndarray, spread: str) -> None:
    """Means that the metric cannot have, and SDs that no runs with this mean can have (Bhatia and Davis 2000)."""
    low, high = metric_of(metric).range
    share = metric_of(metric).is_share
    hint = "fractions, or per cent in every row" if share else f"{metric} lies between {low:g} and {high:g}"
    refuse_rows(table, "mean", f"contains what is no {metric}", np.flatnonzero((mean < low) | (mean > high)), hint)
    if np.isfinite([low, high]).all():
        most = np.sqrt((mean - low) * (high - mean) * n / np.maximum(n - 1, 1))
        wide = np.flatnonzero((n > 1) & (sd > most * (1 + 1e-6) + 1e-9))
        what = f"contains a spread that no runs with this mean can have under {metric}"
        refuse_rows(table, spread, what, wide, "give it in the unit of the mean")


def judge_summaries(
    table: Table, claims: Sequence[Claim], *, registered: bool, anytime: bool, best_trivial: float | None
) -> tuple[Judgement, ...]:
    """Judge claims together on what a table says of each variant: Welch's test, since nothing says which runs share a
    seed (Welch 1947). Raises InputError where a claim or the table does not fit."""
    if problems := [*(problem for claim in claims for problem in _unfit(claim)), *_no_looks(anytime)]:
        raise InputError(dict.fromkeys(problems))
    read = {metric: read_summaries(table, metric) for metric in dict.fromkeys(claim.metric for claim in claims)}
    cases: list[tuple[Claim, Known, tuple[str, ...]]] = []
    for claim in claims:
        summaries, notes = read[claim.metric]
        sides = [(1, one) for one in terms(claim.arm)], [(-1, one) for one in terms(claim.other)]
        known = [
            (replace(term, sign=side * term.sign), _find(summaries, claim, term, best_trivial))
            for side, term in (*sides[0], *sides[1])
        ]
        seeds = max(_count_runs(known), MIN_SEEDS)
        cases.append((replace(claim, looks=(seeds,), max_seeds=seeds), known, notes))
    once = [claim for claim, _, _ in cases]
    levels = [claim.alpha for claim in once]
    if registered:
        levels = share_levels(once, lambda: [_find_p(claim, known) for claim, known, _ in cases], len(cases))
    judged = (_judge(*case, level, registered) for case, level in zip(cases, levels, strict=True))
    found = tuple(map(answer_as_claimed, judged))
    return found if registered else explore(found)


def _no_looks(anytime: bool) -> list[Problem]:
    return [Problem("intervals that hold wherever one stops need runs, and the table has means")] if anytime else []


def _unfit(claim: Claim) -> list[Problem]:
    """What keeps a claim from being judged on means."""
    found: list[Problem] = []
    if claim.pairing == "paired":
        hint = "leave pairing out, or give a line for each run: variant,seed,score"
        found.append(Problem("means do not tell which runs are a pair", "claim.pairing", hint))
    if claim.group is not None or claim.where is not None:
        found.append(Problem("means are of all rows: nothing is known of some of them, or of groups", "claim"))
    if len(alternatives(claim.arm)) > 1 or len(alternatives(claim.other)) > 1:
        found.append(Problem("on means a claim names one variant a side", "claim", "write a claim for each"))
    if all(term.variant == BEST_TRIVIAL for term in all_terms(claim.arm, claim.other)):
        found.append(Problem("no variant of the claim was trained", "claim", "compare a variant that was trained"))
    return found


def _find(summaries: Summaries, claim: Claim, term: Term, best_trivial: float | None) -> Summary:
    """What is known of one variant of a claim. Raises InputError with those that there are."""
    if term.variant == BEST_TRIVIAL and best_trivial is not None:
        return Summary(best_trivial, 0.0, 1)
    split = term.split or claim.split
    there = summaries.get(split, None if None not in summaries or term.split else summaries[None])
    if there is None:
        named = format_list([shorten_text(one or "no split") for one in summaries], MOST_NAMED)
        raise InputError(f"there are no means on split '{shorten_text(split)}'", "claim", f"the table has {named}")
    if term.variant not in there:
        hint = suggest(term.variant, there) or f"variants: {format_list([*map(shorten_text, there)], MOST_NAMED)}"
        hint = "give its score: --best-trivial SCORE" if term.variant == BEST_TRIVIAL else hint
        raise InputError(f"there is no mean of a variant '{shorten_text(term.variant)}'", "claim", hint)
    return there[term.variant]


def _count_runs(known: Known) -> int:
    """Runs of the trained variant that has the fewest."""
    return min(one.n for term, one in known if term.variant != BEST_TRIVIAL)


def _measure(known: Known) -> DifferenceEstimate:
    value = sum(term.sign * one.mean for term, one in known)
    spread = [(one.sd**2 / one.n, one.n - 1.0) for _, one in known if one.n > 1]
    se, df = add_variances(spread, otherwise=min((df for _, df in spread), default=1.0))
    return DifferenceEstimate(
        Estimate(value, se, df), "fixed-test-set", VarianceParts(se**2 * _count_runs(known)), None
    )


def _find_p(claim: Claim, known: Known) -> float:
    """The p-value that Holm's procedure orders a claim by."""
    p = find_p(claim, _measure(known))
    return 1.0 if p is None or _why_open(known) else p


def _why_open(known: Known) -> str:
    """Why nothing can be decided, or an empty text."""
    if (few := _count_runs(known)) < MIN_SEEDS:
        return too_few_seeds(few)
    if not any(one.sd for _, one in known):
        return "every SD is 0, so that there is no spread over seeds to judge by"
    return ""


def _judge(claim: Claim, known: Known, notes: tuple[str, ...], share: float, registered: bool) -> Judgement:
    measured = _measure(known)
    few = _count_runs(known)
    level, alone = share / claim.best_of, replace(claim, population="fixed-test-set")
    plan = plan_look(alone, max(few, MIN_SEEDS), level, False)
    outer, own = (interval_of(measured, few, one, False, share) for one in (plan.strict, plan.level))
    verdict, relation = decide(claim, measured.estimate.value, outer, own)
    why = _why_open(known)
    if why:
        verdict, relation = "inconclusive", "open"
    settling = settle_by_seeds(claim, measured, verdict, plan.level, max(few, 2), len(known))
    told = few >= FEWEST_TELLING and measured.estimate.se > 0
    lows, highs = zip(*(metric_of(claim.metric).range[:: term.sign] for term, _ in known), strict=True)
    reach = tuple(sum(t.sign * bound for (t, _), bound in zip(known, ends, strict=True)) for ends in (lows, highs))
    lacking = {
        "new-examples": ["means without rows say nothing about new examples"],
        "this-model": ["means without rows say nothing about new rows"],
        "new-training-sets": ["means do not tell whether train was drawn anew"],
    }.get(claim.population, [])
    found = Judgement(
        claim=claim,
        verdict=verdict,
        relation=relation,
        estimate=measured.estimate.value,
        interval=clip_interval(own, cast("tuple[float, float]", reach)) if told else None,
        population="fixed-test-set",
        level=plan.level,
        seeds=few,
        seeds_at_hand=few,
        smallest_detectable=settling.smallest if told else None,
        seeds_needed=settling.seeds,
        reasons=(
            *lacking,
            *filter(None, [why]),
            UNKNOWN,
            *notes,
            *filter(None, [describe_average(claim.metric, False)]),
        ),
        registered=registered,
        p=None if why else find_p(claim, measured),
    )
    return replace(found, sentence=sentence_of(found))
