"""What the headline is decided on: the score on the headline rows, the best trivial baseline there, each variant beside
it, and the default claims, judged whether or not the study registered them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from brittlestar.claims.class_shares import ClassShares, measure_class_shares
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.score_estimates import ScoreEstimate, estimate_score
from brittlestar.claims.sentences import make_unmeasured
from brittlestar.claims.several import judge_all
from brittlestar.claims.slice_search import search_weak
from brittlestar.claims.slices import SliceScore, count_confusions, measure_slices
from brittlestar.claims.study_outcomes import StudyOutcomes, list_defaults
from brittlestar.claims.variance_sources import list_crossed_streams
from brittlestar.core.errors import InputError
from brittlestar.core.results import StudyAnswers, StudyRecord
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import UNSEEN, Claim, format_claim
from brittlestar.study.default_claims import against_trivial
from brittlestar.study.row_filters import LABEL, TOKEN
from brittlestar.study.sides import SPLIT_MARK


@dataclass(frozen=True)
class OnRows:
    """Main on one set of rows: `split` is a split, or `SPLIT:unseen` for its rows that are not in train. `trivial` is
    the score of the best trivial baseline there, and `baseline` its name; `claim` the default claim against it. None
    where nothing is known."""

    split: str
    n_rows: int
    score: ScoreEstimate | None
    trivial: float | None
    baseline: str | None
    claim: Judgement | None


@dataclass(frozen=True)
class HeadlineNumbers:
    """Main on the headline split: all rows, and those not in train (None where none or too few are); the default claims
    about shifted splits, and what class shares alone explain of a loss there, by split; main by class, by length and by
    columns that are kept, on all rows of the headline split; and which classes it names for which (`count_confusions`).
    """

    all: OnRows
    unseen: OnRows | None
    n_unseen: int
    shifts: tuple[Judgement, ...]
    class_shares: Mapping[str, ClassShares] = field(default_factory=dict[str, ClassShares])
    slices: Mapping[str, tuple[SliceScore, ...]] = field(default_factory=dict[str, tuple[SliceScore, ...]])
    confusions: np.ndarray | None = None


def measure_headline(
    record: StudyRecord, answers: StudyAnswers, judgements: Sequence[Judgement]
) -> HeadlineNumbers | None:
    """Measure what the headline is decided on; None for a study without a held-out split. A default claim among the
    `judgements` on record keeps its verdict; all others share one alpha with those that are registered."""
    rows = {name: split.rows for name, split in record.splits.items()}
    split = record.held_out
    if split is None:
        return None
    claims = list_defaults(record, answers)
    n_unseen = int((~answers[split].in_train).sum())
    outcomes = StudyOutcomes(record, answers)
    judged = _judge_defaults(outcomes, record, claims, judgements)
    against = {
        judgement.claim.split: judgement
        for judgement in judged
        if SPLIT_MARK not in judgement.claim.arm + judgement.claim.other
    }
    shifts = tuple(judgement for judgement in judged if SPLIT_MARK in judgement.claim.arm + judgement.claim.other)
    shares = {
        name: measure_class_shares(answers, record.main, name, split, record.metric)
        for name in (shift.claim.split for shift in shifts if shift.estimate is not None)
    }
    measured = measure_slices(outcomes, split, (LABEL, *sorted(answers[split].columns)))
    weak = search_weak(outcomes, split)
    apart = f"{split}{UNSEEN}" if f"{split}{UNSEEN}" in against else None
    return HeadlineNumbers(
        _on_rows(outcomes, record, split, rows[split], against.get(split)),
        None if apart is None else _on_rows(outcomes, record, apart, n_unseen, against[apart]),
        n_unseen,
        shifts,
        {name: share for name, share in shares.items() if share is not None},
        {**measured, TOKEN: weak} if weak else measured,
        count_confusions(answers[split], record.main, len(record.classes)),
    )


def list_judged(judgements: Sequence[Judgement], numbers: HeadlineNumbers | None) -> tuple[Judgement, ...]:
    """The judgements on record, then those of default claims that are not among them: what every surface shows."""
    shown = {format_claim(judgement.claim) for judgement in judgements}
    if numbers is None:
        return tuple(judgements)
    defaults = (numbers.all.claim, None if numbers.unseen is None else numbers.unseen.claim, *numbers.shifts)
    return (
        *judgements,
        *(default for default in defaults if default is not None and format_claim(default.claim) not in shown),
    )


def _on_rows(outcomes: StudyOutcomes, record: StudyRecord, split: str, n: int, claim: Judgement | None) -> OnRows:
    try:
        here = outcomes.on(split, record.metric)
        score = estimate_score(here, record.main, record.metric, n)
        if claim is not None and claim.baseline is not None and claim.baseline in here.trivial:
            here = here.choose_baseline(claim.baseline)
        trivial = here.trivial_score(record.metric)
    except InputError:
        return OnRows(split, n, None, None, None, claim)
    independent = not list_crossed_streams(record)  # cells that share draws have no interval over seeds
    return OnRows(split, n, score if independent else replace(score, interval=None), trivial, here.baseline, claim)


def _judge_defaults(
    outcomes: StudyOutcomes, record: StudyRecord, claims: Sequence[Claim], judgements: Sequence[Judgement]
) -> list[Judgement]:
    """Each default claim with its verdict, in their order."""
    streams, found = list_crossed_streams(record), list[Judgement]()
    registered = {
        format_claim(judgement.claim): judgement
        for judgement in judgements
        if judgement.registered and _is_default(judgement.claim)
    }
    beside = sum(format_claim(claim) not in registered for claim in claims)
    sharing = sum(judgement.registered for judgement in judgements) + beside
    fixed = {
        judgement.claim.looks for judgement in judgements if judgement.registered and len(judgement.claim.looks) == 1
    }
    best_of = max((judgement.claim.best_of for judgement in judgements if judgement.registered), default=1)
    for claim in claims:
        claim = replace(claim, best_of=best_of)
        if len(fixed) == 1:  # a study that fixed its seeds looks once, whatever it claims
            looks = next(iter(fixed))
            claim = replace(claim, looks=looks, max_seeds=looks[-1])
        try:
            if (one := registered.get(format_claim(claim))) is not None:
                found.append(one)
            elif streams:
                what = f"runs that are crossed over {' and '.join(streams)} are not independent"
                found.append(make_unmeasured(claim, what, True))
            else:
                found += judge_all([(outcomes.of(claim), claim)], sharing=sharing)
        except InputError as error:
            found.append(make_unmeasured(claim, error.problems[0].what, True))
    return found


_SAYS = ("population", "margin", "higher_is_better", "group", "collapse_below", "chance")
"""What a claim says beside its sentence; the rest is how it is settled."""


def _is_default(claim: Claim) -> bool:
    """Whether a claim has what a default one has in its fields, but for its plan."""
    usual = parse_claim(format_claim(claim), "claims")
    return all(getattr(usual, name) == getattr(claim, name) for name in _SAYS)


def compare_with_trivial(record: StudyRecord, answers: StudyAnswers) -> Mapping[str, Judgement]:
    """Judge whether the runs of each variant exceed the best trivial baseline (chosen on dev) on new rows: a judgement
    for the population `this-model` by variant, its interval at 95 %, without variants whose outcomes are not known."""
    split = record.held_out
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
