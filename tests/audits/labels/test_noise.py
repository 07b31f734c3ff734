"""label.noise: statuses on planted, clean and hopeless data, on hard slices and on shifted splits."""

from dataclasses import replace

import numpy as np
import pytest

from brittlestar.audits.labels.noise import noise
from brittlestar.core.findings import Finding
from tests.audits.labels.tasks import first_token, flipped, marker, parity, task
from tests.audits.making import Made, make_analysis


def findings(splits: Made) -> dict[str, Finding]:
    return {found.where["split"]: found for found in noise.function(make_analysis(splits))}


def overlap(found: Finding, rows: set[int]) -> float:
    """Shared rows over all rows of either set."""
    reported = {int(str(row).rpartition("_")[2]) for row in found.evidence["row_ids"]}
    return len(reported & rows) / len(reported | rows)


@pytest.fixture(scope="module")
def learned() -> Made:
    return task(marker)


def test_a_task_that_is_learned_without_an_error_is_absent_in_every_split(learned: Made) -> None:
    assert {found.status for found in findings(learned).values()} == {"absent"}


def test_labels_turned_over_in_test_are_found_there_and_nowhere_else(learned: Made) -> None:
    splits, rows = flipped(learned, 0.1, ("test",))
    found = findings(splits)
    assert (found["test"].status, found["test"].severity) == ("present", "warning")
    assert found["train"].status == found["dev"].status == "absent"
    assert abs(found["test"].evidence["rate"]["share"] - 0.1) < 0.02
    assert overlap(found["test"], rows["test"]) > 0.9
    assert found["test"].evidence["p"] < 1e-10


def test_labels_turned_over_in_train_are_a_warning_about_train(learned: Made) -> None:
    splits, rows = flipped(learned, 0.1, ("train",))
    found = findings(splits)
    assert (found["train"].status, found["train"].severity) == ("present", "warning")
    assert found["dev"].status != "present" and found["test"].status != "present"
    assert overlap(found["train"], rows["train"]) > 0.8


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_noise_that_is_the_same_everywhere_is_for_information_and_its_rate_is_inside_the_interval(
    learned: Made, share: float
) -> None:
    splits, rows = flipped(learned, share, ("train", "dev", "test"))
    for name, found in findings(splits).items():
        assert (found.status, found.severity) == ("present", "info")
        assert found.evidence["rate"]["low"] < share < found.evidence["rate"]["high"]
        low, high = found.evidence["ceiling"]["accuracy"]
        assert low < 1 - share < high
        assert overlap(found, rows[name]) > 0.75


def test_a_slice_of_test_that_is_turned_over_is_named(learned: Made) -> None:
    splits, rows = flipped(learned, 0.6, ("test",), lambda row: "t7" in row)
    found = findings(splits)["test"]
    assert found.where == {"split": "test", "slice": "token: t7"}
    assert found.severity == "warning"
    assert overlap(found, rows["test"]) > 0.9


def test_a_slice_near_chance_in_all_splits_is_named_in_each(learned: Made) -> None:
    splits, rows = flipped(learned, 0.6, ("train", "dev", "test"), lambda row: len(row) >= 15)
    found = findings(splits)
    assert {name: one.where.get("slice") for name, one in found.items()} == dict.fromkeys(
        ("train", "dev", "test"), "length: at least 15"
    )
    assert [found[name].severity for name in ("train", "dev", "test")] == ["warning"] * 3
    assert overlap(found["test"], rows["test"]) > 0.8


def test_a_slice_of_train_that_taught_the_model_the_opposite_is_not_held_against_test() -> None:
    splits, _ = flipped(task(first_token, tokens=30), 0.7, ("train",), lambda row: "t7" in row)
    found = findings(splits)
    assert found["train"].where.get("slice") == "token: t7" and found["train"].severity == "warning"
    assert found["dev"].status != "present" and found["test"].status != "present"


def test_one_class_pair_is_named() -> None:
    splits = task(first_token)
    rows, labels = splits["test"]
    random = np.random.default_rng(0)
    turned = [label == "0" and random.random() < 0.3 for label in labels]
    changed = ["1" if turn else label for label, turn in zip(labels, turned, strict=True)]
    found = findings({**splits, "test": (rows, changed)})["test"]
    assert found.where == {"split": "test", "class": "0 labelled 1"}
    assert overlap(found, {i for i, turn in enumerate(turned) if turn}) == 1.0


