"""Outcomes of a study from records alone: there is no store."""

from dataclasses import replace

import numpy as np
import pytest

from brittlestar.claims.study_outcomes import StudyOutcomes, judge_study, make_outcomes
from brittlestar.core.answers import Answers
from brittlestar.core.errors import InputError
from brittlestar.core.results import SplitAnswers, StudyRecord
from brittlestar.study.claim_parsing import parse_claim
from tests.answers import make_answers, make_split_answers
from tests.diagnosis.synthetic import cell, study

SEEDS, ROWS = 8, 300


def answer(right: float, random: np.random.Generator, labels: np.ndarray, bare: bool = False) -> Answers:
    """Runs of two classes that are right in a share of rows, with the probability 0.8 of what they say."""
    hit = random.random((SEEDS, len(labels))) < right
    return make_answers(np.where(hit, labels, 1 - labels), labels, None if bare else np.where(hit, 0.8, 0.2))


@pytest.fixture
def given() -> tuple[StudyRecord, dict[str, SplitAnswers]]:
    """A study of two variants; the second half of test's rows is in train, and rows are copies in pairs."""
    random = np.random.default_rng(0)
    labels = random.integers(0, 2, ROWS)
    runs = {"main": answer(0.9, random, labels), "bag": answer(0.7, random, labels, bare=True)}
    hashes = np.repeat(np.arange(ROWS // 2), 2)
    here = make_split_answers(labels, runs, hashes=hashes, in_train=np.arange(ROWS) >= ROWS // 2)
    cells = [cell(name, seed, test=0.25) for name in runs for seed in range(SEEDS)]
    return study(cells), {"test": here}


def test_a_claim_is_judged_on_answers_of_a_plain_mapping(given: tuple[StudyRecord, dict[str, SplitAnswers]]) -> None:
    claim = parse_claim({"claim": "main > bag by 0.02 on accuracy", "looks": [SEEDS]})
    (found,) = judge_study(*given, [claim])
    main, bag = (given[1]["test"].runs[name].predicted for name in ("main", "bag"))
    labels = given[1]["test"].labels
    assert found.estimate == pytest.approx((main == labels).mean() - (bag == labels).mean())
    assert found.relation == "better" and found.rows == ROWS


def test_rows_that_are_copies_are_one_unit_and_unseen_rows_are_taken_alone(
    given: tuple[StudyRecord, dict[str, SplitAnswers]],
) -> None:
    whole = make_outcomes(*given, "test", "accuracy")
    assert whole.groups is not None and len(np.unique(whole.groups)) == ROWS // 2
    part = make_outcomes(*given, "test:unseen", "accuracy")
    main = part.variants["main"].answers
    assert main is not None and main.rows.labels.tolist() == given[1]["test"].labels[: ROWS // 2].tolist()
    assert main.predicted.shape == (SEEDS, ROWS // 2) and part.groups is not None
    record, answers = given
    seen = {"test": replace(answers["test"], in_train=np.ones(ROWS, np.bool_))}
    with pytest.raises(InputError, match="every row of test is in train"):
        make_outcomes(record, seen, "test:unseen", "accuracy")


def test_losses_need_probabilities_and_other_metrics_rows(given: tuple[StudyRecord, dict[str, SplitAnswers]]) -> None:
    record, answers = given
    losses = [{**one.scores["test"]["best"], "log_loss": 0.5, "ece": 0.1} for one in record.cells]
    scored = [replace(one, scores={"test": {"best": own}}) for one, own in zip(record.cells, losses, strict=True)]
    record = replace(record, cells=tuple(scored))
    found, own = make_outcomes(record, answers, "test", "log_loss"), answers["test"].runs["main"].own
    assert own is not None and found.table("main", "log_loss") == pytest.approx(-np.log(own))
    assert found.table("bag", "log_loss") is None and found.variants["bag"].answers is None, "bare labels"
    assert found.variants["bag"].score == pytest.approx([0.5] * SEEDS)
    assert make_outcomes(record, answers, "test", "ece").variants["main"].score == pytest.approx([0.1] * SEEDS)
    bare = {"test": replace(answers["test"], runs={})}
    assert make_outcomes(record, bare, "test", "accuracy").variants["main"].score == pytest.approx([0.25] * SEEDS)
    with pytest.raises(InputError, match="known for all rows together only"):
        make_outcomes(record, bare, "test:unseen", "accuracy")


def test_a_table_is_made_once(given: tuple[StudyRecord, dict[str, SplitAnswers]]) -> None:
    outcomes = StudyOutcomes(*given)
    assert outcomes.on("test", "accuracy") is outcomes.on("test", "accuracy")
