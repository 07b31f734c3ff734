"""Finding `probe.length-brittle`."""

from brittlestar.diagnosis.probes.questions import Asked, Findings
from brittlestar.diagnosis.probes.saying import report_brittle

CODE = "probe.length-brittle"
THRESHOLD = (
    "More than 5 points of accuracy are lost (or more than 5 % of predictions change where none should) under one "
    "condition, significant after Holm correction over all tests of the suite."
)


def check(asked: Asked) -> Findings:
    """Rows of another length, and accuracy falls.

    **What it means.** What was learned holds for the lengths in train. A rule that counts, or a model whose state
    fades, often fails beyond them.

    **How it is decided.** Rows are cropped, repeated, extended by random tokens, or by train's most frequent one; the
    rule gives their true labels. Generated rows are also drawn anew at 2, 4 and 10 times train's longest row, half of
    them accepted.

    **Thresholds.** As in `probe.order-brittle`; accuracy afterwards must be above the majority class of the changed
    rows, too.

    **What it cannot see.** Without a rule or a shifted split of longer rows, accuracy at other lengths.

    **What to do.** Train on the lengths that you expect; compare `model.pooling` and `model.positions`.
    """
    remedy = "Train on the lengths that you expect; compare model.pooling and model.positions."
    yield from report_brittle(asked, CODE, THRESHOLD, remedy)
