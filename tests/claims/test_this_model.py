"""Models at hand and new rows: against SciPy, brute force, and on what cannot be judged."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import ttest_1samp, ttest_rel

from brittlestar.claims.judge import judge_claim
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.claims.several import judge_all
from brittlestar.statistics.row_bounds import bound_discordant
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.names import BEST_TRIVIAL
from brittlestar.verbs.judge import judge
from tests.answers import make_answers
from tests.claims.test_judge import drawn, of_given, scores, table

MODEL = {"population": "this-model"}


def of(outcomes: Any, sentence: str = "a > b by 0.01 on accuracy", **fields: Any) -> Judgement:
    return judge(outcomes, {"claim": sentence, **MODEL, **fields})


def one_each(gained: int, lost: int, rows: int, seeds: tuple[int, int] = (0, 0)) -> dict[str, dict[str, Any]]:
    """One model a side: so many rows are right in the first alone, and in the second alone."""
    both = table(np.ones((1, rows)), np.ones((1, rows)))
    both["b"]["outcome"][0, :gained] = 0
    both["a"]["outcome"][0, gained : gained + lost] = 0
    for name, seed in zip("ab", seeds, strict=True):
        both[name]["seeds"] = [seed]
    return both


@pytest.mark.parametrize("seeds", [(0, 0), (3, 7)])
def test_one_run_a_side_is_a_paired_t_test_over_rows_whatever_its_seed(seeds: tuple[int, int]) -> None:
    found = of(one_each(60, 20, 400, seeds))
    d = np.r_[np.ones(60), -np.ones(20), np.zeros(320)]
    expected = ttest_1samp(d, 0).confidence_interval(0.95)
    assert found.interval == pytest.approx((expected.low, expected.high))
    assert (found.verdict, found.relation, found.population) == ("supported", "better", "this-model")
    assert (found.seeds, found.rows, found.level, found.variance) == (1, 400, 0.05, None)
    assert found.p == pytest.approx(ttest_1samp(d, 0.01).pvalue)
    assert "Supported: a exceeds b" in found.sentence and "; this model, new rows; 1 run, 400 rows)" in found.sentence


def test_several_runs_are_fixed_and_their_mean_is_what_rows_differ_in() -> None:
    outcomes = drawn(0, 3, 300, 0.1, seeds=0.2)
    found = of(outcomes)
    a, b = (np.asarray(outcomes[name]["outcome"]).mean(axis=0) for name in "ab")
    expected = ttest_rel(a, b).confidence_interval(0.95)
    assert found.interval == pytest.approx((expected.low, expected.high))
    assert "these 3 models, new rows" in found.sentence and found.seeds_needed is None


# Few rows that disagree


def test_an_exact_interval_has_the_p_value_at_which_it_reaches_the_threshold() -> None:
    found = of(one_each(14, 2, 600))
    assert found.p is not None and found.interval is not None
    low, _ = bound_discordant(14, 2, 600, found.p)
    assert low == pytest.approx(0.01, abs=1e-6)
    equal = of(one_each(3, 2, 900), "a == b within 0.02 on accuracy")
    assert equal.verdict == "supported" and equal.p is not None and equal.p < 0.05
    low, high = bound_discordant(3, 2, 900, 2 * equal.p)
    assert max(-low, high) == pytest.approx(0.02, abs=1e-6)


def test_a_model_that_is_right_on_every_row_beside_one_that_never_is() -> None:
    found = of(one_each(60, 0, 60))
    assert found.verdict == "supported" and found.interval is not None and 0.8 < found.interval[0] < 1
    few = of(one_each(20, 0, 20))
    assert few.verdict == "inconclusive" and "30 are the least" in few.sentence


def test_models_that_agree_everywhere_are_judged_by_their_exact_interval() -> None:
    same = of(one_each(0, 0, 900))
    assert same.verdict == "refuted" and "may be the same thing" in same.sentence
    assert same.interval is not None and same.interval[1] == pytest.approx(1 - 0.025 ** (1 / 900))
    few = of(one_each(0, 0, 90), "a == b within 0.02 on accuracy")
    assert few.verdict == "inconclusive" and few.interval is not None and few.interval[1] > 0.02
    kept = of(one_each(0, 0, 25_040), "a > b by -0.01 on accuracy")
    assert kept.verdict == "supported" and "[−0.01, +0.01]" in kept.sentence
    losses = Outcomes({name: Runs((0,), np.full((1, 300), 0.7)) for name in "ab"})
    unbounded = judge_claim(losses, parse_claim({"claim": "a > b by 0.01 on log_loss", **MODEL}))
    assert unbounded.verdict == "inconclusive" and unbounded.interval is None


def test_a_baseline_that_agrees_everywhere_is_no_second_copy() -> None:
    given = of_given(one_each(0, 0, 900))
    variants = {"a": given.variants["a"], BEST_TRIVIAL: given.variants["b"]}
    outcomes = Outcomes(variants, seedless=frozenset({BEST_TRIVIAL}))
    found = judge_claim(outcomes, parse_claim({"claim": "a > best-trivial by 0.01 on accuracy", **MODEL}))
    assert found.verdict == "refuted" and found.relation == "equivalent"


# What cannot be judged


def macro(rows: int) -> Outcomes:
    random = np.random.default_rng(1)
    labels = random.integers(0, 3, rows)
    guesses = {"a": 0.95, "b": 0.5}
    predicted = {
        name: np.where(random.random((1, rows)) < skill, labels, random.integers(0, 3, (1, rows)))
        for name, skill in guesses.items()
    }
    return Outcomes(
        {name: Runs((0,), answers=make_answers(one, labels, n_classes=3)) for name, one in predicted.items()}
    )


def test_a_metric_that_is_no_mean_over_rows_takes_two_hundred_units() -> None:
    few, many = (of(macro(rows), "a > b by 0.05 on macro_f1") for rows in (199, 200))
    assert few.verdict == "inconclusive" and few.interval is None and "it takes 200 rows or groups" in few.sentence
    assert many.verdict == "supported" and many.interval is not None
    grouped = replace(macro(400), groups=np.repeat(np.arange(100), 4))
    assert "100 are there" in of(grouped, "a > b by 0.05 on macro_f1").sentence


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        (scores([0.9], [0.8]), "scores without rows say nothing about new rows"),
        (scores([0.9] * 8, [0.8] * 8), "scores without rows say nothing about new rows"),
        (table(np.ones((1, 1)), np.zeros((1, 1))), "one row is no evidence"),
    ],
)
def test_what_has_no_rows_is_inconclusive_with_a_reason(outcomes: Any, told: str) -> None:
    found = of(outcomes)
    assert found.verdict == "inconclusive" and found.interval is None and told in found.sentence.lower()
    assert found.population == "this-model" and "nan" not in str(found.as_json()).lower()


# Beside a claim about new examples


@pytest.mark.parametrize("n", [1, 2, 4, 5])
def test_a_claim_about_new_examples_with_few_seeds_has_the_verdict_on_its_models(n: int) -> None:
    outcomes = drawn(2, n, 600, 0.2)
    found = judge(outcomes, "a > b by 0.01 on accuracy")
    own = of(outcomes)
    if n >= 5:
        assert found.this_model is None and found["this_model"] is None
        return
    assert found.verdict == "inconclusive" and found.population == "new-examples" and found.this_model is not None
    assert found.this_model.as_json() == own.as_json() == found.as_json()["this_model"]
    assert own.verdict == "supported" and found.sentence.startswith("Supported for th")
    assert found.seeds_at_hand == found.seeds == n
    (explored,) = judge(outcomes, ["a > b by 0.01 on accuracy"], registered=False)
    assert explored.this_model is not None and explored.this_model.verdict == "inconclusive"
    assert explored.q is not None and explored.q == pytest.approx(own.p)


def test_claims_about_models_share_alpha_as_single_looks() -> None:
    cases = [(of_given(drawn(k, 1, 300, 0.1)), parse_claim({"claim": s, **MODEL})) for k, s in enumerate(SENTENCES)]
    both = judge_all(cases)
    assert sorted(judgement.level for judgement in both) == pytest.approx([0.025, 0.05]), "Holm's levels"


SENTENCES = ["a > b by 0 on accuracy", "a > b by 0.01 on accuracy"]


def test_one_of_several_models_shares_the_level_too() -> None:
    outcomes = {**drawn(3, 1, 500, 0.2), "c": drawn(4, 1, 500, 0.0)["a"]}
    found = judge(outcomes, "a or c > b by 0.01 on accuracy")
    assert found.this_model is not None and found.this_model.verdict == "supported"
    assert found.this_model.level == pytest.approx(0.025) and len(found.this_model.members) == 2
