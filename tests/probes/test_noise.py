"""Tokens lost, doubled, replaced, respelled and glued together."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.probes.noise import (
    LOOK_ALIKES,
    drop,
    duplicate,
    glue,
    look_alike,
    noise_probes,
    replace_symbols,
    substitute,
)
from brittlestar.probes.task import ProbeTask

from .making import ROWS, SEEDS, TASK, Rows, changed, tokens_of

RATES = st.sampled_from([0.05, 0.3, 0.8, 1.0])
LONG = [list("abcde" * 2_000)]


def within(part: list[str], row: list[str]) -> bool:
    """Whether `part` is `row` with some tokens left out."""
    rest = iter(row)
    return all(token in rest for token in part)


@given(ROWS, SEEDS, RATES)
def test_a_row_loses_tokens_and_never_all(rows: Rows, seed: int, rate: float) -> None:
    for before, after in zip(rows, changed(drop, rows, rate, seed), strict=True):
        assert within(after, before) and bool(after) == bool(before)
        assert rate < 1 or len(after) == min(len(before), 1)


@given(ROWS, SEEDS, RATES)
def test_doubled_tokens_stand_beside_themselves(rows: Rows, seed: int, rate: float) -> None:
    for before, after in zip(rows, changed(duplicate, rows, rate, seed), strict=True):
        assert within(before, after) and len(before) <= len(after) <= 2 * len(before)
        assert sorted(set(before)) == sorted(set(after))
        assert rate < 1 or after == [token for token in before for _ in range(2)]


@given(ROWS, SEEDS, RATES)
def test_replaced_tokens_are_trains(rows: Rows, seed: int, rate: float) -> None:
    after = changed(substitute, rows, rate, seed)
    assert [len(row) for row in after] == [len(row) for row in rows]
    assert all(a == b or b in TASK.tokens for a, b in zip(tokens_of(rows), tokens_of(after), strict=True))
    assert rate < 1 or "z" not in tokens_of(after)


@pytest.mark.parametrize("rate", [0.1, 0.4])
def test_rates_are_what_they_say(rate: float) -> None:
    n, slack = 10_000, 5 * np.sqrt(10_000 * rate * (1 - rate))
    assert abs(n - len(changed(drop, LONG, rate, 1)[0]) - rate * n) < slack
    assert abs(len(changed(duplicate, LONG, rate, 2)[0]) - n - rate * n) < slack
    strange = changed(substitute, [["z"] * n], rate, 3)[0]
    assert abs(sum(token != "z" for token in strange) - rate * n) < slack
    drawn = Counter(token for token in strange if token != "z")
    shares = dict(zip(TASK.tokens, TASK.shares(), strict=True))
    assert all(abs(drawn[token] / drawn.total() - share) < 0.06 for token, share in shares.items())
    respelled = changed(look_alike, [["a"] * n], rate, 4)[0]
    assert (
        abs(respelled.count(replace_symbols("a")) - rate * n) < slack
        and respelled.count("a") + respelled.count(replace_symbols("a")) == n
    )


def test_look_alikes_can_be_told_apart_and_read_back() -> None:
    assert len(set(LOOK_ALIKES.values())) == len(LOOK_ALIKES) and not {*LOOK_ALIKES} & {*LOOK_ALIKES.values()}
    back = {other: symbol for symbol, other in LOOK_ALIKES.items()}
    words = [["▲r", "cat", "x7", "qqq", "MOP"], []]
    after = changed(look_alike, words, 1.0)
    assert [["".join(back.get(s, s) for s in token) for token in row] for row in after] == words
    assert [a != b for a, b in zip(words[0], after[0], strict=True)] == [True, True, True, False, True]
    assert list(map(len, after[0])) == [len(token) for token in words[0]]


def cut(after: list[str], before: list[str]) -> list[int]:
    """How many of the tokens before each token after is made of."""
    found, rest = list[int](), before
    for token in after:
        n = next(k for k in range(1, len(rest) + 1) if "".join(rest[:k]) == token)
        found.append(n)
        rest = rest[n:]
    assert not rest
    return found


@given(ROWS, SEEDS, RATES)
def test_glued_rows_are_the_same_text_of_single_tokens_and_pairs(rows: Rows, seed: int, rate: float) -> None:
    for before, after in zip(rows, changed(glue, rows, rate, seed), strict=True):
        assert set(cut(after, before)) <= {1, 2}
        assert rate < 1 or after == ["".join(before[k : k + 2]) for k in range(0, len(before), 2)]


def test_the_stronger_the_more_separators_are_lost() -> None:
    """Greedy pairing loses p / (1 + p) of them."""
    lost = [10_000 - len(changed(glue, LONG, rate, 5)[0]) for rate in (0.1, 0.3, 0.5, 0.7, 0.9, 1.0)]
    assert all(a < b for a, b in pairwise(lost)) and lost[-1] == 5_000
    assert abs(lost[0] - 10_000 * 0.1 / 1.1) < 150 and abs(lost[2] - 10_000 / 3) < 150


def test_look_alikes_are_tried_only_where_there_are_some() -> None:
    names = [{probe.name for probe in noise_probes(task)} for task in (TASK, ProbeTask({"ß": 1}, 1))]
    assert names[0] - names[1] == {"noise.look-alike"}
    assert {probe.name for probe in noise_probes(TASK) if probe.lossless} == {"noise.look-alike", "noise.separators"}
