"""No verdict on a population that was not judged."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import cast

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.number_phrases import describe_population
from brittlestar.claims.sentences import answer_of, grounds_of
from brittlestar.study.claim_parsing import write_claim
from brittlestar.study.claims import Population


def answer_as_claimed(found: Judgement) -> Judgement:
    """The judgement of the claim as it is written.

    Where outcomes do not reach the population that the claim names, another one was judged: `population`, estimate,
    interval and relation are of that one, and the first reason says what is missing. The claim as written is then
    `inconclusive`, whatever was found, and no number of seeds settles it. The sentence says what was found and,
    where that is supported, the claim to write for it, as a shell takes it.
    """
    claim = found.claim
    if found.population == claim.population:
        return found
    lacking, *others = found.reasons
    here = replace(claim, population=cast(Population, found.population))
    judged = replace(found, claim=here, reasons=tuple(others))
    answer = answer_of(judged)
    there, reached = (describe_population(one, found.seeds) for one in (claim.population, found.population))
    instead = f"--claim {shlex.quote(write_claim(here))}" if found.verdict == "supported" else ""
    to_do = f" To claim that, write {instead}." if instead else ""
    sentence = (
        f"Inconclusive for {there}: {lacking}. For {reached} it is {answer[:1].lower()}{answer[1:]} "
        f"{grounds_of(judged)}{to_do}"
    )
    judged_here = f"for {reached} it is {found.verdict}{f': to claim that, write {instead}' if instead else ''}"
    return replace(
        found,
        verdict="inconclusive",
        seeds_needed=(None, None),
        rows_needed=None,
        reasons=(lacking, judged_here, *others),
        sentence=sentence,
    )
