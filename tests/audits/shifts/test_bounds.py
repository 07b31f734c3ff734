"""Where a shift begins and where it becomes an error: one row below each bound, and one above it.

What chance gives is computed here from the textbook, and not taken from the check.
"""

import numpy as np
import pytest
from scipy import stats

from brittlestar.audits.shifts.margins import label, length
from brittlestar.audits.shifts.tokens import vocabulary
from brittlestar.core.findings import Finding
from tests.audits.making import Made, make_analysis, random_rows

N = 1_000


def of_test(module: object, splits: Made) -> Finding:
    (found,) = module.function(make_analysis(splits))  # type: ignore[attr-defined]
    return found


def labels_of(yes: int, n: int = N) -> list[str]:
    return ["yes"] * yes + ["no"] * (n - yes)


def excess_of_classes(train: int, test: int, n: int) -> float:
    """Total variation above the mean of the half-normal that chance gives, for two classes of n rows each side."""
    pooled = (train + test) / (2 * n)
    return abs(test - train) / n - np.sqrt(pooled * (1 - pooled) * 2 / n) * np.sqrt(2 / np.pi)


def test_class_shares_are_a_shift_from_5_points_beyond_chance() -> None:
    n = 2_400
    rows = [random_rows(n, np.random.default_rng(seed), tokens=60, low=5, high=7) for seed in (0, 1)]
    excess = [excess_of_classes(n // 2, n // 2 + more, n) for more in range(n // 2)]
    first = int(np.flatnonzero(np.array(excess) >= 0.05)[0])
    for more, severity in ((first - 1, None), (first, "warning")):
        made = {"train": (rows[0], labels_of(n // 2, n)), "test": (rows[1], labels_of(n // 2 + more, n))}
        found = of_test(label, made)
        assert found.evidence["excess"] == pytest.approx(excess[more])
        assert f"differ from train's by {100 * more / n:.1f} points" in found.summary
        assert (found.status, found.severity) == ("absent" if severity is None else "present", severity)


def of_lengths(lengths: list[int], seed: int) -> list[str]:
    random = np.random.default_rng(seed)
    return [" ".join(f"t{k}" for k in random.integers(0, 50, size)) for size in lengths]


def test_lengths_are_a_shift_from_8_points_beyond_chance() -> None:
    """Half the rows of train have 6 tokens and half 12; some more of test's have 12."""
    chance = np.sqrt(np.pi / 2) * np.log(2) * np.sqrt(2 / N)  # mean of Kolmogorov's distribution
    assert chance == pytest.approx(stats.kstwobign.mean() * np.sqrt(2 / N), rel=1e-6)
    first = int(np.ceil((0.08 + chance) * N))
    for more, status in ((first - 1, "absent"), (first, "present")):
        sides = {"train": (500, 0), "test": (500 - more, 1)}
        made = {
            name: (of_lengths([6] * short + [12] * (N - short), seed), labels_of(500))
            for name, (short, seed) in sides.items()
        }
        for rows, _ in made.values():
            np.random.default_rng(2).shuffle(rows)
        found = of_test(length, made)
        assert found.evidence["chance"] == pytest.approx(chance, rel=1e-6)
        assert found.status == status


@pytest.mark.parametrize(("longer", "status"), [(19, "absent"), (20, "present")])
def test_rows_longer_than_any_of_train_are_a_shift_from_one_in_fifty_on(longer: int, status: str) -> None:
    made = {
        "train": (of_lengths([8] * N, 0), labels_of(500)),
        "test": (of_lengths([9] * longer + [8] * (N - longer), 1), labels_of(500)),
    }
    assert of_test(length, made).status == status


@pytest.mark.parametrize(
    ("rows", "each", "found"),
    [
        (19, 1, ("absent", None)),  # 1.9 % of rows, 0.19 % of tokens
        (20, 1, ("present", "warning")),  # 2 % of rows
        (14, 7, ("absent", None)),  # 0.98 % of tokens, 1.4 % of rows
        (15, 7, ("present", "warning")),
        (500, 9, ("present", "warning")),  # whatever is unseen: main says what it costs
    ],
)
def test_unseen_tokens_are_a_shift_from_1_per_cent_of_tokens_or_2_of_rows_on(
    rows: int, each: int, found: tuple[str, str | None]
) -> None:
    train, test = of_lengths([10] * N, 0), of_lengths([10] * N, 1)
    test = [" ".join(["new"] * each + row.split()[each:]) if k < rows else row for k, row in enumerate(test)]
    one = of_test(vocabulary, {"train": (train, labels_of(500)), "test": (test, labels_of(500))})
    assert one.evidence["unseen"] == rows * each and one.evidence["expected_share"] == 0
    assert (one.status, one.severity) == found
