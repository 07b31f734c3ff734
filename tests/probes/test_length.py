"""Rows made shorter or longer."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.probes.length import LONGEST, crop, distract, length_probes, prefix, repeat, suffix
from brittlestar.probes.task import Task

from .making import ODD, ROWS, SEEDS, TASK, Rows, changed, tokens_of


@given(ROWS, st.floats(0.01, 1))
def test_a_crop_is_the_beginning_and_never_nothing(rows: Rows, share: float) -> None:
    wanted = [row[: max(int(np.round(share * len(row))), 1)] for row in rows]
    assert changed(crop, rows, share) == wanted
    assert changed(crop, rows, 1.0) == rows


@given(ROWS, st.integers(1, 5))
def test_repetition(rows: Rows, times: int) -> None:
    assert changed(repeat, rows, times) == [row * times for row in rows]


@given(ROWS, SEEDS, st.sampled_from([0.2, 1.0, 2.0, 3.5]))
def test_distractors_fill_rows_up_to_one_length(rows: Rows, seed: int, strength: float) -> None:
    for before, after in zip(rows, changed(distract, rows, strength, seed), strict=True):
        assert after[: len(before)] == before and set(after[len(before) :]) <= set(TASK.tokens)
        assert len(after) == max(len(before), round(strength * TASK.longest))


def test_distractors_are_drawn_as_often_as_train_has_them() -> None:
    task = Task({"a": 6, "b": 3, "c": 1}, 10_000)
    counts = Counter(changed(distract, [[]], 1.0, 7, task)[0])
    assert all(abs(counts[token] - 1_000 * n) < 200 for token, n in task.frequency.items())


@given(ROWS, st.integers(1, 6))
def test_prefix_and_suffix_are_trains_most_frequent_token(rows: Rows, n: int) -> None:
    assert changed(prefix, rows, n) == [["a"] * n + row for row in rows]
    assert changed(suffix, rows, n) == [row + ["a"] * n for row in rows]


def test_no_row_is_made_longer_than_ten_thousand_tokens() -> None:
    long, longer, rows = ["a"] * 4_000, ["b"] * (LONGEST + 5), [["a", "b"]]
    assert [len(row) for row in changed(repeat, [long, longer, *rows, []], 900)] == [8_000, LONGEST + 5, 1_800, 0]
    for change in (prefix, suffix):
        assert [len(row) for row in changed(change, [long, longer, *rows], 9_000)] == [LONGEST, LONGEST + 5, 9_002]
    assert [len(row) for row in changed(distract, [long, longer], 3.0, task=Task({"a": 1}, 4_000))] == [
        LONGEST,
        LONGEST + 5,
    ]


@pytest.mark.parametrize("what", ODD)
def test_odd_rows(what: str) -> None:
    for probe in length_probes(TASK):
        for strength in (*probe.strengths, 3):
            after = changed(probe.change, ODD[what], strength)
            if probe.name == "length.crop":
                assert [bool(row) for row in after] == [bool(row) for row in ODD[what]]
            else:
                assert set(tokens_of(ODD[what])) <= set(tokens_of(after))
