"""Seeds that change nothing: solved tasks and deterministic methods, where rows decide."""

import numpy as np
import pytest

from brittlestar.claims.judge import judge_claim
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.verbs.judge import judge
from tests.claims.test_judge import of, table

NOTHING = "The seeds change nothing, so that rows alone decide"


def beside_trivial(rows: int, skill: float, trivial: float, n: int = 5) -> Outcomes:
    random = np.random.default_rng(rows)
    own = np.repeat((random.random((1, rows)) < skill).astype(float), n, axis=0)
    other = (random.random((1, rows)) < trivial).astype(float)
    variants = {"a": Runs(tuple(range(n)), own), BEST_TRIVIAL: Runs((0,), other)}
    return Outcomes(variants, seedless=frozenset({BEST_TRIVIAL}))


def against(outcomes: Outcomes, **fields: object) -> Judgement:
    return judge_claim(outcomes, parse_claim({"claim": "a > best-trivial by 0.01 on accuracy", **fields}))


def test_a_task_solved_by_every_seed_is_supported() -> None:
    found = against(beside_trivial(400, 1.0, 0.52))
    assert (found.verdict, found.relation, found.population) == ("supported", "better", "new-examples")
    assert NOTHING in found.sentence and found.estimate == pytest.approx(0.48, abs=0.05)
    assert "interval; new rows; 5 seeds alike, 400 rows" in found.sentence, "one run says nothing of new seeds"
    models = against(beside_trivial(400, 1.0, 0.52), population="this-model", alpha=found.level)
    assert found.interval == pytest.approx(models.interval), "the interval of models at hand"
    assert found.p is not None and found.p < 1e-6


def test_a_deterministic_method_is_judged_by_its_rows_and_not_by_its_seeds() -> None:
    outcomes = beside_trivial(300, 0.8, 0.75)
    found = against(outcomes)
    assert found.verdict == "inconclusive" and NOTHING in found.sentence
    assert found.seeds_needed is None and found.rows_needed is not None and "rows would settle it" in found.sentence
    wide = against(beside_trivial(300, 0.8, 0.75, n=40))
    assert wide.interval == pytest.approx(found.interval), "more equal seeds tell nothing more"


def test_on_these_rows_a_deterministic_difference_is_known() -> None:
    found = against(beside_trivial(300, 0.9, 0.6), population="fixed-test-set")
    assert found.verdict == "supported" and found.interval == pytest.approx((found.estimate, found.estimate))
    assert NOTHING in found.sentence and "nan" not in str(found.as_json()).lower()


def test_too_few_rows_without_any_variance_say_nothing() -> None:
    for population in ("new-examples", "fixed-test-set"):
        found = of(table(np.ones((6, 29)), np.zeros((6, 29))), population=population)
        assert found.verdict == "inconclusive" and "30 are the least" in found.sentence
        enough = of(table(np.ones((6, 30)), np.zeros((6, 30))), population=population)
        assert enough.verdict == "supported"


def test_a_model_that_answers_as_the_majority_does_is_refuted_and_no_second_copy() -> None:
    outcomes = beside_trivial(900, 0.6, 0.6)
    own = np.repeat(np.asarray(outcomes.variants[BEST_TRIVIAL].outcome), 5, axis=0)
    same = Outcomes({**outcomes.variants, "a": Runs(tuple(range(5)), own)}, seedless=outcomes.seedless)
    found = against(same)
    assert (found.verdict, found.relation) == ("refuted", "equivalent") and found.estimate == 0
    twins = judge(table(own, own), "a > b by 0.01 on accuracy")
    assert twins.verdict == "refuted" and "may be the same thing" in twins.sentence


def test_equal_means_with_other_rows_wrong_are_no_equal_seeds() -> None:
    random = np.random.default_rng(3)
    a = np.ones((6, 50))
    for row in a:
        row[random.choice(50, 5, replace=False)] = 0
    found = of(table(a, np.zeros((6, 50))))
    assert found.verdict == "supported" and NOTHING not in found.sentence, "five rows are wrong in each, not the same"
    fixed = of(table(a, np.zeros((6, 50))), population="fixed-test-set")
    assert fixed.verdict == "inconclusive" and "spread over seeds is not known" in fixed.sentence
    assert fixed.interval is None and "+90.0 points (no interval" in fixed.sentence
