"""Finding `probe.length-brittle`."""

from brittlestar.diagnosis.probes.brittle import report_brittle
from brittlestar.diagnosis.probes.questions import Asked, Findings

CODE = "probe.length-brittle"
THRESHOLD = (
    "More than 5 points of accuracy are lost (or more than 5 % of predictions change where none should) under one "
    "condition, significant after Holm correction over all tests of the suite."
)


def check(asked: Asked) -> Findings:
    """Rows of another length, and accuracy falls.

    **What it means.** What was learned holds for the lengths in train. A rule that counts, or a model whose state
    fades, often fails beyond them.

    **How it is decided.** Rows are cropped, repeated, extended by random tokens, or given a prefix or suffix of train's
    most frequent token. The rule gives their true labels. For generated data, rows are also drawn anew at 2, 4 and 10
    times train's longest row, half of them accepted.

    **Thresholds.** Present: more than 5 points, significant after Holm correction over all tests of the suite. Absent:
    every 95 % interval is below 5 points, and accuracy afterwards is above the majority class of the changed rows.
    Else inconclusive. Models near the majority class are not tested (see `probe.order-brittle`).

    **What it cannot see.** Without a rule or a shifted split of longer rows, accuracy at other lengths.

    **What to do.** Train on the lengths that you expect; compare `model.pooling` and `model.positions`. Severity:
    warning.
    """
    remedy = "Train on the lengths that you expect; compare model.pooling and model.positions."
    yield from report_brittle(asked, CODE, THRESHOLD, remedy)