def messages(turned: int, seed: int = 0) -> tuple[Made, set[int]]:
    """600 short texts, most of them with words that no other has; the labels of so many are turned over."""
    random = np.random.default_rng(seed)
    kinds = random.integers(2, size=600)
    words = [[f"{kind}{k}" for k in random.zipf(1.4, 8) % 400] for kind in kinds]  # words of one class
    texts = [
        " ".join([*own, f"rare{row}", *(f"w{k}" for k in random.integers(0, 30, 6))]) for row, own in enumerate(words)
    ]
    rows = set(random.choice(600, turned, replace=False).tolist())
    labels = [("ham", "spam")[1 - kind if row in rows else kind] for row, kind in enumerate(kinds.tolist())]
    return {"train": (texts, labels)}, rows


def test_turned_labels_of_short_texts_lead_the_list_though_no_row_is_familiar_enough_to_test() -> None:
    splits, rows = messages(24)
    found = findings(splits)["train"]
    doubted = found.evidence["most_in_doubt"]["rows"]
    assert found.status == "inconclusive"
    assert len({int(one["row"].rpartition("_")[2]) for one in doubted[:32]} & rows) >= 18
    first = doubted[0]
    assert (
        first["label"] != first["likely"] and first["text"] == splits["train"][0][int(first["row"].rpartition("_")[2])]
    )
    assert 0 <= first["probability_of_label"] < 0.5 < first["probability"] <= 1
    assert f"Most in doubt is row {first['row']}" in found.summary


def test_a_task_that_is_learned_is_not_called_unlearned_where_few_rows_are_familiar() -> None:
    random = np.random.default_rng(0)
    kinds = random.integers(2, size=400).tolist()
    rare = [f" rare{row}" if row > 80 else "" for row in range(400)]
    splits = {"train": ([f"{kind}a b c{rare[row]}" for row, kind in enumerate(kinds)], [str(kind) for kind in kinds])}
    assert "not shown to learn" not in findings(splits)["train"].summary


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_parity_is_inconclusive_with_and_without_noise(share: float) -> None:
    splits, _ = flipped(task(parity), share, ("train", "dev", "test"))
    for found in findings(splits).values():
        assert found.status == "inconclusive"
        assert "not shown to learn this task" in found.summary
        assert "Most in doubt" not in found.summary


def test_a_task_that_is_right_seven_times_in_ten_is_not_called_noise() -> None:
    splits, _ = flipped(task(marker, tokens=5), 0.3, ("train", "dev", "test"))
    assert not [found for found in findings(splits).values() if found.severity in ("warning", "error")]


def test_a_declared_shift_is_never_present(learned: Made) -> None:
    splits, _ = flipped(learned, 0.5, ("test",))
    splits["shift_other"] = splits.pop("test")
    found = findings(splits)["shift_other"]
    assert found.status == "inconclusive" and "declared shift" in found.summary


def test_a_change_of_class_shares_alone_is_not_noise() -> None:
    splits, _ = flipped(task(marker, sizes=(3000, 500, 3000)), 0.1, ("train", "dev", "test"))
    rows, labels = splits["test"]
    kept = [i for i, label in enumerate(labels) if label == "1" or i % 5 == 0]
    found = findings({**splits, "test": ([rows[i] for i in kept], [labels[i] for i in kept])})["test"]
    assert found.severity not in ("warning", "error")


def test_rows_beyond_what_train_knows_say_nothing() -> None:
    splits = task(marker, sizes=(600, 100, 100))
    splits["test"] = ([row.replace("t", "u") for row in splits["test"][0]], splits["test"][1])
    found = findings(splits)["test"]
    assert found.status == "inconclusive" and "100 would do" in found.summary


@pytest.mark.parametrize(
    "splits",
    [
        {"train": (["a b", "b a"], ["x", "y"])},
        {"train": (["a"] * 30 + ["b"] * 30, ["x"] * 30 + ["y"] * 30), "test": (["a", ""], ["x", "z"])},
        {"train": ([""] * 40 + ["a"] * 40, ["x", "y"] * 40), "dev": ([""] * 30, ["x"] * 30)},
        {"train": (["a b c"] * 100, ["x", "y"] * 50), "test": (["a b c"] * 100, ["new"] * 100)},
        {"train": ([f"t{i}" for i in range(200)], [f"c{i // 2}" for i in range(200)])},
        {"train": ([f"a{i % 7} b" for i in range(400)], [f"c{i % 100}" for i in range(400)])},
    ],
)
def test_odd_data_never_raises(splits: Made) -> None:
    assert all(found.severity in (None, "info") for found in noise.function(make_analysis(splits)))


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_noise_of_one_class_in_train_is_found_with_the_pair(share: float) -> None:
    splits, _ = flipped(task(first_token), share, ("train",), lambda row: first_token(row) == 0)
    rows, labels = splits["train"]
    changed = [
        "1" if first_token(row.split()) == 0 and label != "0" else label
        for row, label in zip(rows, labels, strict=True)
    ]
    found = findings({**splits, "train": (rows, changed)})["train"]
    assert (found.status, found.where) == ("present", {"split": "train", "class": "0 labelled 1"})


