"""Claims that must be supported: those that are written, and drops on other splits."""

from collections.abc import Iterator, Mapping, Sequence

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.releases import (
    LAST,
    find_release,
    judge_beside,
    judge_required,
    make_drop_claim,
    match_releases,
)
from brittlestar.core.errors import InputError
from brittlestar.core.gating import OUTCOME_OF_VERDICT, Requirement
from brittlestar.reports.gate.answers import hold_open, lacks_linear
from brittlestar.reports.gate.ask import Gated, ask
from brittlestar.study.claims import Claim, format_claim
from brittlestar.study.gate_values import LossBySplit, WrittenClaims
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.study.sides import arms_of


@ask(key="claims", form=WrittenClaims, must_be="a file or a list of claims", example="claims.txt", reads="baselines")
def decide_claims(claims: Sequence[Claim], gated: Gated) -> Iterator[Requirement]:
    """Every claim of the file is supported."""
    record, answers = gated.study
    beside = [claim for claim in claims if LAST in arms_of(claim.arm, claim.other)]
    plain = [claim for claim in claims if claim not in beside]
    for claim in beside:
        split = gated.split
        if gated.last is None or claim.split != split:
            what = f"a claim on {LAST} needs the last release, on {split}"
            raise InputError(what, "claims", "add --against STUDY|FILE")
        now = find_release(record, answers, split, claim.metric)
        matched = match_releases(now, gated.last(now, split, record, claim.metric), split, claim.metric)
        yield decide_claim(format_claim(claim), judge_beside(matched, now, claim, record.main))
    for claim, judged in zip(plain, judge_required(record, answers, plain), strict=True):
        decided = decide_claim(format_claim(claim), judged)
        trivial = BEST_TRIVIAL in arms_of(claim.arm, claim.other)
        yield hold_open(decided) if trivial and lacks_linear(record) else decided


@ask(
    key="max_drop", form=LossBySplit, must_be="SPLIT=LOSS with a loss from 0 on", example="shift=0.03", reads="answers"
)
def decide_drops(most: Mapping[str, float], gated: Gated) -> Iterator[Requirement]:
    """A split whose name begins so loses at most this much against test."""
    (record, answers), held_out = gated.study, gated.split
    for start, loss in most.items():
        splits = [name for name in record.splits if name.startswith(start) and name not in ("train", held_out)]
        if not splits:
            sentence = f"There is no split whose name begins with {start}."
            yield Requirement(f"max drop {start}", "cannot-say", sentence, f"Add {start}_NAME.csv beside the data.")
        claims = [make_drop_claim(record.main, split, held_out, loss, record.metric) for split in splits]
        for split, judged in zip(splits, judge_required(record, answers, claims), strict=True):
            yield decide_claim(f"max drop {split}={loss:g}", judged)


def decide_claim(name: str, found: Judgement) -> Requirement:
    """A claim that must be supported."""
    return Requirement(name, OUTCOME_OF_VERDICT[found.verdict], found.sentence)


ASKS = (decide_drops, decide_claims)
