"""What a fit function says of its own training: what can be read is kept, the rest is told and costs nothing."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.training.history import read_history

METRICS = ("accuracy", "log_loss")


def test_each_entry_is_an_epoch_and_none_is_made_up() -> None:
    entries = [
        {"epoch": 0, "dev.accuracy": 0.5},
        {"epoch": 1, "train.loss": torch.tensor(0.7, requires_grad=True), "learning_rate": np.float32(0.25)},
        {"epoch": 1.0, "dev.loss": 0.6, "dev.accuracy": 1},
        {"epoch": 3, "train.loss": float("nan"), "dev.loss": 0.5, "dev.accuracy": 0.75},
    ]
    found = read_history(entries, METRICS)
    nan, inf = np.nan, np.inf
    expected = {
        "dev.accuracy": [0.5, 1, nan, 0.75],
        "dev.log_loss": [nan, 0.6, nan, 0.5],
        "learning_rate": [nan, 0.25, nan, nan],
        "train.loss": [nan, 0.7, nan, inf],
    }
    assert found.epochs == 3 and found.notes == () and list(found.curves) == list(expected)
    for name, curve in found.curves.items():
        np.testing.assert_allclose(curve, expected[name], err_msg=name)


def test_entries_without_an_epoch_follow_each_other() -> None:
    found = read_history([{"train.loss": 3}, {"train.loss": 2}, {"epoch": 5, "train.loss": 1}, {"train.loss": 0}], ())
    assert found.curves["train.loss"][[1, 2, 5, 6]].tolist() == [3, 2, 1, 0] and found.epochs == 6


def test_a_log_loss_beside_the_loss_is_the_log_loss() -> None:
    found = read_history([{"dev.loss": 9.0, "dev.log_loss": 0.5}], METRICS)
    assert {name: curve[1] for name, curve in found.curves.items()} == {"dev.log_loss": 0.5}


@pytest.mark.parametrize(
    ("history", "note"),
    [
        ({"loss": [1, 2]}, "the history is a dict and was left out; return a list with a dict for each epoch"),
        ([1.0, 2.0], "the history holds a float and was left out"),
        ([{"epoch": 0.5, "train.loss": 1}], "epochs that are no whole number from 0 (0.5 in entry 0)"),
        ([{"epoch": -1}, {"epoch": "two"}], "(-1 in entry 0, 'two' in entry 1); number epochs 1, 2, 3 …"),
        ([{"grad_norm": 1, "test.accuracy": 1}], "entries by other names (grad_norm, test.accuracy); known are epoch"),
        ([{"train.loss": "low"}, {"train.loss": None}], "no numbers (train.loss in epoch 1, train.loss in epoch 2)"),
        ([{"dev.accuracy": 93.1}], "scores outside [0, 1] (dev.accuracy); give fractions, not per cent"),
    ],
)
def test_what_cannot_be_read_is_told(history: Any, note: str) -> None:
    found = read_history(history, METRICS)
    assert note in " ".join(found.notes) and not found.curves and found.epochs is None


def test_no_history_is_no_mistake() -> None:
    assert read_history(None, METRICS) == read_history([], METRICS) and read_history([], METRICS).notes == ()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["epoch", "train.loss", "x"]), inner),
    max_leaves=8,
)


@given(ANYTHING)
def test_nothing_that_is_returned_costs_the_run(history: Any) -> None:
    found = read_history(history, METRICS)
    assert all(curve.shape == (1 + (found.epochs or 0),) for curve in found.curves.values())
    assert all(not np.isneginf(curve).any() for curve in found.curves.values())