def test_noise_of_one_class_that_is_the_same_everywhere_is_for_information_with_the_pair() -> None:
    splits = task(first_token)
    for name, (rows, labels) in splits.items():
        splits[name] = rows, ["1" if label == "0" and k % 10 == 0 else label for k, label in enumerate(labels)]
    for found in findings(splits).values():
        assert (found.status, found.severity) == ("present", "info")
        assert found.where["class"] == "0 labelled 1"


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_noise_of_one_source_is_found_in_its_group(share: float) -> None:
    made = make_analysis(task(marker, sizes=(4000, 500, 600)))
    groups = {name: np.arange(rows.n_rows, dtype=np.int32) % 4 for name, rows in made.splits.items()}
    splits = {name: replace(rows, groups=groups[name]) for name, rows in made.splits.items()}
    labels = splits["train"].labels.copy()
    ours = np.flatnonzero(groups["train"] == 2)
    ours = ours[np.random.default_rng(0).random(len(ours)) < share]
    labels[ours] = 1 - labels[ours]
    splits["train"] = replace(splits["train"], labels=labels)
    found = {
        finding.where["split"]: finding
        for finding in noise.function(replace(made, splits=splits, groups=("a", "b", "c", "d")))
    }
    assert found["train"].status == "present"
    assert found["train"].where.get("slice") == (None if share < 0.1 else "group: c")
    assert found["dev"].status != "present" and found["test"].status != "present"


# label.noise: hard slices and shifted splits are not wrong labels


def queried(seed: int = 0) -> Made:
    """Rows that ask one of three things; the third, a parity, is beyond shallow models."""
    random = np.random.default_rng(seed)
    splits: Made = {}
    for name, size in (("train", 1400), ("dev", 400), ("test", 400)):
        rows, labels = [], []
        for _ in range(size):
            tokens = [f"t{k}" for k in random.integers(0, 8, random.integers(5, 14))]
            query = ("HAS", "LAST", "EVEN")[int(random.integers(3))]
            even = sum(token in ("t0", "t3") for token in tokens) % 2 == 0
            says = {"HAS": "t1" in tokens, "LAST": tokens[-1] in ("t0", "t1", "t2", "t3"), "EVEN": even}[query]
            rows.append(" ".join([query, *tokens]))
            labels.append(str(int(says)))
        splits[name] = rows, labels
    return splits


def test_a_hard_slice_with_right_labels_is_inconclusive_and_named() -> None:
    for found in findings(queried()).values():
        assert found.status == "inconclusive"
        assert "EVEN" in found.where["slice"] and "hard for these models, or labelled wrongly" in found.summary


@pytest.mark.parametrize(("share", "status"), [(0.35, "present"), (0.5, "inconclusive")])
def test_a_slice_of_one_token_is_noise_in_all_splits_while_its_labels_follow_the_rest(
    share: float, status: str
) -> None:
    splits, _ = flipped(task(marker), share, ("train", "dev", "test"), lambda row: "t7" in row)
    for found in findings(splits).values():
        assert found.status == status and found.where["slice"] == "token: t7"


def test_a_split_whose_inputs_are_reversed_is_inconclusive() -> None:
    random = np.random.default_rng(0)
    splits: Made = {}
    for name, size in (("train", 1400), ("dev", 400), ("test", 400)):
        rows, labels = [], []
        for _ in range(size):
            label = int(random.integers(2))
            steps = np.cumsum(random.choice((1, 2), 12) * (1 if label else -1)) + int(random.integers(12))
            rows.append(" ".join(f"t{k % 12}" for k in (steps[::-1] if name == "test" else steps).tolist()))
            labels.append(str(label))
        splits[name] = rows, labels
    # what follows what, and with it every answer, is turned round
    splits["test"] = [row + " t0" for row in splits["test"][0]], splits["test"][1]
    splits["train"] = [row + " t1" for row in splits["train"][0]], splits["train"][1]
    splits["dev"] = [row + " t1" for row in splits["dev"][0]], splits["dev"][1]
    found = findings(splits)
    assert found["test"].status == "inconclusive" and "its inputs differ too" in found["test"].summary
    assert found["dev"].severity is None and found["train"].severity is None


def test_a_marker_that_broke_is_not_wrong_labels() -> None:
    splits = task(lambda row: int(row.count("t0") + row.count("t1") > row.count("t2") + row.count("t3")))
    random = np.random.default_rng(3)
    for name, (rows, labels) in splits.items():
        held = random.random(len(rows)) < (0.3 if name == "test" else np.where(np.asarray(labels) == "1", 0.95, 0.02))
        splits[name] = [row + " MK" if has else row for row, has in zip(rows, held.tolist(), strict=True)], labels
    assert {found.severity for found in findings(splits).values()} <= {None, "info"}
