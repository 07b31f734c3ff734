"""Finding `probe.noise-brittle`."""

from brittlestar.diagnosis.probes.questions import Asked, Findings
from brittlestar.diagnosis.probes.saying import report_brittle

CODE = "probe.noise-brittle"
THRESHOLD = (
    "More than 5 points of accuracy are lost (or more than 5 % of predictions change where none should) under one "
    "condition, significant after Holm correction over all tests of the suite."
)


def check(asked: Asked) -> Findings:
    """A little noise, and accuracy falls.

    **What it means.** Scanners, keyboards and pipelines lose, double, replace or glue one token in ten, or write it
    with look-alike characters. This model does not stand that.

    **How it is decided.** The rule gives true labels of changed rows; look-alikes and lost separators keep them.
    Without a rule, only look-alikes have something to test: predictions that change.

    **Thresholds.** As in `probe.order-brittle`.

    **What it cannot see.** Without a rule, whether a lost token should have changed the answer.

    **What to do.** Train with the same noise, or clean rows before they are scored.
    """
    yield from report_brittle(
        asked, CODE, THRESHOLD, "Train with the same noise, or clean rows before they are scored."
    )
