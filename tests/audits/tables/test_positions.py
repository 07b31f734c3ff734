import numpy as np
import pytest

from brittlestar.audits.tables.places import position_missing
from tests.audits.making import Made, make_analysis


def made(order: bool, n: int = 1_000) -> Made:
    """The label says whether a stands before b, or whether c occurs."""
    random = np.random.default_rng(3)
    splits: Made = {}
    for name, size in (("train", n), ("test", n // 4)):
        rows, labels = [], []
        for _ in range(size):
            row = ["a", "b", *random.choice(list("cdefgh"), 2)] if order else list(random.choice(list("cdefgh"), 4))
            random.shuffle(row)
            rows.append(" ".join(row))
            labels.append("yes" if (row.index("a") < row.index("b") if order else "c" in row) else "no")
        splits[name] = rows, labels
    return splits


BLIND = [
    {"model.family": "mean"},
    {"model.family": "bag"},
    {"model.family": "transformer", "model.positions": "false"},
]


@pytest.mark.parametrize("settings", BLIND)
def test_a_model_without_order_on_a_task_of_order_is_a_warning(settings: dict[str, str]):
    (found,) = position_missing.function(make_analysis(made(order=True), {**settings, "variants": "{}"}))
    assert (found.status, found.severity) == ("present", "warning")
    assert found.evidence["accuracy_bag"] < 0.6
    assert found.evidence["p"] < 1e-9


@pytest.mark.parametrize("settings", BLIND)
def test_a_model_without_order_on_a_task_without_it_is_fine(settings: dict[str, str]):
    (found,) = position_missing.function(make_analysis(made(order=False), {**settings, "variants": "{}"}))
    assert found.status == "absent"


def test_models_with_order_and_models_of_your_own():
    splits = made(order=True, n=200)
    (found,) = position_missing.function(make_analysis(splits))
    assert (found.status, "sees the order" in found.summary) == ("absent", True)
    (found,) = position_missing.function(make_analysis(splits, {"model.own": "mine:build"}))
    assert found.status == "not-applicable"
    (found,) = position_missing.function(make_analysis(made(order=True, n=60), {"model.family": "mean"}))
    assert (found.status, "100 rows" in found.summary) == ("inconclusive", True)
