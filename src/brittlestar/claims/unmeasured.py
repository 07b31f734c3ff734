"""The judgement of a claim for which nothing is known yet, or can be."""

from __future__ import annotations

from dataclasses import replace

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sentences import sentence_of
from brittlestar.study.claims import Claim


def make_unmeasured(claim: Claim, reason: str, registered: bool) -> Judgement:
    """The judgement of a claim that was not measured, for this reason."""
    found = Judgement(
        claim=claim,
        verdict="inconclusive",
        relation="open",
        estimate=None,
        interval=None,
        population=claim.population,
        level=claim.alpha,
        seeds=0,
        rows=None,
        collapsed={},
        lost={},
        smallest_detectable=None,
        seeds_needed=None,
        rows_needed=None,
        opinions=None,
        reasons=(reason,) if reason else (),
        sentence="",
        registered=registered,
    )
    return replace(found, sentence=sentence_of(found))
