"""Seeds between and beyond planned looks, and lost runs: which are judged, and what is said of the rest."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_rel

from brittlestar.claims.measuring import last_look, plan_look
from brittlestar.statistics.interim_analyses import DEFAULT, nominal_level
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.verbs.judge import judge
from tests.claims.test_judge import FIXED, of, scores

CLAIM = "a > b by 0.01 on accuracy"


def made(n: int, shift: float = 0.02, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return 0.8 + shift + random.normal(0, 0.01, n), 0.8 + random.normal(0, 0.01, n)


@given(st.lists(st.integers(5, 60), min_size=1, max_size=5, unique=True), st.integers(0, 80))
def test_the_look_reached_is_the_last_that_is_no_larger(looks: list[int], planned: int) -> None:
    plan = tuple(sorted(looks))
    reached = last_look(plan, planned)
    assert (reached is None) == (planned < plan[0])
    if reached is not None:
        assert reached in plan and reached <= planned and not [one for one in plan if reached < one <= planned]


@pytest.mark.parametrize(
    ("looks", "n", "judged", "following"),
    [(DEFAULT, 5, 5, 10), (DEFAULT, 9, 5, 10), (DEFAULT, 10, 10, 20), (DEFAULT, 39, 20, 40), (DEFAULT, 55, 40, None)],
)
def test_a_number_between_looks_is_judged_as_at_the_look_before(
    looks: tuple[int, ...], n: int, judged: int, following: int | None
) -> None:
    a, b = made(n)
    plan: Any = {**FIXED, "looks": [*DEFAULT]}
    found, before = of(scores(a, b), **plan), of(scores(a[:judged], b[:judged]), **plan)
    assert (found.seeds, found.seeds_at_hand, found.next_look) == (judged, n, following)
    assert (found.verdict, found.interval, found.estimate) == (before.verdict, before.interval, before.estimate)
    assert found.level == nominal_level(looks, 0.05) and len(found.per_seed) == judged
    rest = n - judged
    if rest == 0:
        assert "further" not in found.sentence
    elif following is not None:
        assert f"{rest} further seeds are not yet judged: the next look is at {following} seeds." in found.sentence
    else:
        assert f"{rest} further seeds are beyond the plan and not judged" in found.sentence


def test_more_seeds_never_change_the_verdict_of_a_plan_that_is_over() -> None:
    for seed in range(30):
        a, b = made(60, 0.012, seed)
        verdicts = {of(scores(a[:n], b[:n]), looks=[10], **FIXED).verdict for n in range(10, 60, 7)}
        assert len(verdicts) == 1


def test_before_the_first_look_all_seeds_are_shown_and_nothing_is_settled() -> None:
    a, b = made(8, 0.1)
    found = of(scores(a, b), looks=[10], **FIXED)
    assert found.verdict == "inconclusive" and found.seeds == found.seeds_at_hand == 8 and found.next_look == 10
    assert found.estimate == pytest.approx((a - b).mean()) and "first look is planned at 10 seeds" in found.sentence


def lacking(n: int, gone: list[int], shift: float = 0.1) -> dict[str, dict[str, Any]]:
    a, b = made(n, shift)
    kept = [k for k in range(n) if k not in gone]
    return {"a": {"seeds": range(n), "score": a}, "b": {"seeds": kept, "score": b[kept]}}


def test_lost_runs_alone_make_a_look_shorter() -> None:
    found = judge(lacking(10, [3]), {"claim": CLAIM, "looks": [10], **FIXED})
    assert (found.seeds, found.lost) == (9, {"b": (3,)}) and "first look" not in found.sentence
    early = judge(lacking(12, [3]), {"claim": CLAIM, "looks": [10, 20], **FIXED})
    assert early.seeds == 9, "the look at ten planned seeds has nine of them"
    assert early.seeds_at_hand == 11 and list(early.per_seed) == [0, 1, 2, 4, 5, 6, 7, 8, 9]


def test_a_claim_that_may_be_settled_at_any_time_uses_every_seed() -> None:
    a, b = made(23)
    found = judge(scores(a, b), {"claim": CLAIM, **FIXED}, anytime=True)
    assert found.seeds == found.seeds_at_hand == 23 and [one.seeds for one in found.path] == list(range(5, 24))


def test_a_claim_about_models_at_hand_has_no_looks() -> None:
    plan = plan_look(parse_claim({"claim": CLAIM, "population": "this-model"}), 7, 0.02, False)
    assert (plan.reached, plan.following, plan.level, plan.anytime) == (None, None, 0.02, False)


def test_twenty_thousand_seeds_at_any_time_are_looked_at_sixty_times() -> None:
    a, b = made(20_000, 0.012)
    found = judge(scores(a, b), {"claim": CLAIM, **FIXED}, anytime=True)
    assert found.verdict == "supported" and found.seeds == 20_000 and len(found.path) <= 61
    planned = judge(scores(a, b), {"claim": CLAIM, "looks": [*DEFAULT], **FIXED})
    assert planned.seeds == 40 and planned.seeds_at_hand == 20_000


# Where a study stopped early


def test_a_judgement_has_its_path_and_a_correction_where_it_stopped_early() -> None:
    random = np.random.default_rng(0)
    a, b = 0.8 + random.normal(0.03, 0.02, 10), 0.8 + random.normal(0, 0.005, 10)
    found = of(scores(a, b), population="fixed-test-set", looks=[5, 10, 20])
    assert [one.seeds for one in found.path] == [5, 10]
    assert found.path[-1].estimate == found.estimate and found.path[-1].interval == found.interval
    early = of(scores(a[:5], b[:5]), population="fixed-test-set", looks=[5, 10, 20])
    assert found.path[0].interval == pytest.approx(early.interval)
    assert found.verdict == "supported" and found.estimate is not None and found.corrected is not None
    assert 0.01 < found.corrected < found.estimate and "Corrected for stopping at this look" in found.sentence
    single = of(scores(a, b), population="fixed-test-set", looks=[10])
    assert single.corrected is None and len(single.path) == 1


@pytest.mark.parametrize("n", [5, 8, 10])
def test_a_finished_table_is_looked_at_once_at_all_of_its_seeds(n: int) -> None:
    a, b = made(n)
    found = of(scores(a, b), **FIXED)
    low, high = ttest_rel(a, b).confidence_interval(0.95)
    assert (found.seeds, found.level, found.next_look) == (n, 0.05, None)
    assert found.interval == pytest.approx((low, high))
