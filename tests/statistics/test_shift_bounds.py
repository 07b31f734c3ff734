"""How far a split may differ: distances of drawn rows, of which the true one is known, lie in their intervals."""

import math

import numpy as np
import pytest

from brittlestar.statistics.shift_bounds import bound_shift, count_rows_needed

TRAIN, SPLIT = 1_500, 600


def measure_variation(true: float, classes: int, random: np.random.Generator) -> tuple[float, float]:
    """The total variation of two samples whose populations are `true` apart, and its mean under sampling."""
    first = np.full(classes, 1 / classes)
    second = first.copy()
    second[: classes // 2] += 2 * true / classes
    second[classes // 2 :] -= 2 * true / classes
    shares = [random.multinomial(n, p) / n for n, p in ((TRAIN, first), (SPLIT, second))]
    pooled = (shares[0] * TRAIN + shares[1] * SPLIT) / (TRAIN + SPLIT)
    deviation = np.sqrt(pooled * (1 - pooled) * (1 / TRAIN + 1 / SPLIT))
    return float(np.abs(shares[0] - shares[1]).sum()) / 2, float(deviation.sum() * math.sqrt(2 / math.pi)) / 2


@pytest.mark.parametrize("classes", [2, 20, 100])
@pytest.mark.parametrize("true", [0.0, 0.05, 0.1, 0.3])
def test_a_known_distance_lies_in_its_interval(true: float, classes: int) -> None:
    random = np.random.default_rng([classes, int(100 * true)])
    found = [bound_shift(*measure_variation(true, classes, random), TRAIN, SPLIT) for _ in range(400)]
    below, above = (sum(missed) for missed in ([low > true for low, _ in found], [high < true for _, high in found]))
    assert below <= 30 and above <= 30  # 5 % are 20


def test_more_effects_prove_less_and_more_rows_more() -> None:
    alone, among = bound_shift(0.2, 0.02, TRAIN, SPLIT), bound_shift(0.2, 0.02, TRAIN, SPLIT, effects=7)
    assert among[0] < alone[0] and among[1] == alone[1]
    few, many = bound_shift(0.2, 0.02, 100, 100), bound_shift(0.2, 0.02, 10_000, 10_000)
    assert few[0] < many[0] < 0.18 < many[1] < few[1]
    assert bound_shift(0.0, 0.0, 0, 0)[0] == 0


def test_rows_needed_are_those_that_bring_the_upper_end_down() -> None:
    rows = count_rows_needed(0.02, 0.0, 0.05, 20_000, 100)
    assert rows is not None and rows > 100
    assert bound_shift(0.02, 0.0, 20_000, rows)[1] <= 0.05 < bound_shift(0.02, 0.0, 20_000, int(rows / 1.1))[1]
    chance = 0.03
    by_chance = count_rows_needed(0.02 + chance, chance, 0.05, 20_000, 100)
    assert by_chance is not None and by_chance > rows, "what chance adds takes rows, too"
    assert count_rows_needed(0.06, 0.0, 0.05, 20_000, 100) is None, "it is above"
    assert count_rows_needed(0.02, 0.0, 0.05, 100, 100) is None, "train has too few rows"
