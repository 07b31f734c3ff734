"""Claims that a gate requires: written before the result, and judged once, at the runs that are there."""

from collections.abc import Sequence
from dataclasses import replace

from brittlestar.claims.judge import judge_all
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.number_phrases import choose_judgement
from brittlestar.claims.outcomes import Outcomes
from brittlestar.claims.sentences import make_unmeasured
from brittlestar.claims.study_outcomes import StudyOutcomes
from brittlestar.core.answers import StudyAnswers
from brittlestar.core.errors import InputError
from brittlestar.core.metric_names import higher_is_better
from brittlestar.core.results import StudyRecord
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import Claim, check_claim
from brittlestar.study.sides import SPLIT_MARK, quote_name


def make_drop_claim(variant: str, split: str, held_out: str, loss: float, metric: str) -> Claim:
    """A variant loses at most so much on a split against the headline split."""
    sides = [quote_name(variant), f"{quote_name(variant)}{SPLIT_MARK}{held_out}"]
    first, second = sides if higher_is_better(metric) else reversed(sides)
    return parse_claim(f"{first} > {second} by {-loss:g} on {metric} on {split}", "max_drop")


def judge_required(record: StudyRecord, answers: StudyAnswers, claims: Sequence[Claim]) -> tuple[Judgement, ...]:
    """The judgement that answers for each claim, each at its own error rate. Raises InputError for a claim about what
    the study does not have."""
    known = {"metrics": record.metrics, "arms": tuple(record.variants), "splits": tuple(record.splits)}
    redraws = record.streams.get("split") == "varied"
    if problems := [one for claim in claims for one in check_claim(claim, "claim", **known, redraws=redraws)]:
        raise InputError(problems)
    outcomes = StudyOutcomes(record, answers)
    return tuple(_judge_one(outcomes, claim) for claim in claims)


def judge_once(outcomes: Outcomes, claim: Claim, seeds: int) -> Judgement:
    """The judgement of a claim at a single look, at the seeds that there are."""
    (found,) = judge_all([(outcomes, replace(claim, looks=(seeds,), max_seeds=seeds))])
    return choose_judgement(found)


def _judge_one(outcomes: StudyOutcomes, claim: Claim) -> Judgement:
    try:
        read = outcomes.of(claim)
        seeds = max((len(runs.seeds) for runs in read.arms.values()), default=0)
        return judge_once(read, claim, max(seeds, 1))
    except InputError as error:
        return make_unmeasured(claim, error.problems[0].what, True)
