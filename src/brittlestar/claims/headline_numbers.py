"""What the headline is decided on: the score on the headline rows, the best trivial baseline there, each variant beside
it, and the default claims, judged whether or not the study registered them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from brittlestar.claims.judge import judge_all
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.score_estimate import ScoreEstimate, estimate_score
from brittlestar.claims.sentences import make_unmeasured
from brittlestar.claims.sources import list_crossed_streams
from brittlestar.claims.study_outcomes import StudyOutcomes
from brittlestar.core.answers import StudyAnswers
from brittlestar.core.errors import InputError
from brittlestar.core.results import StudyRecord
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import UNSEEN, Claim
from brittlestar.study.default_claims import against_trivial, default_claims, headline_split
from brittlestar.study.sides import SPLIT_MARK


@dataclass(frozen=True)
class OnRows:
    """Main on one set of rows: `split` is a split, or `SPLIT:unseen` for its rows that are not in train. `trivial` is
    the score of the best trivial baseline there; `claim` the default claim against it. None where nothing is known."""

    split: str
    n_rows: int
    score: ScoreEstimate | None
    trivial: float | None
    claim: Judgement | None


@dataclass(frozen=True)
class HeadlineNumbers:
    """Main on the headline split: all rows, and those not in train (None where none or too few are); the name of the
    best trivial baseline (None without an audit), and the default claims about shifted splits."""

    all: OnRows
    unseen: OnRows | None
    n_unseen: int
    trivial_name: str | None
    shifts: tuple[Judgement, ...]


def measure_headline(
    record: StudyRecord, answers: StudyAnswers, unseen: Mapping[str, int], judgements: Sequence[Judgement]
) -> HeadlineNumbers | None:
    """Measure what the headline is decided on; None for a study without a held-out split. `unseen` counts rows of each
    other split whose sequence is no row of train. A default claim among the `judgements` on record keeps its verdict;
    another is judged with its own share of alpha, as it would have been in a study without claims."""
    rows = {name: split.rows for name, split in record.splits.items()}
    split = headline_split(rows)
    if split is None:
        return None
    claims = default_claims(rows, unseen, record.metric, record.main)
    outcomes = StudyOutcomes(record, answers)
    judged = _judge_defaults(outcomes, record, claims, judgements)
    audit = record.audit
    name = None if audit is None or audit.ladder is None else audit.ladder.best("dev", record.metric).name
    against = {one.claim.split: one for one in judged if SPLIT_MARK not in one.claim.arm + one.claim.other}
    apart = f"{split}{UNSEEN}" if f"{split}{UNSEEN}" in against else None
    return HeadlineNumbers(
        _on_rows(outcomes, record, split, rows[split], against.get(split)),
        None if apart is None else _on_rows(outcomes, record, apart, unseen[split], against[apart]),
        unseen[split],
        name,
        tuple(one for one in judged if SPLIT_MARK in one.claim.arm + one.claim.other),
    )


def _on_rows(outcomes: StudyOutcomes, record: StudyRecord, split: str, n: int, claim: Judgement | None) -> OnRows:
    try:
        here = outcomes.on(split, record.metric)
        score = estimate_score(here, record.main, record.metric, n)
        trivial = here.trivial_score(record.metric)
    except InputError:
        return OnRows(split, n, None, None, claim)
    independent = not list_crossed_streams(record)  # cells that share draws have no interval over seeds
    return OnRows(split, n, score if independent else replace(score, interval=None), trivial, claim)


def _judge_defaults(
    outcomes: StudyOutcomes, record: StudyRecord, claims: Sequence[Claim], judgements: Sequence[Judgement]
) -> list[Judgement]:
    """Each default claim with its verdict, in their order."""
    streams, found = list_crossed_streams(record), list[Judgement]()
    for claim in claims:
        plan = {"looks": claim.looks, "max_seeds": claim.max_seeds, "settle": claim.settle, "alpha": claim.alpha}
        known = (one for one in judgements if one.registered and replace(one.claim, **plan) == claim)
        try:
            if (one := next(known, None)) is not None:
                found.append(one)
            elif streams:
                what = f"runs that are crossed over {' and '.join(streams)} are not independent"
                found.append(make_unmeasured(claim, what, True))
            else:
                found += judge_all([(outcomes.of(claim), claim)], sharing=len(claims))
        except InputError as error:
            found.append(make_unmeasured(claim, error.problems[0].what, True))
    return found


def compare_with_trivial(record: StudyRecord, answers: StudyAnswers) -> Mapping[str, Judgement]:
    """Judge whether the runs of each variant exceed the best trivial baseline (chosen on dev) on new rows: a judgement
    for the population `this-model` by variant, its interval at 95 %, without variants whose outcomes are not known."""
    split = headline_split({name: one.rows for name, one in record.splits.items()})
    if split is None:
        return {}
    outcomes = StudyOutcomes(record, answers)
    found: dict[str, Judgement] = {}
    for variant in record.variants:
        sentence = against_trivial(variant, 0.0, record.metric, split)
        claim = parse_claim({"claim": sentence, "population": "this-model"})
        try:
            found[variant] = judge_all([(outcomes.of(claim), claim)])[0]
        except InputError:
            continue  # no run of it has a score, or nobody audited the data
    return found
