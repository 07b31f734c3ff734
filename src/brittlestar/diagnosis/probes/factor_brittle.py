"""Finding `probe.factor-brittle`."""

from brittlestar.diagnosis.probes.brittle import report_brittle
from brittlestar.diagnosis.probes.questions import FACTOR, Asked, Findings

CODE = FACTOR
THRESHOLD = (
    "More than 5 points of accuracy are lost among rows whose label stays (or 5 % of predictions change where the "
    "factor should not matter), significant after Holm correction over all tests of the suite."
)


def check(asked: Asked) -> Findings:
    """A factor changes, the label does not, and the answer does.

    **What it means.** The model relies on a part of the tokens that does not decide about these rows: a shortcut that
    train allows, and other data may not.

    **How it is decided.** The values of one factor are shuffled within each row, drawn anew as often as train has
    them, or set to one; the other factors stay. Only rows whose true label stays are counted. Without a rule, only
    a study that declares `expect: {factors: invariant}` has something to test: predictions that change.

    **Thresholds.** Present: more than 5 points (5 % of predictions), significant after Holm correction over all tests
    of the suite. Absent: every 95 % interval is below that. Else inconclusive. Models near the majority class are not
    tested (see `probe.order-brittle`).

    **What it cannot see.** Anything where nobody knows what should hold. Combinations of values that train lacks are
    new to the model, and cost what new tokens cost.

    **What to do.** Vary the factor in train independently of the label, or leave it out (`data.factor`).
    Severity: warning.
    """
    remedy = "Vary the factor in train independently of the label, or leave it out (data.factor)."
    yield from report_brittle(asked, CODE, THRESHOLD, remedy)
