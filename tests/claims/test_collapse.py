"""Collapsed runs: which they are, how often, and what is said of them."""

import numpy as np
import pytest
from scipy.stats import binomtest, fisher_exact

from brittlestar.claims.collapse import find_collapses
from brittlestar.claims.judge import judge_claim
from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.claims.pairing import pair_runs
from brittlestar.core.scores import majority_scores
from brittlestar.study.claim_parsing import parse_claim
from tests.claims.test_judge import drawn, of


def with_collapses(seed: int, n: int, first: list[int], second: list[int], shift: float = 0.2) -> dict[str, object]:
    outcomes = drawn(seed, n, 500, shift)
    random = np.random.default_rng(seed)
    for name, seeds in (("a", first), ("b", second)):
        for k in seeds:
            outcomes[name]["outcome"][k] = random.random(500) < 0.5
    return outcomes


def test_rates_have_their_exact_intervals_and_the_exact_paired_test_where_the_verdict_holds() -> None:
    found = of(with_collapses(0, 40, [], [3, 8, 30]), chance=0.5)
    assert found.verdict == "supported" and found.collapsed == {"b": (3, 8, 30)}
    rates = {name: (rate.collapsed, rate.runs) for name, rate in found.collapse_rates.items()}
    assert rates == {"a": (0, 40), "b": (3, 40)}
    exact = binomtest(3, 40).proportion_ci(0.95)
    assert found.collapse_rates["b"].interval == pytest.approx((exact.low, exact.high))
    assert found.collapse_p == pytest.approx(binomtest(0, 3).pvalue)
    assert "3 of 40 runs of b (8 % [2, 20])" in found.sentence and "p = .25 (exact test)" in found.sentence
    document = found.as_json()
    assert document["collapse_rates"]["a"] == {
        "collapsed": 0,
        "runs": 40,
        "interval": [0.0, pytest.approx(0.0881, abs=1e-3)],
    }
    assert document["collapse_p"] == found.collapse_p


def test_the_difference_among_converged_runs_is_labelled_conditional() -> None:
    outcomes = with_collapses(1, 20, [4], [2, 4])
    found = of(outcomes, chance=0.5, looks=[20])
    kept = [k for k in range(20) if k not in (2, 4)]
    rest = {
        name: {**outcome, "seeds": range(18), "outcome": outcome["outcome"][kept]}  # type: ignore[index]
        for name, outcome in outcomes.items()
    }
    alone = of(rest, looks=[18])
    own = found.among_converged
    assert own is not None and own.seeds == 18
    assert own.estimate == pytest.approx(alone.estimate) and own.interval == pytest.approx(alone.interval)
    assert "Among converged seeds alone, conditional on that, the difference is +" in found.sentence
    assert "18 seeds, 500 rows)." in found.sentence
    assert found.as_json()["among_converged"]["seeds"] == 18


def test_below_twenty_seeds_it_stops_the_verdict_and_says_the_same() -> None:
    outcomes = with_collapses(2, 10, [], [3])
    found = of(outcomes, chance=0.5)
    assert found.collapsed == {"b": (3,)}
    assert of(outcomes).collapsed == {}, "nothing is known of collapse without a trivial score"
    assert found.verdict == "inconclusive" and "a verdict needs 20 seeds" in found.sentence
    assert "1 of 10 runs of b (10 % [0, 45])" in found.sentence


def test_without_a_collapse_nothing_is_said() -> None:
    found = of(drawn(3, 10, 500, 0.2), chance=0.5)
    assert found.collapse_rates == {} and found.collapse_p is None and found.among_converged is None
    assert "ollapsed" not in found.sentence


def test_independent_sides_are_compared_by_fishers_exact_test() -> None:
    found = of(with_collapses(4, 20, [1], [2, 3, 5, 8, 9]), chance=0.5, looks=[20], pairing="independent")
    assert found.collapse_p == pytest.approx(fisher_exact([[1, 19], [5, 15]]).pvalue)  # pyright: ignore


def test_rows_that_repeat_make_a_guess_less_certain() -> None:
    """Fifty sequences forty times each: a guess is within 2 standard errors of fifty, not of two thousand, rows."""
    random = np.random.default_rng(5)
    groups = np.repeat(np.arange(50), 40)
    table = (random.random((8, 50)) < 0.97)[:, groups].astype(float)
    table[2] = (np.arange(50) % 10 < 6)[groups]
    runs = {name: Runs(tuple(range(8)), table) for name in ("a", "b")}
    claim = parse_claim("a > b by 0 on accuracy")
    for known, collapsed in ((groups, (2,)), (None, ())):
        outcomes = Outcomes(runs, groups=known, chance=0.5)
        found = find_collapses(pair_runs(outcomes, "a", "b", "accuracy"), claim)["a"].collapsed
        assert tuple(np.flatnonzero(found)) == collapsed


def test_log_loss_has_the_error_of_its_own_rows() -> None:
    """A collapsed run answers with class shares; sqrt(c (1 - c) / rows) means nothing for nats."""
    random = np.random.default_rng(6)
    labels = (random.random(400) < 0.3).astype(int)
    shares = np.asarray([0.7, 0.3])
    chance = majority_scores(labels, labels, {}, 2)["log_loss"]
    assert chance is not None
    sure = np.where(random.random((7, 400)) < 0.9, 0.98, 0.3)
    losses = np.insert(-np.log(sure), 2, -np.log(shares[labels]), axis=0)
    runs = {name: Runs(tuple(range(8)), losses) for name in ("a", "b")}
    found = judge_claim(Outcomes(runs, chance=chance), parse_claim("a > b by 0.1 on log_loss"))
    assert found.collapsed == {"a": (2,), "b": (2,)}


def test_a_run_that_diverged_counts_where_another_did_not() -> None:
    random = np.random.default_rng(7)
    table = (random.random((8, 200)) < 0.8).astype(float)
    runs = {"a": Runs(tuple(range(8)), table, diverged=(1,)), "b": Runs(tuple(range(8)), table[::-1])}
    found = judge_claim(Outcomes(runs), parse_claim("a > b by 0 on accuracy"))
    assert found.collapsed == {"a": (1,)} and found.collapse_rates["a"].runs == 5
