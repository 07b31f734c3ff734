"""Verdicts on the claims of a study, judged together: those on its record, or others."""

from collections.abc import Mapping, Sequence
from typing import Any

from brittlestar.claims.judge import judge_all
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.many import list_sides
from brittlestar.claims.outcomes import Outcomes
from brittlestar.claims.pairing import pair_runs
from brittlestar.claims.sentences import make_unmeasured
from brittlestar.claims.sources import list_crossed_streams
from brittlestar.claims.study_outcomes import StudyOutcomes
from brittlestar.core.answers import StudyAnswers
from brittlestar.core.errors import InputError
from brittlestar.core.results import StudyRecord, VariantRecord
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import Claim, SharedLuck, check_claim, data_of, settle_pairing
from brittlestar.study.names import BEST_TRIVIAL, STUDY_ALIASES
from brittlestar.study.sides import arms_of

ADDED = ("hash", "registered", "withdrawn")  # what a study's record adds to a claim


def recorded_claims(record: StudyRecord) -> list[tuple[Claim, bool]]:
    """The claims that stand, in their order, and whether each was registered before the first run."""
    kept = [one for one in record.claims if not one.get("withdrawn")]
    return [(parse_claim(without_record(one), "claims.json", STUDY_ALIASES), bool(one["registered"])) for one in kept]


def without_record(claim: Any) -> Any:
    """A claim as a study keeps it, without what it adds."""
    if not isinstance(claim, Mapping):
        return claim
    return {name: value for name, value in claim.items() if name not in ADDED}


def judge_study(
    record: StudyRecord, answers: StudyAnswers, claims: Sequence[Claim] | None = None, *, anytime: bool = False
) -> tuple[Judgement, ...]:
    """Judge the claims of a study, or `claims`: those that the study registered share alpha, others are exploratory,
    and `inconclusive` where nothing is known yet. Raises InputError where one of `claims` does not fit the study."""
    registered = {claim.hash: known for claim, known in recorded_claims(record)}
    luck = find_shared_luck(record.variants, record.streams)
    asked = [claim for claim, _ in recorded_claims(record)] if claims is None else list(claims)
    asked = [claim if claim.hash in registered else settle_pairing(claim, luck) for claim in asked]
    known_names = {"metrics": record.metrics, "arms": tuple(record.variants), "splits": tuple(record.splits)}
    redraws = record.streams.get("split") == "varied"
    problems = [one for claim in asked for one in check_claim(claim, "claim", **known_names, redraws=redraws)]
    if problems and claims is not None:
        raise InputError(problems)
    if streams := list_crossed_streams(record):
        reason = f"its runs are crossed over {' and '.join(streams)}, so that they are no independent runs"
        return tuple(make_unmeasured(claim, reason, registered.get(claim.hash, False)) for claim in asked)
    outcomes = StudyOutcomes(record, answers)
    found: dict[int, Judgement] = {}
    for known in (True, False):
        places = [k for k, claim in enumerate(asked) if registered.get(claim.hash, False) is known]
        cases: dict[int, tuple[Outcomes, Claim]] = {}
        for k in places:
            try:
                read = outcomes.of(asked[k])
                named = arms_of(asked[k].arm, asked[k].other)
                if BEST_TRIVIAL in named and BEST_TRIVIAL not in {*read.arms, *read.constants}:
                    missing = f"no trivial baseline was scored on {asked[k].split}"
                    raise InputError(f"{missing}, which the audit of the data did not look at")
                for arm, other in list_sides(asked[k]):
                    pair_runs(read, arm, other, asked[k].metric, asked[k].pairing)
            except InputError as error:
                found[k] = make_unmeasured(asked[k], error.problems[0].what, known)
            else:
                cases[k] = read, asked[k]
        judged = judge_all(list(cases.values()), registered=known, anytime=anytime, sharing=len(places))
        found |= dict(zip(cases, judged, strict=True))
    return tuple(found[k] for k in range(len(asked)))


def find_shared_luck(variants: Mapping[str, VariantRecord], streams: Mapping[str, str]) -> SharedLuck:
    """What variants, by name, have in common through their seeds; `streams` are those of their study."""
    settings = {name: {one.path: one.value for one in arm.settings} for name, arm in variants.items()}
    data = {name: data_of({path.removeprefix("data."): of[path] for path in of}) for name, of in settings.items()}
    redrawn = "varied" in (streams.get("split"), streams.get("sampling"))
    return SharedLuck({name: arm.shapes for name, arm in variants.items()}, data, redrawn)
