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
from brittlestar.verdicts.many import judge_any
from brittlestar.verdicts.outcomes import Outcomes, of_mapping
from brittlestar.verdicts.several import benjamini_hochberg, holm_levels


def judge_all(
    cases: Sequence[tuple[Outcomes, Claim]],
    *,
    registered: bool = True,
    anytime: bool = False,
    sharing: int | None = None,
) -> tuple[Judgement, ...]:
    """Judge claims together, each on its outcomes. Several registered ones share alpha: alpha / k each where there are
    looks, Holm's levels where each has one. `sharing` is k where more claims than these share it. Claims that were not
    registered are exploratory: they get Benjamini and Hochberg's q and are never `supported`. Raises InputError."""
    if not registered:
        found = [judge_any(outcomes, claim, registered=False, anytime=anytime) for outcomes, claim in cases]
        q = benjamini_hochberg([1.0 if one.p is None else one.p for one in found])
        return tuple(_exploratory(one, value) for one, value in zip(found, q, strict=True))
    levels = _levels(cases, anytime, len(cases) if sharing is None else sharing)
    return tuple(
        judge_any(outcomes, claim, alpha=level, anytime=anytime)
        for (outcomes, claim), level in zip(cases, levels, strict=True)
    )


def _levels(cases: Sequence[tuple[Outcomes, Claim]], anytime: bool, sharing: int) -> list[float]:
    """The alpha of each of several registered claims."""
    claims = [claim for _, claim in cases]
    one_look = all(len(claim.looks) == 1 for claim in claims) and len({claim.alpha for claim in claims}) == 1
    if sharing < 2 or anytime or not one_look:
        return [claim.alpha / max(sharing, 1) for claim in claims]
    first = [judge_any(outcomes, claim) for outcomes, claim in cases]
    p = [1.0 if one.p is None else one.p for one in first]
    return holm_levels([*p, *[1.0] * (sharing - len(p))], claims[0].alpha)[: len(p)] if p else []


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
    found = judge_all([(read, one) for one in claims], registered=registered, anytime=anytime)
    return found[0] if single else found
