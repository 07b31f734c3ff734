"""The calibration suite, reduced: sound methods pass, and the bad ones are noticed."""

import numpy as np

from exam.calibration.__main__ import calibrate
from exam.calibration.entry import Entry
from exam.calibration.seeds import false_alarms


def test_every_entry_of_the_reduced_suite_passes() -> None:
    entries = list(calibrate(400))
    assert not [entry.name for entry in entries if not entry.passed]
    assert sum(entry.control for entry in entries) >= 7 and len(entries) > 90


def test_a_method_that_always_announces_fails_and_a_control_that_is_sound_is_noticed() -> None:
    rate = false_alarms(
        lambda random, studies, n: random.normal(size=(studies, n)), 5, lambda d: np.ones(len(d)) > 0, 50, "x"
    )
    assert not Entry("always", rate, 50, 0.0, 0.1).passed
    assert not Entry("sound", 0.05, 50, 0.0, 0.1, True).passed
