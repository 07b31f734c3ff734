"""Finding `probe.order-brittle`."""

from __future__ import annotations

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes.brittle import brittle
from brittlestar.diagnosis.probes.questions import Asked

CODE = "probe.order-brittle"
THRESHOLD = (
    "More than 5 points of accuracy are lost among rows whose true label stays (or more than 5 % of predictions "
    "change, where the study says that order does not matter) under some condition, corrected over all questions of "
    "the suite (Holm)."
)


def check(asked: Asked) -> Iterator[Finding]:
    """The order of tokens changes, the true label does not, and accuracy falls.

    **What it means.** The model reads more out of the order than the rule puts in: an exchange of neighbours, or a
    rotation, that leaves the label as it is turns the prediction.

    **How it is decided.** Rows are shuffled, shuffled within windows, rotated, reversed, their neighbours exchanged,
    or shuffled but for one position. Where a rule gives true labels (generated data, or a function that relabels), the
    accuracy that is lost among rows whose label stays, on paired rows and seeds, is held against the threshold. Where
    none does, only a study that says `expect: {order: invariant}` has something to hold: predictions that change.

    **Thresholds.** Present: more than 5 points, and the one-sided p against that, corrected over every question of
    the suite (Holm), is at most 5 %. Absent: the whole 95 % interval is below 5 points in every condition.
    Inconclusive: too near to tell, or nobody knows what order should do.

    **What it cannot see.** Whether a model that changes with order is right to do so, where no rule is known: how much
    of its score hangs on order is told, and never called wrong.

    **What to do.** Train on rows in other orders where the task allows it, or use a model that order cannot reach.
    Severity: warning.
    """
    yield from brittle(
        asked,
        CODE,
        THRESHOLD,
        "Where no label hangs on order, train with tokens in random order (data.order: permuted).",
    )
