"""`judge`: verdicts on claims from outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from brittlestar.core.errors import InputError
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import Claim
from brittlestar.verdicts.frames import of_frame
from brittlestar.verdicts.judgement import Judgement
from brittlestar.verdicts.judging import judge_claim
from brittlestar.verdicts.outcomes import Outcomes, of_mapping
from brittlestar.verdicts.several import benjamini_hochberg, holm_levels


def judge_all(
    outcomes: Outcomes, claims: Sequence[Claim], *, registered: bool = True, anytime: bool = False
) -> tuple[Judgement, ...]:
    """Judge claims together. Several registered ones share alpha: alpha / k each where there are looks, Holm's levels
    where each has one. Claims that were not registered are exploratory: they get Benjamini and Hochberg's q and are
    never `supported`. Raises InputError."""
    if not claims:
        return ()
    if not registered:
        found = [judge_claim(outcomes, claim, registered=False, anytime=anytime) for claim in claims]
        q = benjamini_hochberg([1.0 if one.p is None else one.p for one in found])
        return tuple(_exploratory(one, value) for one, value in zip(found, q, strict=True))
    k = len(claims)
    if all(len(claim.looks) == 1 for claim in claims) and k > 1 and len({claim.alpha for claim in claims}) == 1:
        first = [judge_claim(outcomes, claim, anytime=anytime) for claim in claims]
        levels = holm_levels([1.0 if one.p is None else one.p for one in first], claims[0].alpha)
    else:
        levels = [claim.alpha / k for claim in claims]
    return tuple(
        judge_claim(outcomes, claim, alpha=level, anytime=anytime) for claim, level in zip(claims, levels, strict=True)
    )


def _exploratory(found: Judgement, q: float) -> Judgement:
    note = f"exploratory, since the claim was not registered before the results (q {q:.3f})"
    verdict = "inconclusive" if found.verdict == "supported" else found.verdict
    told = found.sentence.replace("Supported", "Exploratory", 1).removesuffix(".")
    return replace(found, verdict=verdict, reasons=(*found.reasons, note), sentence=f"{told}; {note}.")


def outcomes_of(given: Any, group: str | None = None) -> Outcomes:
    """Outcomes of anything that `judge` takes. Raises InputError."""
    if isinstance(given, Outcomes):
        return given
    if isinstance(given, pl.DataFrame):
        return of_frame(given, group)
    if isinstance(given, Mapping):
        return of_mapping(given)
    if hasattr(given, "__dataframe__") or hasattr(given, "__arrow_c_stream__") or isinstance(given, list):
        try:
            return of_frame(pl.DataFrame(given), group)
        except (TypeError, ValueError, pl.exceptions.PolarsError) as error:
            raise InputError(f"this is no table: {error}", "outcomes", "give a frame, or {arm: {seeds, …}}") from error
    hint = "give a pandas or Polars frame, or {arm: {'seeds': …, 'examples': …, 'outcome': …}}"
    raise InputError(f"outcomes are a {type(given).__name__}", "outcomes", hint)


def judge(
    outcomes: Any,
    claim: str | Mapping[str, Any] | Claim | Sequence[str | Mapping[str, Any] | Claim],
    *,
    registered: bool = True,
    anytime: bool = False,
    ladder: float | None = None,
) -> Any:
    """Say what outcomes support: one claim gives a `Judgement`, a list of claims a tuple of them, judged together.

    `outcomes` is a long frame (pandas, Polars, Arrow) with columns arm, seed, example and outcome, or arm, seed and
    score; or `{arm: {"seeds", "examples", "outcome": seeds x examples}}` or `{arm: {"seeds", "score"}}`. Metrics that
    are no mean over rows need columns label and prediction (and weight_FACTOR), or scores. A column `group`, or the
    one that the claim names, makes rows one unit.

    `claim` is a sentence (`a > b by 0.01 on accuracy`), a mapping with the sentence under `claim` and more fields, or
    fields alone. `registered` is your word that it was written before the results; without it nothing is `supported`.
    `anytime` gives intervals that hold wherever one stops. `ladder` is the score of the best trivial predictor, for
    claims about `shortcut-ladder`. Raises InputError with what is wrong with claim or outcomes.
    """
    single = isinstance(claim, str | Mapping | Claim)
    written: list[Any] = [claim] if single else list(claim)
    claims = [one if isinstance(one, Claim) else parse_claim(one, "claim") for one in written]
    groups = {one.group for one in claims if one.group is not None}
    if len(groups) > 1:
        raise InputError(f"claims name several groups: {', '.join(sorted(groups))}", "claim", "judge them one by one")
    read = outcomes_of(outcomes, next(iter(groups), None))
    if ladder is not None:
        read = replace(read, constants={**read.constants, "shortcut-ladder": float(ladder)})
    found = judge_all(read, claims, registered=registered, anytime=anytime)
    return found[0] if single else found
