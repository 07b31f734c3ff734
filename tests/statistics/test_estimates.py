"""Estimates and their errors against SciPy, brute force and simulated redraws."""

import numpy as np
import pytest

from brittlestar.statistics.crossed import estimate_components
from brittlestar.statistics.estimates import estimate_over_drawn_splits, merge_groups
from brittlestar.statistics.interim_analyses import anytime_half_width


def test_mean_squares_are_those_of_a_two_way_analysis_of_variance() -> None:
    random = np.random.default_rng(1)
    table = random.normal(size=(4, 7)) + random.normal(size=(4, 1)) + random.normal(size=7)
    found = estimate_components(table)
    rows = [(table[i, j], i, j) for i in range(4) for j in range(7)]
    y = np.asarray([row[0] for row in rows])
    design = np.stack([[1.0, *(i == k for k in range(1, 4)), *(j == k for k in range(1, 7))] for _, i, j in rows])

    def left(columns: list[int]) -> float:
        fitted, *_ = np.linalg.lstsq(design[:, columns], y, rcond=None)
        return float(((y - design[:, columns] @ fitted) ** 2).sum())

    whole = left(list(range(10)))
    (spread,) = found.blocks
    assert spread.residual == pytest.approx(whole / 18)
    assert spread.seeds == pytest.approx((left([0, *range(4, 10)]) - whole) / 3)
    assert 4 * found.rows == pytest.approx((left(list(range(4))) - whole) / 6)


@pytest.mark.parametrize("spread", [(0.05, 0.3, 0.4), (0.2, 0.1, 0.4), (0.0, 0.0, 0.4)])
def test_the_crossed_variance_is_that_of_redrawn_tables(spread: tuple[float, float, float]) -> None:
    random = np.random.default_rng(2)
    n, m, many = 8, 60, 4_000
    seeds, rows, cells = spread
    drawn = (
        random.normal(0, seeds, (many, n, 1))
        + random.normal(0, rows, (many, 1, m))
        + random.normal(0, cells, (many, n, m))
    )
    true = drawn.mean(axis=(1, 2)).var()
    estimated = np.mean([estimate_components(table).estimate.se ** 2 for table in drawn[:1_500]])
    floor = 0.0 if seeds or rows else 0.5  # the floor makes it too large where nothing but noise varies
    assert true * (0.93 - floor) < estimated < true * (1.07 + floor)


@pytest.mark.parametrize("n", [3, 20])
def test_the_crossed_interval_covers_the_truth(n: int) -> None:
    random = np.random.default_rng(3)
    m, many = 120, 1_500
    hits = 0
    for _ in range(many):
        table = random.normal(0, 0.02, (n, 1)) + random.normal(0, 0.3, m) + random.normal(0, 0.3, (n, m))
        low, high = estimate_components(table).estimate.interval(0.05)
        hits += low <= 0 <= high
    assert 0.92 <= hits / many <= 0.98


def test_groups_are_units_and_leave_the_mean_as_it_is() -> None:
    random = np.random.default_rng(4)
    table = random.normal(size=(5, 40))
    groups = random.integers(0, 9, 40)
    units = merge_groups(table, groups)
    assert units.shape == (5, len(np.unique(groups)))
    assert units.mean() == pytest.approx(table.mean())
    alone = merge_groups(table, np.arange(40))
    np.testing.assert_allclose(alone, table)
    doubled = np.repeat(table, 2, axis=1)
    np.testing.assert_allclose(
        estimate_components(merge_groups(doubled, np.repeat(np.arange(40), 2))).estimate.se,
        estimate_components(table).estimate.se,
    )


def test_overlapping_train_sets_widen_the_interval() -> None:
    d = np.asarray([0.01, 0.03, 0.02, 0.05, 0.04])
    assert estimate_over_drawn_splits(d, 0.25).se == pytest.approx(d.std(ddof=1) * np.sqrt(1 / 5 + 0.25))


def test_an_anytime_interval_holds_at_every_number_of_seeds() -> None:
    random = np.random.default_rng(6)
    crossed = 0
    for _ in range(1_000):
        x = random.normal(size=200)
        n = np.arange(1, 201)
        mean = np.cumsum(x) / n
        deviation = np.sqrt(np.maximum(np.cumsum(x**2) / n - mean**2, 0) * n / np.maximum(n - 1, 1))
        widths = np.asarray([anytime_half_width(k, deviation[k - 1], 0.05) for k in range(2, 201)])
        crossed += bool((np.abs(mean[1:]) > widths).any())
    assert crossed / 1_000 <= 0.05
    assert anytime_half_width(2, 1.0, 0.05) > 3 and anytime_half_width(200, 1.0, 0.05) < 0.3
