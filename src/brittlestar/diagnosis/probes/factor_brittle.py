"""Finding `probe.factor-brittle`."""

from __future__ import annotations

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes.brittle import brittle
from brittlestar.diagnosis.probes.questions import FACTOR, Asked

CODE = FACTOR
THRESHOLD = (
    "Among rows whose true label stays, more than 5 points of accuracy are lost (or more than 5 % of predictions "
    "change where none should) when values of a factor change, corrected over all questions of the suite (Holm)."
)


def check(asked: Asked) -> Iterator[Finding]:
    """A factor changes, the label does not, and the answer does.

    **What it means.** The model leans on a part of the tokens that does not decide about these rows: a shortcut that
    train allows, and other data may not.

    **How it is decided.** The values of one factor change places within each row, are drawn anew as often as train has
    them, or become one; the other factors stay. Only rows whose true label stays are counted. Without a rule, and where
    the study says `expect: {factors: invariant}`, predictions that change.

    **Thresholds.** Present: more than 5 points (or 5 % of predictions), corrected over all questions of the suite.
    Absent: the whole interval is below that in every condition. Else inconclusive.

    **What it cannot see.** Anything where nobody knows what should hold. Values that train never combines with the rest
    of a token are new to the model, and cost what new tokens cost.

    **What to do.** Vary the factor in train independently of the label, or leave it out (`data.factor`).
    Severity: warning.
    """
    remedy = "Vary the factor in train independently of the label, or leave it out (data.factor)."
    yield from brittle(asked, CODE, THRESHOLD, remedy)
