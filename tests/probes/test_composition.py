"""Other tokens in the same places."""

import itertools
from collections import Counter

import pytest
from hypothesis import given

from brittlestar.probes.composition import STRANGER, composition_probes, rename, strangers
from brittlestar.probes.task import Task

from .making import ODD, ROWS, SEEDS, TASK, Rows, changed, tokens_of


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
    task = Task({"a": 1, STRANGER: 4, f"<{STRANGER}>": 1}, 3)
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


def test_one_token_has_no_other_name() -> None:
    assert changed(rename, [["a", "z"]], 1.0, task=Task({"a": 2}, 2)) == [["a", "z"]]


@pytest.mark.parametrize("what", ODD)
def test_odd_rows(what: str) -> None:
    for probe in composition_probes(TASK):
        after = changed(probe.change, ODD[what], 1.0)
        assert [bool(row) for row in after] == [bool(row) for row in ODD[what]]
