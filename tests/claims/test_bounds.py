"""Where a verdict begins, where a run has collapsed and where a stated score stands: at each bound, and beside it."""

from dataclasses import replace

import numpy as np
import pytest

from brittlestar.claims.collapse import collapse_of
from brittlestar.claims.measuring import decide
from brittlestar.claims.sentences import grounds_of
from brittlestar.claims.stated_scores import standing
from brittlestar.study.claim_parsing import parse_claim
from tests.claims.test_judge import drawn, of

MORE = parse_claim({"claim": "a > b by 0.02 on accuracy"})
EQUAL = parse_claim({"claim": "a == b within 0.01 on accuracy"})
WIDE = (-1.0, 1.0)
"""An interval that excludes nothing."""


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [
        ((0.02, 0.05), "supported"),  # the claim is of at least 2 points
        ((0.0199, 0.05), "inconclusive"),
        ((0.01, 0.02), "inconclusive"),
        ((0.01, 0.0199), "refuted"),
    ],
)
def test_a_claim_of_more_is_settled_by_the_end_of_the_interval_that_faces_its_threshold(
    interval: tuple[float, float], verdict: str
) -> None:
    assert decide(MORE, 0.5 * sum(interval), interval, WIDE)[0] == verdict


def test_a_claim_of_more_calls_two_variants_equivalent_by_the_interval_that_it_prints() -> None:
    margin = MORE.margin
    assert decide(MORE, 0.0, (-0.9 * margin, 0.9 * margin), WIDE)[1] == "equivalent"
    assert decide(MORE, 0.0, (-0.9 * margin, 1.1 * margin), (-0.8 * margin, 0.9 * margin))[1] == "open"


@pytest.mark.parametrize(
    ("interval", "inner", "verdict", "relation"),
    [
        ((-0.02, 0.02), (-0.0099, 0.0099), "supported", "equivalent"),
        ((0.001, 0.02), (0.002, 0.0099), "supported", "equivalent"),  # apart, and too little to matter
        ((-0.02, 0.02), (-0.0099, 0.01), "inconclusive", "open"),
        ((-0.02, 0.02), (-0.01, 0.0099), "inconclusive", "open"),
        ((0.005, 0.03), (0.01, 0.02), "refuted", "better"),
        ((0.005, 0.03), (0.0099, 0.02), "inconclusive", "better"),
        ((-0.03, -0.005), (-0.02, -0.01), "refuted", "worse"),
        ((-0.03, -0.005), (-0.02, -0.0099), "inconclusive", "worse"),
        ((0.0, 0.03), (0.001, 0.02), "inconclusive", "open"),  # better takes the interval at alpha
        ((-0.03, 0.0), (-0.02, -0.001), "inconclusive", "open"),
    ],
)
def test_a_claim_of_equality_is_settled_inside_of_its_margin_and_beyond_it(
    interval: tuple[float, float], inner: tuple[float, float], verdict: str, relation: str
) -> None:
    value = 0.5 * sum(interval)
    assert decide(EQUAL, value, interval, inner) == (verdict, relation)
    if relation in ("better", "worse"):
        turned = "worse" if relation == "better" else "better"
        assert decide(replace(EQUAL, higher_is_better=False), value, interval, inner) == (verdict, turned)


@pytest.mark.parametrize("higher", [True, False])
@pytest.mark.parametrize(
    ("distances", "collapsed", "unlearned"),
    [
        ([5.01, 2.0, 2.01, -7.0], [False, True, False, True], False),
        ([5.0, 2.0, 1.0], [False, False, False], False),  # no run is far from chance, and not all are near
        ([2.0, 1.0, -3.0], [False, False, False], True),
        ([2.01, 1.0, -3.0], [False, False, False], False),
    ],
)
def test_a_run_has_collapsed_within_two_errors_of_chance_beside_one_beyond_five(
    distances: list[float], collapsed: list[bool], unlearned: bool, higher: bool
) -> None:
    scores = np.array(distances) if higher else -np.array(distances)
    found = collapse_of(scores, 0.0, 1.0, None, higher)
    assert (found.collapsed.tolist(), found.unlearned) == (collapsed, unlearned)


def test_a_score_at_the_stated_one_has_collapsed_where_another_has_not() -> None:
    scores = np.array([0.5, 0.51, 0.49])
    assert collapse_of(scores, None, None, 0.5, True).collapsed.tolist() == [True, False, True]
    assert collapse_of(scores, None, None, 0.5, False).collapsed.tolist() == [True, True, False]
    assert collapse_of(scores, None, None, 0.51, True).unlearned
    assert not collapse_of(scores, None, None, None, True).collapsed.any()


@pytest.mark.parametrize(
    ("stated", "below", "best"),
    [(0.93, 1, True), (0.9306, 1, True), (0.9304, 1, False), (0.931, 1, True), (0.94, 2, False)],
)
def test_a_stated_score_is_one_of_a_run_that_rounds_to_it(stated: float, below: int, best: bool) -> None:
    found = standing({1: 0.93062, 2: 0.90}, stated)
    assert (found.below, found.the_best) == (below, best)
    assert found.sentence.startswith(f"the stated {100 * stated:.1f} is ")


def test_of_a_loss_the_smaller_is_better() -> None:
    found = standing({1: 0.5, 2: 0.7, 3: 0.6}, 0.55, "log_loss")
    assert (found.below, found.the_best) == (2, False)
    assert found.expected_best is not None and found.expected_best < found.mean == pytest.approx(0.6)


def test_a_correction_is_told_from_a_twentieth_of_half_the_interval_on() -> None:
    found = of(drawn(0, 5, 60, 0.02))
    assert found.estimate is not None and found.interval is not None
    half = (found.interval[1] - found.interval[0]) / 2
    for share in (-0.06, -0.04, 0.04, 0.06):
        told = "Corrected for stopping" in grounds_of(replace(found, corrected=found.estimate + share * half))
        assert told == (abs(share) > 0.05)
