"""Several tests at once, against statsmodels."""

import gc
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from brittlestar.statistics.multiplicity import adjust_p_values, find_holm_levels, find_q_values


@pytest.fixture(autouse=True, scope="module")
def _no_garbage_is_collected() -> Iterator[None]:
    """statsmodels asks for it at each call: a minute in a process of thousands of tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gc, "collect", lambda: 0)
        yield


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_is_that_of_statsmodels(p_values: list[float]) -> None:
    np.testing.assert_allclose(adjust_p_values(p_values), multipletests(p_values, method="holm")[1], atol=1e-12)


def test_holm_and_benjamini_hochberg_are_those_of_statsmodels() -> None:
    random = np.random.default_rng(3)
    for _ in range(200):
        p = random.random(random.integers(1, 12)) ** 3
        rejected = multipletests(p, 0.05, method="holm")[0]
        levels = np.asarray(find_holm_levels(p.tolist(), 0.05))
        np.testing.assert_array_equal(p <= levels, rejected)
        np.testing.assert_array_equal(adjust_p_values(p.tolist()) <= 0.05, rejected)
        np.testing.assert_allclose(find_q_values(p.tolist()), multipletests(p, method="fdr_bh")[1])


def test_a_claim_behind_one_that_fails_is_judged_at_its_level() -> None:
    assert find_holm_levels([0.001, 0.9, 0.04, 0.03], 0.05) == pytest.approx([0.05 / 4, 0.05 / 3, 0.05 / 3, 0.05 / 3])


def test_no_tests_need_no_correction() -> None:
    assert find_holm_levels([], 0.05) == [] and find_q_values([]) == [] and adjust_p_values([]).size == 0
