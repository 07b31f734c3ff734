"""Every variant's very runs against the best trivial baseline, on units of rows."""

from __future__ import annotations

from collections.abc import Mapping

from brittlestar.claims.judge import judge_all
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.study_outcomes import StudyOutcomes
from brittlestar.core.answers import StudyAnswers
from brittlestar.core.errors import InputError
from brittlestar.core.results import StudyRecord
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.default_claims import against_trivial, headline_split


def compare_with_trivial(record: StudyRecord, answers: StudyAnswers) -> Mapping[str, Judgement]:
    """Judge whether the runs of each variant exceed the best trivial baseline (chosen on dev) on new rows.

    Args:
        record: The study.
        answers: What its runs and trivial baselines answer in every row.

    Returns:
        A judgement for the population `this-model` by variant, its interval at 95 %; variants whose outcomes are not
        known are left out.
    """
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
