"""Finding `eval.calibration`."""

from dataclasses import replace

from brittlestar.diagnosis.probes.budget import Question
from brittlestar.diagnosis.probes.phrasing import format_effect
from brittlestar.diagnosis.probes.questions import CALIBRATION, Asked, Findings
from brittlestar.diagnosis.probes.readings import ProbedArm
from brittlestar.diagnosis.probes.saying import make_findings

CODE = CALIBRATION
THRESHOLD = (
    "Mean confidence is more than 5 points above or below accuracy, significant after Holm correction over all tests "
    "of the suite."
)


def check(asked: Asked) -> Findings:
    """Confidence does not fit accuracy.

    **What it means.** A model that is 95 % sure and right on 80 % misleads whoever acts on its probabilities.

    **How it is decided.** The probability of the predicted class less whether it is right, mean over seeds and rows of
    the split (calibration in the large).

    **Thresholds.** As in the rule. Absent: the 95 % interval within 5 points. Severity: warning; information where a
    model is less sure than it could be, as label smoothing makes it.

    **What it cannot see.** Errors that cancel: too sure here and too unsure there. The metric `ece` counts them by bin.

    **What to do.** Fit a temperature on dev: one number that all logits are divided by. Against too much confidence,
    fewer epochs or label smoothing help, too.
    """

    def say(arm: ProbedArm, one: Question) -> str:
        side = "above" if one.name == "over-confident" else "below"
        return f"mean confidence is {format_effect(one.effect)} {side} accuracy"

    remedy = "Fit a temperature on dev: one number that all logits are divided by."
    for found in make_findings(asked, CODE, THRESHOLD, say, remedy):
        unsure = found.status == "present" and "over-confident" not in found.evidence["present"]
        yield replace(found, severity="info") if unsure else found
