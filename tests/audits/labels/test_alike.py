"""label.noise: hard slices and shifted splits are not wrong labels."""

import numpy as np
import pytest

from brittlestar.audits.labels import noise
from brittlestar.core.findings import Finding
from tests.audits.labels.tasks import flipped, marker, task
from tests.audits.making import Made, make_analysis


def findings(splits: Made) -> dict[str, Finding]:
    return {found.where["split"]: found for found in noise.check(make_analysis(splits))}


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
