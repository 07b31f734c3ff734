"""What answers to the rows as they are tell of a variant: slices far below the rest, and confidence."""

from dataclasses import replace

from brittlestar.diagnosis.probes.budget import SuiteTest
from brittlestar.diagnosis.probes.phrasing import format_effect
from brittlestar.diagnosis.probes.readings import ProbedVariant
from brittlestar.diagnosis.probes.results import judge_tests, probe_check
from brittlestar.diagnosis.probes.suite_tests import CALIBRATION, SLICE, SuiteTests
from brittlestar.diagnosis.results import Result


@probe_check(
    SLICE,
    "A slice of 30 rows at least scores more than 10 points of accuracy below the other rows, significant after Holm "
    "correction over all tests of the suite.",
)
def eval_slice(suite: SuiteTests, variant: ProbedVariant, code: str) -> Result | None:
    """A slice far below the rest.

    **What it means.** The mean hides rows on which the model is much worse: one class, short or long rows, one group.

    **How it is decided.** Accuracy of the rows outside a slice less that inside, over seeds and probed rows. Slices are
    each class, the shortest and the longest third of the rows, each number of distinct values of a factor, and the ten
    largest groups.

    **Thresholds.** As in the rule. Absent: every 95 % interval is below 10 points. Severity: warning.

    **What it cannot see.** Slices of fewer than 30 rows, or that nobody named; a gap that another property explains.

    **What to do.** Report the slice beside the mean, or give it more weight in training.
    """

    def say(one: SuiteTest) -> str:
        own = variant.plain.by_slice.get(one.name)
        rows = "" if own is None else f" ({own.rows:,} rows)"
        return f"accuracy on {one.name}{rows} is {format_effect(one.effect)} below the other rows"

    return judge_tests(suite, variant, code, say)


@probe_check(
    CALIBRATION,
    "Mean confidence is more than 5 points above or below accuracy, significant after Holm correction over all tests "
    "of the suite.",
)
def eval_calibration(suite: SuiteTests, variant: ProbedVariant, code: str) -> Result | None:
    """Confidence does not fit accuracy.

    **What it means.** A model that is 95 % sure and right on 80 % misleads whoever acts on its probabilities.

    **How it is decided.** The probability of the predicted class less whether it is right, mean over seeds and rows of
    the split (calibration in the large).

    **Thresholds.** As in the rule. Absent: the 95 % interval within 5 points. Severity: warning; information where a
    model is less sure than it could be, as label smoothing makes it.

    **What it cannot see.** Errors that cancel: too sure here and too unsure there. The metric `ece` counts them by bin.

    **What to do.** Fit a temperature on dev: one number that all logits are divided by.
    """

    def say(one: SuiteTest) -> str:
        side = "above" if one.name == "over-confident" else "below"
        return f"mean confidence is {format_effect(one.effect)} {side} accuracy"

    found = judge_tests(suite, variant, code, say)
    unsure = found is not None and "over-confident" not in found.evidence["present"]
    return replace(found, severity="info") if found is not None and unsure else found
