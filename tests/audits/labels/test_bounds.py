"""Where classes are out of balance and where one is missing: one row below each bound, and one at it."""

from __future__ import annotations

import pytest
from scipy.stats import hypergeom

from brittlestar.audits.labels import imbalance, missing
from brittlestar.core.findings import Finding
from tests.audits.making import make_analysis


def rows_of(counts: dict[str, int]) -> tuple[list[str], list[str]]:
    labels = [label for label, count in counts.items() for _ in range(count)]
    return [f"a{k % 9} b" for k in range(len(labels))], labels


def balance(**counts: int) -> Finding:
    (found,) = imbalance.check(make_analysis({"train": rows_of(counts)}))
    return found


@pytest.mark.parametrize(("large", "status"), [(299, "absent"), (300, "present")])
def test_classes_are_out_of_balance_from_ten_to_one_on(large: int, status: str) -> None:
    found = balance(x=large, y=30, z=100)
    assert found.status == status and found.evidence["ratio"] == pytest.approx(large / 30)
    assert found.evidence["majority_share"] == pytest.approx(large / (large + 130))


def test_classes_of_fewer_than_twenty_rows_are_named() -> None:
    assert balance(x=60, y=19, z=20).evidence["fewer_than_20_rows"] == {"train": ["y"]}
    assert "y" in balance(x=60, y=19, z=20).summary.partition("Fewer than 20 rows:")[2]


def lacking(train: dict[str, int], test: dict[str, int]) -> Finding:
    (found,) = missing.check(make_analysis({"train": rows_of(train), "test": rows_of(test)}))
    return found


@pytest.mark.parametrize(("n", "status"), [(87, "absent"), (88, "present")])
def test_a_class_is_missing_where_chance_leaves_it_out_once_in_ten_thousand(n: int, status: str) -> None:
    """A tenth of train: 0.9^87 is above 1 in 10,000, and 0.9^88 below."""
    found = lacking({"x": 50, "z": 40, "y": 10}, {"x": n - 40, "z": 40})
    assert (0.9**n < 1e-4) == (status == "present")
    assert (found.status, found.severity) == (status, "warning" if status == "present" else None)
    assert "holds 2 of train's 3 classes" in found.summary


@pytest.mark.parametrize(
    ("new", "n", "severity"),
    [
        (14, 1_500, "warning"),  # less than 1 % of the split's rows
        (15, 1_500, "error"),
        (6, 100, "info"),  # dealt at random, train may have missed them
    ],
)
def test_a_label_that_train_lacks_is_an_error_from_one_per_cent_where_chance_is_no_excuse(
    new: int, n: int, severity: str
) -> None:
    found = lacking({"x": n // 2, "y": n // 2}, {"x": n - new - 50, "y": 50, "z": new})
    chance = float(hypergeom.pmf(0, 2 * n, new, n))
    assert found.evidence["unknown"]["chance"] == pytest.approx(chance)
    assert (chance < 1e-4) == (severity != "info")
    assert (found.status, found.severity) == ("present", severity)
