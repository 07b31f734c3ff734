"""label.conflict, label.imbalance and label.missing."""

import numpy as np
import pytest

from brittlestar.audits.labels import conflict, imbalance, missing
from brittlestar.core.findings import Finding
from tests.audits.labels.tasks import flipped, marker, task
from tests.audits.making import Made, make_analysis


def by_split(found: list[Finding]) -> dict[str, Finding]:
    return {one.where["split"]: one for one in found}


def conflicts(splits: Made) -> dict[str, Finding]:
    return by_split(list(conflict.check(make_analysis(splits))))


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


def test_one_conflict_is_for_information() -> None:
    splits = task(marker)
    rows, labels = splits["train"]
    splits["train"] = [*rows, rows[3]], [*labels, str(1 - int(labels[3]))]
    found = conflicts(splits)["train"]
    assert (found.status, found.severity) == ("present", "info")
    assert "p" not in found.evidence


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


@pytest.mark.parametrize(("small", "status"), [(20, "present"), (60, "absent")])
def test_ten_to_one_is_imbalance(small: int, status: str) -> None:
    labels = ["big"] * 300 + ["small"] * small
    (found,) = imbalance.check(
        make_analysis({"train": (["a"] * len(labels), labels), "dev": (["a"] * 5, ["small"] * 5)})
    )
    assert found.status == status and found.severity in (None, "info")
    assert found.evidence["ratio"] == pytest.approx(300 / small)
    assert found.evidence["fewer_than_20_rows"]["dev"] == ["small"]


def missed(train: list[str], dev: list[str], name: str = "dev") -> Finding:
    splits = {"train": (["a"] * len(train), train), name: (["a"] * len(dev), dev)}
    return next(iter(missing.check(make_analysis(splits))))


def test_a_label_that_train_lacks_is_an_error_where_chance_does_not_explain_it() -> None:
    found = missed(["x", "y"] * 100, ["x", "y"] * 20 + ["new"] * 20)
    assert (found.status, found.severity) == ("present", "error")
    assert found.evidence["unknown"]["labels"] == {"new": 20}
    assert len(found.evidence["row_ids"]) == 20


def test_a_rare_label_that_missed_train_by_chance_is_for_information() -> None:
    found = missed(["x", "y"] * 100, ["x", "y"] * 50 + ["new"])
    assert (found.status, found.severity) == ("present", "info")
    assert found.evidence["unknown"]["chance"] == pytest.approx(101 / 301)


def test_a_class_that_the_split_should_have_is_named() -> None:
    found = missed(["x", "y", "z", "z"] * 50, ["x", "y"] * 50)
    assert (found.status, found.severity) == ("present", "warning")
    assert found.evidence["absent"]["labels"] == ["z"]
    assert found.evidence["absent"]["expected_rows"] == [50.0]


def test_a_rare_class_may_be_missing_by_chance() -> None:
    found = missed(["x", "y"] * 100 + ["rare"], ["x", "y"] * 50)
    assert found.status == "absent" and found.evidence["absent"]["absent_as_chance_allows"] == 1


def test_what_a_declared_shift_lacks_is_for_information() -> None:
    assert missed(["x", "y"] * 100, ["new"] * 50, "shift_other").severity == "info"


def test_without_another_split_nothing_is_missing() -> None:
    (found,) = missing.check(make_analysis({"train": (["a", "b"], ["x", "y"])}))
    assert found.status == "inconclusive"
