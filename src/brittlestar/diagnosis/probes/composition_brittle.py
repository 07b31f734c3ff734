"""Finding `probe.composition-brittle`."""

from brittlestar.diagnosis.probes.brittle import report_brittle
from brittlestar.diagnosis.probes.questions import Asked, Findings

CODE = "probe.composition-brittle"
THRESHOLD = (
    "More than 5 points of accuracy are lost (or more than 5 % of predictions change where none should) under one "
    "condition, significant after Holm correction over all tests of the suite."
)


def check(asked: Asked) -> Findings:
    """Other symbols, or other shares of the same symbols, and accuracy falls.

    **What it means.** The score belongs to the mix of symbols that the split happens to have.

    **How it is decided.** Tokens that train lacks are inserted, tokens are renamed among themselves, and rows are
    weighted so that one symbol becomes more frequent by a stated number of nats. The last needs no rule, since no row
    changes.

    **Thresholds.** Present: more than 5 points, significant after Holm correction over all tests of the suite. Absent:
    every 95 % interval is below 5 points, and accuracy afterwards is above the majority class of the changed rows.
    Else inconclusive. Models near the majority class are not tested (see `probe.order-brittle`).

    **What it cannot see.** Without a rule, what happens to rows whose tokens change. Weights that would make one row
    count more than fifty others are left out, and named.

    **What to do.** Train on more mixes of symbols, or report the score for the mix that you expect. Severity: warning.
    """
    remedy = "Train on more mixes of symbols, or report the score for the mix that you expect."
    yield from report_brittle(asked, CODE, THRESHOLD, remedy)
