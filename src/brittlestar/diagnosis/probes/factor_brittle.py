"""Finding `probe.factor-brittle`."""

from brittlestar.diagnosis.probes.questions import FACTOR, Asked, Findings
from brittlestar.diagnosis.probes.saying import report_brittle

CODE = FACTOR
THRESHOLD = (
    "More than 5 points of accuracy are lost among rows whose label stays (or 5 % of predictions change where the "
    "factor should not matter), significant after Holm correction over all tests of the suite."
)


def check(asked: Asked) -> Findings:
    """A factor changes, the label does not, and the answer does.

    **What it means.** The model relies on a part of the tokens that does not decide about these rows: a shortcut that
    train allows.

    **How it is decided.** As in `probe.factor-blind`, or with all values set to one, on rows whose true label stays.
    Without a rule, only `expect: {factors: invariant}` has something to test: predictions that change.

    **Thresholds.** As in `probe.order-brittle`.

    **What it cannot see.** Anything where nobody knows what should hold. Combinations that train lacks cost what new
    tokens cost.

    **What to do.** Vary the factor in train independently of the label, or leave it out (`data.factor`).
    """
    remedy = "Vary the factor in train independently of the label, or leave it out (data.factor)."
    yield from report_brittle(asked, CODE, THRESHOLD, remedy)
