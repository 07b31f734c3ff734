"""Finding `eval.slice`."""

from brittlestar.diagnosis.probes.budget import Question
from brittlestar.diagnosis.probes.phrasing import format_effect
from brittlestar.diagnosis.probes.questions import SLICE, Asked, Findings
from brittlestar.diagnosis.probes.readings import ProbedArm
from brittlestar.diagnosis.probes.saying import make_findings

CODE = SLICE
THRESHOLD = (
    "A slice of 30 rows at least scores more than 10 points of accuracy below the other rows, significant after Holm "
    "correction over all tests of the suite."
)


def check(asked: Asked) -> Findings:
    """A slice far below the rest.

    **What it means.** The mean hides rows on which the model is much worse: one class, short or long rows, one group.

    **How it is decided.** Accuracy of the rows outside a slice less that inside, over seeds and probed rows. Slices are
    each class, the shortest and the longest third of the rows, each number of distinct values of a factor, and the ten
    largest groups.

    **Thresholds.** As in the rule. Absent: every 95 % interval is below 10 points. Severity: warning.

    **What it cannot see.** Slices of fewer than 30 rows, or that nobody named; a gap that another property explains.

    **What to do.** Report the slice beside the mean; weight or add its rows in training.
    """

    def say(arm: ProbedArm, one: Question) -> str:
        own = arm.plain.by_slice.get(one.name)
        rows = "" if own is None else f" ({own.rows:,} rows)"
        return f"accuracy on {one.name}{rows} is {format_effect(one.effect)} below the other rows"

    remedy = "Report the slice beside the mean, or balance it in training (training.class_weights: balanced)."
    yield from make_findings(asked, CODE, THRESHOLD, say, remedy)
