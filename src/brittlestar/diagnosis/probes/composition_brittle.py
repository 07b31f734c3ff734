"""Finding `probe.composition-brittle`."""

from __future__ import annotations

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes.brittle import brittle
from brittlestar.diagnosis.probes.questions import Asked

CODE = "probe.composition-brittle"
THRESHOLD = (
    "More than 5 points of accuracy are lost (or more than 5 % of predictions change where none should) under some "
    "condition, corrected over all questions of the suite (Holm)."
)


def check(asked: Asked) -> Iterator[Finding]:
    """Other symbols, or other shares of the same symbols, and accuracy falls.

    **What it means.** The score belongs to the mix of symbols that the split happens to have.

    **How it is decided.** Unseen tokens are put in, tokens change names among themselves, and the rows are weighted so
    that the share of one symbol moves by a stated number of nats; the last needs no rule, since no row changes.

    **Thresholds.** Present: more than 5 points, corrected over all questions of the suite. Absent: the whole interval
    is below 5 points in every condition. Else inconclusive.

    **What it cannot see.** Without a rule, what happens to rows whose tokens change. Weights that would make single
    rows count more than fifty others are left out, and named.

    **What to do.** Train on more mixes of symbols; report the score on the mix that is expected. Severity: warning.
    """
    yield from brittle(
        asked,
        CODE,
        THRESHOLD,
        "Train on more mixes of symbols, or report the score for the mix that is expected.",
    )
