"""Finding `eval.slice`."""

from __future__ import annotations

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes.budget import Question
from brittlestar.diagnosis.probes.questions import SLICE, Asked
from brittlestar.diagnosis.probes.saying import findings, told

CODE = SLICE
THRESHOLD = (
    "A slice of 30 rows at least scores more than 10 points of accuracy below the other rows, corrected over all "
    "questions of the suite (Holm)."
)


def check(asked: Asked) -> Iterator[Finding]:
    """A slice far below the rest.

    **What it means.** The mean hides rows on which the model is much worse: one class, short or long rows, one group.

    **How it is decided.** Accuracy of the rows outside a slice less that inside, over seeds and rows, on the rows that
    are probed. Slices are each class, the shortest and the longest third of the rows, each number of distinct values
    of a factor, and the ten largest groups.

    **Thresholds.** Present: more than 10 points, corrected over all questions of the suite. Absent: the whole interval
    is below 10 points for each slice. Else inconclusive. Slices of fewer than 30 rows are not looked at.

    **What it cannot see.** Slices that nobody named; a gap that another property explains.

    **What to do.** Report the slice beside the mean; weight or add its rows in training. Severity: warning.
    """

    def say(one: Question) -> str:
        return f"{one.name} (at least {one.effect.rows:,} rows) scores {told(one.effect)} below the other rows"

    yield from findings(
        asked,
        CODE,
        THRESHOLD,
        say,
        "Report the slice beside the mean, or balance it in training (training.class_weights: balanced).",
    )
