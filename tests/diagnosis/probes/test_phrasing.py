"""Effects and conditions in words, and one error budget for all questions of a suite."""

import re
from dataclasses import replace

import numpy as np
import pytest

from brittlestar.diagnosis.probes.budget import MEASURES, SuiteTest, share_error_budget
from brittlestar.diagnosis.probes.phrasing import (
    describe_interval,
    describe_loss,
    format_points,
    write_sentence,
    write_summary,
)
from brittlestar.diagnosis.probes.readings import ConditionReading
from brittlestar.probes.default import known_probes
from brittlestar.statistics.effects import Effect, estimate_effect
from tests.diagnosis.probes.making import condition
from tests.probes.making import SPR_TASK

LOST = Effect(0.2891, 0.02, 4.0, 1000, {0: 0.28, 1: 0.3}, -1.0)
MOST_WORDS = 25
TITLES = [
    *(probe.write_title(strength) for probe in known_probes(SPR_TASK) for strength in probe.strengths),
    "longer rows of the same rule (10 times train's longest)",
    "one token replaced so that only 'first ▲ before ●' is broken",
]
ONE_ROW = [one for one in MEASURES if one.startswith(("accuracy lost", "predictions", "rows"))]


def count_words(text: str) -> int:
    """Words of a text; a number with its unit and its interval is one."""
    return len(re.sub(r" %? ?\[[^]]*\]| %", "", text).split())


@pytest.mark.parametrize("measure", ONE_ROW)
def test_a_sentence_has_25_words_at_most(measure: str) -> None:
    for title in TITLES:
        one = replace(condition("order.window@4", expectation="away from 1"), title=title)
        reading = ConditionReading(replace(one, probe="contrast.near-miss:1") if "replaced so" in title else one)
        question = SuiteTest("c", one.name, LOST, 0.05, below="changed among rows" in measure, measure=measure)
        for text in (write_sentence(question, reading), f"main: {write_summary(question, reading)} ({one.name})."):
            assert count_words(text) <= MOST_WORDS, text
            assert title in text and "28.9" in text and "  " not in text and ", ," not in text


def test_numbers_have_one_decimal_and_one_minus() -> None:
    assert [format_points(value) for value in (0.2891, -0.0004, -0.012, 1.0)] == ["28.9", "0.0", "−1.2", "100.0"]
    assert describe_loss(LOST).startswith("accuracy falls by 28.9 points [")
    risen = replace(LOST, estimate=-0.004, error=0.005)
    low, high = risen.interval()
    assert describe_loss(risen) == (
        f"accuracy rises by 0.4 points [{format_points(-high)}, {format_points(-low)}]"
    ) and format_points(-high).startswith("−")


def test_an_interval_says_what_it_is_over() -> None:
    assert describe_interval(LOST) == "Interval: 95 % over 2 seeds and 1,000 rows; worst seed 30.0."
    assert describe_interval(LOST, below=True).endswith("worst seed 28.0.")
    assert describe_interval(replace(LOST, by_seed={0: 0.3})) == "Interval: 95 % over 1,000 rows, one seed."


# One error budget for all questions of a suite, on simulated suites


def test_all_questions_share_one_error_budget() -> None:
    """Of 300 simulated suites of 40 questions whose truth is the threshold itself, few announce anything."""
    random = np.random.default_rng(3)
    alarms = 0
    for _ in range(300):
        questions = [
            SuiteTest("probe.order-brittle", f"{k}", estimate_effect(random.normal(0.05, 0.4, (1, 200)), [0]), 0.05)
            for k in range(40)
        ]
        alarms += any(test.status == "present" for test in share_error_budget(questions))
    assert alarms <= 0.09 * 300
