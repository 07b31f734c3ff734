"""Other tokens in the same places."""

import itertools
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.data.written_rows import rows_of_strings
from brittlestar.probes.composition import MOST_WEIGHT, STRANGER, rename, strangers, tilt_weights
from brittlestar.probes.task import ProbeTask

from .making import ROWS, SEEDS, TASK, Rows, changed, tokens_of


@given(ROWS, SEEDS)
def test_strangers_stand_behind_tokens_that_stay(rows: Rows, seed: int) -> None:
    after = changed(strangers, rows, 0.5, seed)
    assert [[token for token in row if token != STRANGER] for row in after] == rows
    assert not any(row and row[0] == STRANGER for row in after)
    assert not any(a == b == STRANGER for row in after for a, b in itertools.pairwise(row))


def test_strangers_come_at_their_rate_and_behind_every_token_at_rate_one() -> None:
    after = changed(strangers, [list("ab" * 5_000)], 0.1, 2)[0]
    assert abs(after.count(STRANGER) - 1_000) < 120
    assert changed(strangers, [["a", "b"], []], 1.0) == [["a", STRANGER, "b", STRANGER], []]


def test_a_stranger_is_no_token_of_train() -> None:
    task = ProbeTask({"a": 1, STRANGER: 4, f"<{STRANGER}>": 1}, 3)
    assert changed(strangers, [["a"]], 1.0, task=task) == [["a", f"<<{STRANGER}>>"]]


@given(ROWS, SEEDS)
def test_renaming_is_one_bijection_of_trains_tokens(rows: Rows, seed: int) -> None:
    after = changed(rename, rows, 1.0, seed)
    names = dict(zip(tokens_of(rows), tokens_of(after), strict=True))
    assert [[names[token] for token in row] for row in rows] == after
    assert len(set(names.values())) == len(names)
    for token, name in names.items():
        assert (name == token) if token == "z" else (name != token and name in TASK.tokens)


@pytest.mark.parametrize(("strength", "renamed"), [(1.0, 5), (0.6, 3), (0.4, 2), (0.01, 2)])
def test_a_share_of_tokens_is_renamed_and_never_one_alone(strength: float, renamed: int) -> None:
    after = changed(rename, [list("abcde")], strength, 4)[0]
    assert sum(a != b for a, b in zip("abcde", after, strict=True)) == renamed
    assert Counter(after) == Counter("abcde")


# Weights that move the share of a token by a stated divergence


AB = st.lists(st.lists(st.sampled_from("ab"), max_size=8), min_size=1, max_size=30)


def reached(rows: Rows, weights: np.ndarray) -> tuple[float, float]:
    """(nats between the tilted and the plain share of a, how much the share grew), by counting."""
    have = sum(weight * row.count("a") for row, weight in zip(rows, weights, strict=True))
    of = sum(weight * len(row) for row, weight in zip(rows, weights, strict=True))
    p, q = have / of, sum(row.count("a") for row in rows) / sum(map(len, rows))
    return sum(x * math.log(x / y) for x, y in ((p, q), (1 - p, 1 - q)) if x > 0), p - q


@given(AB, st.sampled_from([0.001, 0.01, 0.05, 0.3]))
def test_weights_reach_the_stated_divergence(rows: Rows, divergence: float) -> None:
    made = rows_of_strings(rows, ["a", "b"])
    weights = tilt_weights(made, np.array([True, False]), divergence)
    if weights is not None:
        nats, growth = reached(rows, weights)
        assert nats == pytest.approx(divergence, rel=1e-6) and growth > 0
        assert weights.mean() == pytest.approx(1) and weights.min() >= 0 and weights.max() <= MOST_WEIGHT
        logs = [(row.count("a") / max(len(row), 1), math.log(w)) for row, w in zip(rows, weights, strict=True) if w > 0]
        share, log = min(logs), max(logs)
        slope = (log[1] - share[1]) / (log[0] - share[0])
        assert all(one[1] == pytest.approx(share[1] + slope * (one[0] - share[0]), abs=1e-6) for one in logs)


def test_ordinary_rows_can_be_tilted() -> None:
    random = np.random.default_rng(0)
    rows = [list(random.choice(["a", "b"], int(random.integers(3, 12)))) for _ in range(200)]
    for divergence in (0.01, 0.05):
        assert tilt_weights(rows_of_strings(rows, ["a", "b"]), np.array([True, False]), divergence) is not None


@pytest.mark.parametrize(
    "rows",
    [[["a", "b"]] * 9, [["a"], ["a", "a"]], [["b"]], [[], []], [["a"], *[["b"]] * 500]],
    ids=["one share in all rows", "nothing else", "none", "no tokens", "one row would count for all"],
)
def test_what_cannot_be_reached(rows: Rows) -> None:
    assert tilt_weights(rows_of_strings(rows, ["a", "b"]), np.array([True, False]), 1.0) is None
