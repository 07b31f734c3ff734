"""Finding `eval.calibration`."""

from __future__ import annotations

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes.budget import Question
from brittlestar.diagnosis.probes.questions import CALIBRATION, Asked
from brittlestar.diagnosis.probes.saying import findings, told

CODE = CALIBRATION
THRESHOLD = (
    "The mean confidence lies more than 5 points above or below the accuracy, corrected over all questions of the "
    "suite (Holm)."
)


def check(asked: Asked) -> Iterator[Finding]:
    """Confidence does not fit accuracy.

    **What it means.** A model that is sure of 95 % of its answers and right on 80 % misleads whoever acts on its
    probabilities; thresholds on them, and their log loss, mean nothing.

    **How it is decided.** The probability of the predicted class less whether it is right, mean over seeds and rows of
    the split as it is (calibration in the large).

    **Thresholds.** Present: more than 5 points either way, corrected over all questions of the suite. Absent: the whole
    interval within 5 points. Else inconclusive.

    **What it cannot see.** Errors that cancel: too sure here and too unsure there. The metric `ece` counts them by bin.

    **What to do.** Fewer epochs, label smoothing, or a temperature fitted on dev. Severity: warning.
    """

    def say(one: Question) -> str:
        return f"{one.name}: mean confidence and accuracy differ by {told(one.effect)}"

    yield from findings(
        asked, CODE, THRESHOLD, say, "Try training.label_smoothing: 0.1 or fewer epochs, or fit a temperature on dev."
    )
