"""label.conflict, label.imbalance and label.missing; a bound has one row below it, and one at it."""

import numpy as np
import pytest
from scipy.stats import hypergeom

from brittlestar.audits.labels.classes import imbalance, missing
from brittlestar.audits.labels.conflict import conflict
from brittlestar.core.findings import Finding
from tests.audits.labels.tasks import flipped, marker, task
from tests.audits.making import Made, make_analysis


def by_split(found: list[Finding]) -> dict[str, Finding]:
    return {finding.where["split"]: finding for finding in found}


def conflicts(splits: Made) -> dict[str, Finding]:
    return by_split(list(conflict.function(make_analysis(splits))))


def test_rows_without_a_conflict_are_absent_and_say_how_many_repeat() -> None:
    splits = task(marker)
    splits["train"] = (splits["train"][0] + splits["train"][0][:50], splits["train"][1] + splits["train"][1][:50])
    found = conflicts(splits)
    assert {one.status for one in found.values()} == {"absent"}
    assert found["train"].evidence["repeated"] == 50


def test_copies_with_another_label_are_a_warning_with_both_rows() -> None:
    splits = task(marker)
    rows, labels = splits["train"]
    copies = list(range(40))
    splits["train"] = rows + [rows[i] for i in copies], labels + [str(1 - int(labels[i])) for i in copies]
    found = conflicts(splits)["train"]
    assert (found.status, found.severity) == ("present", "warning")
    assert found.evidence["conflicting"] == 40
    assert {int(row) for row in found.evidence["row_ids"]} == {*copies, *range(1400, 1440)}
    assert found.evidence["wrong_for_every_model"]["rows"] == 40
    assert found.evidence["ceiling"]["accuracy"] == pytest.approx([1 - 40 / 1440] * 2)


def test_rows_of_test_with_another_label_than_in_train_are_named_in_test() -> None:
    splits = task(marker)
    rows, labels = splits["train"]
    splits["test"] = (
        splits["test"][0] + rows[:40],
        splits["test"][1] + [str(1 - int(label)) for label in labels[:40]],
    )
    found = conflicts(splits)
    assert (found["test"].severity, found["train"].status) == ("warning", "absent")
    assert {int(row) for row in found["test"].evidence["row_ids"]} == set(range(600, 640))
    assert found["test"].evidence["against_train"]["of_these_other_label"] == 40


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_noise_on_repeated_rows_is_no_warning(share: float) -> None:
    splits = task(marker, tokens=5)
    random = np.random.default_rng(0)
    for name, (rows, labels) in splits.items():
        chosen = random.integers(0, len(rows) // 3, len(rows)).tolist()
        splits[name] = [rows[i] for i in chosen], [labels[i] for i in chosen]
    noisy, _ = flipped(splits, share, ("train", "dev", "test"))
    found = conflicts(noisy)
    assert {(one.status, one.severity) for one in found.values()} == {("present", "info")}
    assert abs(found["train"].evidence["noise_among_repeats"] - share) < 0.05


def test_conflicts_are_counted_as_by_hand() -> None:
    splits = {
        "train": (["a", "a", "a", "b", "b", "c"], ["x", "y", "x", "x", "x", "y"]),
        "dev": (["b", "c"], ["y", "y"]),
    }
    found = conflicts(splits)
    assert found["train"].evidence["conflicting"] == 1
    assert found["train"].evidence["rows_of_conflicting"] == 3
    assert found["train"].evidence["examples"] == [{"sequence": "a", "train": {"x": 2, "y": 1}}]
    assert found["dev"].evidence["against_train"] == {
        "rows_in_train": 2,
        "other_label": 1,
        "sequences_in_train": 2,
        "of_these_other_label": 1,
    }


def missed(train: list[str], dev: list[str], name: str = "dev") -> Finding:
    splits = {"train": (["a"] * len(train), train), name: (["a"] * len(dev), dev)}
    return next(iter(missing.function(make_analysis(splits))))


def test_a_label_that_train_lacks_has_its_rows_named() -> None:
    found = missed(["x", "y"] * 100, ["x", "y"] * 20 + ["new"] * 20)
    assert (found.status, found.severity) == ("present", "error")
    assert found.evidence["unknown"]["labels"] == {"new": 20}
    assert len(found.evidence["row_ids"]) == 20


# Where classes are out of balance and where one is missing: one row below each bound, and one at it


def rows_of(counts: dict[str, int]) -> tuple[list[str], list[str]]:
    labels = [label for label, count in counts.items() for _ in range(count)]
    return [f"a{k % 9} b" for k in range(len(labels))], labels


def balance(**counts: int) -> Finding:
    (found,) = imbalance.function(make_analysis({"train": rows_of(counts), "dev": rows_of({"y": 5})}))
    return found


@pytest.mark.parametrize(("large", "status"), [(299, "absent"), (300, "present")])
def test_classes_are_out_of_balance_from_ten_to_one_on(large: int, status: str) -> None:
    found = balance(x=large, y=30, z=100)
    assert found.status == status and found.severity in (None, "info")
    assert found.evidence["ratio"] == pytest.approx(large / 30)
    assert found.evidence["majority_share"] == pytest.approx(large / (large + 130))


def test_classes_of_fewer_than_twenty_rows_are_named() -> None:
    assert balance(x=60, y=19, z=20).evidence["fewer_than_20_rows"] == {"train": ["y"], "dev": ["y"]}
    assert "y" in balance(x=60, y=19, z=20).summary.partition("Fewer than 20 rows:")[2]


def lacking(train: dict[str, int], test: dict[str, int]) -> Finding:
    (found,) = missing.function(make_analysis({"train": rows_of(train), "test": rows_of(test)}))
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
        (14, 1_500, "error"),
        (6, 100, "info"),  # dealt at random, train may have missed them
    ],
)
def test_a_label_that_train_lacks_is_no_information_where_chance_is_no_excuse(new: int, n: int, severity: str) -> None:
    found = lacking({"x": n // 2, "y": n // 2}, {"x": n - new - 50, "y": 50, "z": new})
    chance = float(hypergeom.pmf(0, 2 * n, new, n))
    assert found.evidence["unknown"]["chance"] == pytest.approx(chance)
    assert (chance < 1e-4) == (severity != "info")
    assert (found.status, found.severity) == ("present", severity)


@pytest.mark.parametrize(("new", "severity"), [(9, "info"), (10, "warning")])
def test_chance_is_no_excuse_for_a_tenth_of_the_rows(new: int, severity: str) -> None:
    """Few rows of train miss a common class by chance, and the score is wrong by it all the same."""
    found = lacking({"x": 5, "y": 3}, {"x": 60, "y": 40 - new, "z": new})
    assert found.evidence["unknown"]["chance"] > 1e-4
    assert (found.status, found.severity) == ("present", severity)
