"""One error budget for all questions of a suite, on simulated suites."""

import numpy as np

from brittlestar.diagnosis.probes.budget import Question, asked_together
from brittlestar.statistics.effects import estimate_effect


def test_all_questions_share_one_error_budget() -> None:
    """Of 300 simulated suites of 40 questions whose truth is the threshold itself, few announce anything."""
    random = np.random.default_rng(3)
    alarms = 0
    for _ in range(300):
        questions = [
            Question("probe.order-brittle", "a", f"{k}", estimate_effect(random.normal(0.05, 0.4, (1, 200)), [0]), 0.05)
            for k in range(40)
        ]
        alarms += any(one.status == "present" for one in asked_together(questions))
    assert alarms <= 0.09 * 300
