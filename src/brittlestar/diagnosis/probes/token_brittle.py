"""Finding `probe.token-brittle`."""

from __future__ import annotations

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes.brittle import brittle
from brittlestar.diagnosis.probes.questions import Asked

CODE = "probe.token-brittle"
THRESHOLD = (
    "More than 5 points of accuracy are lost (or more than 5 % of predictions change) under some condition, corrected "
    "over all questions of the suite (Holm)."
)


def check(asked: Asked) -> Iterator[Finding]:
    """A lossless change of tokenisation changes the result.

    **What it means.** The text says the same and the model answers otherwise, since its vocabulary knows one spelling.

    **How it is decided.** Tokens are cut into characters or factor values, joined in twos, or written in another
    normal form of Unicode where that changes them. Nothing is lost, so that the true label stays; without a rule the
    predictions that change are counted.

    **Thresholds.** Present: more than 5 points (or 5 % of predictions), corrected over all questions of the suite.
    Absent: the whole interval is below that in every condition. Else inconclusive.

    **What it cannot see.** Whether such a change will ever happen: a fixed pipeline may rule it out.

    **What to do.** Fix the tokenisation where the data come in, or train on several. Severity: warning, info where
    the vocabulary was built for one tokenisation and all of its tokens become unknown.
    """
    yield from brittle(asked, CODE, THRESHOLD, "Normalise text where it comes in, or train on several tokenisations.")
