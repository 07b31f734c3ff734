"""Finding `probe.noise-brittle`."""

from __future__ import annotations

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes.brittle import brittle
from brittlestar.diagnosis.probes.questions import Asked

CODE = "probe.noise-brittle"
THRESHOLD = (
    "More than 5 points of accuracy are lost (or more than 5 % of predictions change where none should) under some "
    "condition, corrected over all questions of the suite (Holm)."
)


def check(asked: Asked) -> Iterator[Finding]:
    """A little noise, and accuracy falls.

    **What it means.** One token in ten lost, doubled, replaced, written with a look-alike or glued to the next one is
    what scanners, keyboards and pipelines do.

    **How it is decided.** Noise at a stated rate; true labels of the changed rows come from the rule, and look-alikes
    and lost separators leave them as they were. Without a rule only look-alikes are held against anything.

    **Thresholds.** Present: more than 5 points (or 5 % of predictions), corrected over all questions of the suite.
    Absent: the whole interval is below that in every condition. Else inconclusive.

    **What it cannot see.** Without a rule, whether a lost token should have changed the answer.

    **What to do.** Train with the same noise, or clean rows before they are scored. Severity: warning.
    """
    yield from brittle(asked, CODE, THRESHOLD, "Train with the same noise, or clean rows before they are scored.")
