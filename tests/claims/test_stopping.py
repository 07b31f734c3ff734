"""What a verdict says where a study stopped early, and of what single runs would have said."""

import numpy as np
import pytest

from tests.claims.test_judge import of, scores


def test_a_judgement_has_its_path_and_a_correction_where_it_stopped_early() -> None:
    random = np.random.default_rng(0)
    a, b = 0.8 + random.normal(0.03, 0.02, 10), 0.8 + random.normal(0, 0.005, 10)
    found = of(scores(a, b), population="fixed-test-set")
    assert [one.seeds for one in found.path] == [5, 10]
    assert found.path[-1].estimate == found.estimate and found.path[-1].interval == found.interval
    early = of(scores(a[:5], b[:5]), population="fixed-test-set")
    assert found.path[0].interval == pytest.approx(early.interval)
    assert found.verdict == "supported" and found.estimate is not None and found.corrected is not None
    assert 0.01 < found.corrected < found.estimate and "Corrected for stopping at this look" in found.sentence
    single = of(scores(a, b), population="fixed-test-set", looks=[10])
    assert single.corrected is None and len(single.path) == 1


def test_how_often_one_run_or_the_best_of_all_names_the_wrong_arm() -> None:
    random = np.random.default_rng(3)
    a, b = random.normal(0.81, 0.02, 8), random.normal(0.80, 0.01, 8)
    found = of(scores(a, b), population="fixed-test-set", looks=[8])
    assert found.wrong_winner is not None
    first = random.normal(a.mean(), a.std(ddof=1), (100_000, 8))
    second = random.normal(b.mean(), b.std(ddof=1), (100_000, 8))
    sign = 1 if a.mean() > b.mean() else -1
    assert found.wrong_winner[0] == pytest.approx((sign * (first - second)[:, 0] < 0).mean(), abs=0.01)
    if sign > 0:
        assert found.wrong_winner[1] == pytest.approx((first.max(1) < second.max(1)).mean(), abs=0.015)
    assert of(scores([0.8] * 6, [0.7] * 6), population="fixed-test-set").wrong_winner is None
