"""What each variant scores beyond one trivial baseline, every difference at one level: a column of a table."""

from collections.abc import Mapping
from dataclasses import replace

from brittlestar.claims.headline_numbers import HeadlineNumbers
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sentences import choose_judgement
from brittlestar.claims.several import judge_any
from brittlestar.claims.study_outcomes import StudyOutcomes
from brittlestar.claims.variance_sources import list_crossed_streams
from brittlestar.core.errors import InputError
from brittlestar.core.results import StudyAnswers, StudyRecord
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.default_claims import against_trivial
from brittlestar.study.sides import quote_name


def compare_variants(
    record: StudyRecord, answers: StudyAnswers, split: str, metric: str, numbers: HeadlineNumbers | None
) -> Mapping[str, Judgement]:
    """Judge each variant against the best trivial baseline on a split, by variant. Where the headline compares main
    with it, this is main's judgement, and others are judged against the same baseline, at the same level. A variant is
    left out whose outcomes are not known, or whose runs are not independent."""
    of_main = None if numbers is None or (numbers.all.split, record.metric) != (split, metric) else numbers.all.claim
    known = None if of_main is None else choose_judgement(of_main)
    found: dict[str, Judgement] = {} if known is None else {record.main: known}
    outcomes = StudyOutcomes(record, answers)
    for variant in [one for one in record.variants if one not in found and not list_crossed_streams(record)]:
        looks = [max(MIN_SEEDS, len(record.list_finished(variant, split)))]
        claim = parse_claim({"claim": against_trivial(quote_name(variant), 0.0, metric, split), "looks": looks})
        try:
            here = outcomes.of(claim)
            name = here.baseline if known is None else known.baseline
            if name is not None and name in here.trivial:
                here = replace(here.choose_baseline(name), trivial={})
            found[variant] = choose_judgement(judge_any(here, claim, alpha=None if known is None else known.level))
        except InputError:
            continue  # no run of it has a score, or nobody audited the data
    return {variant: judgement for variant, judgement in found.items() if judgement.estimate is not None}
