"""What a few labels add: intervals that hold, that are never wider than the labels alone, and what they are worth."""

import numpy as np
import pytest
from scipy.stats import beta, binom

from brittlestar.forecasts.labels import count_labels_needed, join_labels

LEVEL = 0.9


def draw(seed: int, informed: float, n: int = 2000, k: int = 50):
    """Rows of which a share `informed` of what makes them right is known."""
    random = np.random.default_rng(seed)
    known = random.random(n)
    chance = informed * (known > 0.35) + (1 - informed) * 0.65
    right = (random.random(n) < chance).astype(float)
    return right, known, random.choice(n, k, replace=False)


@pytest.mark.parametrize("informed", [0.0, 0.5, 0.95])
def test_the_interval_holds_and_is_never_wider_than_that_of_the_labels(informed: float) -> None:
    held = []
    for seed in range(300):
        right, known, some = draw(seed, informed)
        found = join_labels(right[some], known, some, LEVEL)
        low, high = found.interval
        assert high - low <= found.alone[1] - found.alone[0] + 1e-12
        held.append(low <= right.mean() <= high)
    assert np.mean(held) > 0.87


def test_rows_that_tell_much_stand_for_many_labels() -> None:
    worth = [
        np.median([join_labels(r[s], k, s, LEVEL).worth for r, k, s in (draw(i, x) for i in range(60))])
        for x in (0, 0.9)
    ]
    assert worth[0] < 15 and worth[1] > 60


def test_labels_alone_have_the_exact_interval() -> None:
    right = np.repeat([1.0, 0.0], [38, 12])
    found = join_labels(right, np.full(50, 0.5), np.arange(50), LEVEL)
    assert found.alone == pytest.approx((beta.ppf(0.05, 38, 13), beta.ppf(0.95, 39, 12)))
    assert (found.interval, found.worth) == (found.alone, 0)


def test_few_wrong_answers_say_nothing_of_a_variance() -> None:
    right, known = np.repeat([1.0, 0.0], [48, 2]), np.linspace(0, 1, 1000)
    found = join_labels(right, known, np.arange(50), LEVEL)
    assert found.interval == found.alone


@pytest.mark.parametrize(("here", "fall"), [(0.9, 0.15), (0.72, 0.15), (0.72, 0.05)])
def test_so_many_labels_show_the_fall(here: float, fall: float) -> None:
    def find_power(n: int) -> float:
        """How often the exact interval of n labels at the lower accuracy ends below the higher one."""
        shown = [right for right in range(n) if beta.ppf(0.975, right + 1, n - right) < here]
        return float(binom.pmf(shown, n, here - fall).sum())

    n = count_labels_needed(here, fall, 0.95)
    assert find_power(n) >= 0.8 > find_power(int(n * 0.8))
