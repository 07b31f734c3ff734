"""Finding `probe.order-brittle`."""

from brittlestar.diagnosis.probes.brittle import report_brittle
from brittlestar.diagnosis.probes.questions import Asked, Findings

CODE = "probe.order-brittle"
THRESHOLD = (
    "More than 5 points of accuracy are lost among rows whose label stays (or 5 % of predictions change where order "
    "should not matter), significant after Holm correction over all tests of the suite."
)


def check(asked: Asked) -> Findings:
    """The order of tokens changes, the true label does not, and accuracy falls.

    **What it means.** The model reads more from order than the rule puts there. Exchanged neighbours or a rotation keep
    the label and change the prediction.

    **How it is decided.** Tokens are shuffled, shuffled within windows, rotated, reversed, exchanged with a neighbour,
    or shuffled but for one position. Where a rule gives true labels (generated data, or a function that relabels), the
    accuracy lost among rows whose label stays is tested, on paired rows and seeds. Without one, only a study that
    declares `expect: {order: invariant}` has something to test: predictions that change.

    **Thresholds.** Present: more than 5 points (5 % of predictions), significant after Holm correction over all tests
    of the suite. Absent: every 95 % interval is below that. Else inconclusive. Models within 10 points of the
    majority class, or half of what is left above it, are not tested.

    **What it cannot see.** Without a rule, whether a model that reacts to order is right to do so. Its reliance on
    order is reported, and never called wrong.

    **What to do.** Train on rows in other orders where the task allows it, or use a model that ignores order.
    Severity: warning.
    """
    yield from report_brittle(
        asked,
        CODE,
        THRESHOLD,
        "Where no label depends on order, train with tokens in random order (data.order: permuted).",
    )
