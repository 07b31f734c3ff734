"""Finding `probe.order-brittle`."""

from brittlestar.diagnosis.probes.questions import Asked, Findings
from brittlestar.diagnosis.probes.saying import report_brittle

CODE = "probe.order-brittle"
THRESHOLD = (
    "More than 5 points of accuracy are lost among rows whose label stays (or 5 % of predictions change where order "
    "should not matter), significant after Holm correction over all tests of the suite."
)


def check(asked: Asked) -> Findings:
    """The order of tokens changes, the true label does not, and accuracy falls.

    **What it means.** The model reads more from order than the rule puts there.

    **How it is decided.** Tokens are shuffled, also within windows or but for one position, rotated, reversed, or
    exchanged with a neighbour. Where a rule gives true labels, the accuracy lost among rows whose label stays is
    tested, on paired rows and seeds; without one only what the study declares (`expect: {order: invariant}`):
    predictions that change.

    **Thresholds.** As in the rule. Absent: every 95 % interval is below that. Models within 10 points of the majority
    class, or half of what is left above it, are not tested. Severity: warning.

    **What it cannot see.** Without a rule, whether a model that reacts to order is right to do so.

    **What to do.** Train on rows in other orders where the task allows it, or use a model that ignores order.
    """
    yield from report_brittle(
        asked,
        CODE,
        THRESHOLD,
        "Where no label depends on order, train with tokens in random order (data.order: permuted).",
    )
