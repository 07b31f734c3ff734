"""How many runs share a GPU, on made-up ones: memory bounds it, and each doubling has to pay."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.execution.sharing import GAIN_PER_DOUBLING, MEMORY_SHARE, Sharing, choose_sharing

GIB = 2**30


def saturating(at: float) -> dict[int, float]:
    """Steps per second of a GPU that trains up to `at` runs at full speed each."""
    return {many: 100.0 * min(many, at) for many in range(1, 65)}


@pytest.mark.parametrize(
    ("at", "memory", "most", "many", "why"),
    [
        (4, 1, 64, 4, "8 at once train 1.00 times the steps"),
        (64, 10, 64, 7, "a run takes 10.0 of 80.0 GiB free"),
        (64, 1, 5, 5, "a run takes 1.0 of 80.0 GiB free, and no more are of use"),
        (1, 1, 64, 1, "2 at once train 1.00 times the steps"),
        (64, 79, 64, 1, "a run takes 79.0 of 80.0 GiB free"),
        (64, 100, 64, 1, "a run takes 100.0 of 80.0 GiB free"),
    ],
)
def test_memory_and_speed_decide(at: float, memory: int, most: int, many: int, why: str) -> None:
    found = choose_sharing(80 * GIB, memory * GIB, most, saturating(at).__getitem__)
    assert (found.cells_per_gpu, found.why) == (many, why)


def test_a_last_step_of_less_than_a_doubling_has_to_gain_less() -> None:
    enough = GAIN_PER_DOUBLING ** math.log2(5 / 4)
    for factor, many in ((enough * 1.001, 5), (enough * 0.999, 4)):
        rates = {1: 1.0, 2: 2.0, 4: 4.0, 5: 4.0 * factor}
        assert choose_sharing(80 * GIB, GIB, 5, rates.__getitem__).cells_per_gpu == many


def test_what_cannot_be_measured_ends_the_search() -> None:
    assert choose_sharing(80 * GIB, GIB, 64, lambda many: None) == Sharing(
        1, "the pilot could not be timed", GIB, 80 * GIB
    )
    found = choose_sharing(80 * GIB, GIB, 64, lambda many: None if many == 4 else float(many))
    assert (found.cells_per_gpu, found.why) == (2, "4 at once lacked memory or failed")
    assert found.rates == {1: 1.0, 2: 2.0}


@given(
    st.integers(1, 200 * GIB),
    st.integers(0, 50 * GIB),
    st.integers(1, 64),
    st.lists(st.none() | st.floats(1e-3, 1e6), min_size=65, max_size=65),
)
def test_a_choice_fits_and_every_step_to_it_paid(free: int, memory: int, most: int, rates: list[float | None]) -> None:
    tried: list[int] = []

    def measure(many: int) -> float | None:
        tried.append(many)
        return rates[many]

    found = choose_sharing(free, memory, most, measure)
    many = found.cells_per_gpu
    assert 1 <= many <= most and tried == sorted({*tried}) and many in tried and tried[0] == 1
    assert many == 1 or many * memory <= MEMORY_SHARE * free
    assert all(one == 1 or one * memory <= MEMORY_SHARE * free for one in tried)
    taken = [one for one in tried if one <= many]
    for before, after in pairwise(taken):
        slow, fast = rates[before], rates[after]
        assert slow is not None and fast is not None and after <= 2 * before
        assert fast >= slow * GAIN_PER_DOUBLING ** math.log2(after / before)


def test_a_decision_is_one_line() -> None:
    assert Sharing(4, "8 at once train 1.02 times the steps").describe(2) == (
        "4 runs at once on each of 2 GPUs: 8 at once train 1.02 times the steps"
    )
    assert Sharing(1, "because").describe(1) == "1 run at once on the GPU: because"
