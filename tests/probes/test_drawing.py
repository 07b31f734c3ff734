"""Rows of a rule, drawn at lengths that train lacks."""

from collections import Counter

import pytest

from brittlestar.core.seeds import generator
from brittlestar.data.spr import PRESETS, label_rows, parse_rule
from brittlestar.probes.length import MOST_DRAWN, SWEEP, draw_rows
from brittlestar.probes.relabelling import broken
from brittlestar.probes.task import Task

from .making import SPR_TASK, sound, tokens_of


@pytest.mark.parametrize("strength", SWEEP)
@pytest.mark.parametrize("name", PRESETS)
def test_half_are_accepted_and_the_others_break_one_predicate(name: str, strength: float) -> None:
    rule = parse_rule(name)
    rows = draw_rows(rule, SPR_TASK, strength, generator(0, "tests"))
    assert rows is not None and rows.n_rows == MOST_DRAWN
    sound(rows)
    assert set(rows.lengths.tolist()) == {round(strength * SPR_TASK.longest)}
    assert label_rows(rule, rows.strings()).tolist() == [1] * (MOST_DRAWN // 2) + [0] * (MOST_DRAWN // 2)
    wrong = broken(rule, rows)[MOST_DRAWN // 2 :]
    assert (wrong.sum(axis=1) == 1).all() and wrong.sum(axis=0).min() >= MOST_DRAWN // 2 // len(rule.predicates)


def test_tokens_come_as_often_as_in_train() -> None:
    task = Task({"▲r": 60, "■g": 30, "●": 10, "alien": 50}, 40)
    rows = draw_rows(parse_rule("even number of ■"), task, 2.0, generator(0, "tests"))
    assert rows is not None
    counts = Counter(tokens_of(rows.strings()))
    assert set(counts) == {"▲r", "■g", "●"}
    assert abs(counts["▲r"] / counts.total() - 0.6) < 0.02 and abs(counts["●"] / counts.total() - 0.1) < 0.02


@pytest.mark.parametrize(
    ("rule", "task"),
    [
        ("at least 2 ▲", Task({"a": 3}, 5)),
        ("at least 2 ▲", Task({}, 0)),
        ("at least 2 ▲", Task({"■": 3}, 5)),
        ("at least 2 ▲", Task({"▲": 3}, 5)),
        ("colour 2 is r", Task({"▲r": 1}, 6_000)),
        ("at most 2 ▲", Task({"▲": 1, "■": 1}, 2_500)),
    ],
    ids=["another alphabet", "no tokens", "never accepted", "always accepted", "too long", "next to impossible"],
)
def test_what_cannot_be_drawn(rule: str, task: Task) -> None:
    assert draw_rows(parse_rule(rule), task, 2.0, generator(0, "tests")) is None
