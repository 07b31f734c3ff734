"""Finding `probe.length-brittle`."""

from __future__ import annotations

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes.brittle import brittle
from brittlestar.diagnosis.probes.questions import Asked

CODE = "probe.length-brittle"
THRESHOLD = (
    "More than 5 points of accuracy are lost (or more than 5 % of predictions change where none should) under some "
    "condition, corrected over all questions of the suite (Holm)."
)


def check(asked: Asked) -> Iterator[Finding]:
    """Rows of another length, and accuracy falls.

    **What it means.** What was learned holds for lengths that train has. A rule that counts, or a model whose state
    fades, often fails beyond them.

    **How it is decided.** Rows are cropped, repeated, followed by random tokens, or given a prefix or suffix of train's
    most frequent token, and get their true labels from the rule. Where the rule is one of the generator's, rows are
    also drawn anew at 2, 4 and 10 times train's longest, half of them accepted.

    **Thresholds.** Present: more than 5 points, corrected over all questions of the suite. Absent: the whole interval
    is below 5 points in every condition. Else inconclusive.

    **What it cannot see.** Without a rule or a shifted split of longer rows, accuracy at other lengths.

    **What to do.** Train on the lengths that are expected, or use positions and pooling that carry over.
    Severity: warning.
    """
    yield from brittle(
        asked,
        CODE,
        THRESHOLD,
        "Train on the lengths that are expected; compare model.pooling and model.positions.",
    )
