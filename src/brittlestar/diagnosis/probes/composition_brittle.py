"""Finding `probe.composition-brittle`."""

from brittlestar.diagnosis.probes.questions import Asked, Findings
from brittlestar.diagnosis.probes.saying import report_brittle

CODE = "probe.composition-brittle"
THRESHOLD = (
    "More than 5 points of accuracy are lost (or more than 5 % of predictions change where none should) under one "
    "condition, significant after Holm correction over all tests of the suite."
)


def check(asked: Asked) -> Findings:
    """Other symbols, or other shares of the same symbols, and accuracy falls.

    **What it means.** The score belongs to the mix of symbols that the split happens to have.

    **How it is decided.** Tokens that train lacks are inserted, tokens are renamed among themselves, and rows are
    weighted so that one symbol becomes more frequent by a stated number of nats, which needs no rule.

    **Thresholds.** As in `probe.order-brittle`; accuracy afterwards must be above the majority class of the changed
    rows, too.

    **What it cannot see.** Without a rule, rows whose tokens change. Weights by which one row counts more than fifty
    others are left out, and named.

    **What to do.** Train on more mixes of symbols, or report the score for the mix that you expect.
    """
    remedy = "Train on more mixes of symbols, or report the score for the mix that you expect."
    yield from report_brittle(asked, CODE, THRESHOLD, remedy)
