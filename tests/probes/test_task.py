"""What probes know of the data, numbers of rows, and how many rows are drawn."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brittlestar.core.seeds import generator
from brittlestar.data.spr import PRESETS, parse_rule
from brittlestar.data.written_rows import rows_of_strings, stack_token_rows
from brittlestar.probes.length import MOST_DRAWN, SWEEP, draw_by_length
from brittlestar.probes.relabelling import broken
from brittlestar.probes.suite import ROWS_TRAINED, Numbers, sample_size
from brittlestar.probes.task import ProbeTask, telling_positions
from tests.data.spr.labelling import label_rows
from tests.probes.making import ROWS, SPR_TASK, Rows, sound


def test_tokens_are_in_the_order_of_their_frequency() -> None:
    task = ProbeTask({"b": 2, "a": 2, "c": 5}, 3)
    assert task.tokens == ("c", "a", "b") and task.shares().tolist() == [5 / 9, 2 / 9, 2 / 9]
    assert task.values(["a"]) == {}
    assert SPR_TASK.values(["▲r", "●", "x"]) == {"shape": ["▲", "●", ""], "colour": ["r", "", ""]}


def information(pairs: list[tuple[str, int]]) -> float:
    """Nats of mutual information less what chance gives, by counting pairs."""
    n, both = len(pairs), Counter(pairs)
    left, right = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    nats = sum(c / n * np.log(c * n / (left[a] * right[b])) for (a, b), c in both.items())
    return nats - (len(left) - 1) * (len(right) - 1) / (2 * n)


@given(ROWS, st.data())
def test_telling_positions_have_the_most_information(rows: Rows, data: st.DataObject) -> None:
    labels = data.draw(st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows)))
    usual = int(np.median([len(row) for row in rows])) if rows else 0
    worth = {
        place + 1: information(
            [(row[place], label) for row, label in zip(rows, labels, strict=True) if len(row) > place]
        )
        for place in range(usual)
    }
    found = telling_positions(rows_of_strings(rows), np.array(labels, np.int32))
    assert len(found) == len(set(found)) == min(usual, 3) and set(found) <= set(worth)
    best = sorted(worth.values(), reverse=True)[:3]
    assert [worth[place] for place in found] == pytest.approx(best)


# Numbers of rows against a plain dictionary


@given(ROWS, st.lists(ROWS, max_size=4))
@settings(max_examples=60, deadline=None)
def test_equal_rows_of_a_condition_and_of_the_rows_as_they_are_share_a_number(
    plain: Rows, conditions: list[Rows]
) -> None:
    numbers = Numbers(rows_of_strings(plain))
    parts = [numbers.first]
    given_out: list[tuple[Rows, np.ndarray]] = [(plain, numbers.plain)]
    first = {tuple(row): int(number) for row, number in zip(plain, numbers.plain, strict=True)}
    for rows in conditions:
        (left, right), added = numbers.add(rows_of_strings(rows), rows_of_strings(rows[::-1]))
        parts.append(added)
        given_out += [(rows, left), (rows[::-1], right)]
        own = {tuple(row): int(number) for row, number in zip(rows, left, strict=True)}
        assert len(set(own.values())) == len(own)
        assert all(first[row] == number for row, number in own.items() if row in first)
        assert added.n_rows == len(set(own) - set(first)), "rows that are there already are not taken twice"
    strings = stack_token_rows(parts).strings()
    for rows, found in given_out:
        assert [strings[number] for number in found.tolist()] == rows


@pytest.mark.parametrize(("train_rows", "epochs"), [(2_000, 30), (30_000, 2), (60_000, 1)])
def test_rows_follow_what_training_reads_however_it_is_dealt_to_epochs(train_rows: int, epochs: int) -> None:
    assert sample_size(train_rows, epochs) == train_rows * epochs // ROWS_TRAINED == 400


# Rows of a rule, drawn at lengths that train lacks


@pytest.mark.parametrize("strength", SWEEP)
@pytest.mark.parametrize("name", PRESETS)
def test_half_are_accepted_and_the_others_break_one_predicate(name: str, strength: float) -> None:
    rule = parse_rule(name)
    rows = draw_by_length(rule, SPR_TASK, strength, generator(0, "tests"))
    assert rows is not None and rows.n_rows == MOST_DRAWN
    sound(rows)
    assert set(rows.lengths.tolist()) == {round(strength * SPR_TASK.longest)}
    assert label_rows(rule, rows.strings()).tolist() == [1] * (MOST_DRAWN // 2) + [0] * (MOST_DRAWN // 2)
    wrong = broken(rule, rows)[MOST_DRAWN // 2 :]
    assert (wrong.sum(axis=1) == 1).all() and wrong.sum(axis=0).min() >= MOST_DRAWN // 2 // len(rule.predicates)


@pytest.mark.parametrize(
    ("rule", "task"),
    [
        ("at least 2 ▲", ProbeTask({"a": 3}, 5)),
        ("at least 2 ▲", ProbeTask({}, 0)),
        ("at least 2 ▲", ProbeTask({"■": 3}, 5)),
        ("at least 2 ▲", ProbeTask({"▲": 3}, 5)),
        ("colour 2 is r", ProbeTask({"▲r": 1}, 6_000)),
        ("at most 2 ▲", ProbeTask({"▲": 1, "■": 1}, 2_500)),
    ],
    ids=["another alphabet", "no tokens", "never accepted", "always accepted", "too long", "next to impossible"],
)
def test_what_cannot_be_drawn(rule: str, task: ProbeTask) -> None:
    assert draw_by_length(parse_rule(rule), task, 2.0, generator(0, "tests")) is None
