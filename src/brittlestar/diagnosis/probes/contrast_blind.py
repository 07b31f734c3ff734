"""Finding `probe.contrast-blind`."""

from __future__ import annotations

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes.blind import blind
from brittlestar.diagnosis.probes.questions import Asked

CODE = "probe.contrast-blind"
THRESHOLD = (
    "Among pairs of nearly equal rows with two labels (30 at least), fewer than 20 % of predictions differ, corrected "
    "over all questions of the suite (Holm)."
)


def check(asked: Asked) -> Iterator[Finding]:
    """A minimal edit turns the label, and the prediction stays.

    **What it means.** What the edit touches decides about the label, and the model does not look at it. Of a generated
    task the finding names the part of the rule that was not learned.

    **How it is decided.** Pairs of rows that differ in one token and have two labels: near misses of a generated task,
    one kind for each part of its rule; one token replaced where a function gives true labels; or pairs that are given
    (`probes: {pairs: FILE}`). Counted are pairs whose two rows get two predictions.

    **Thresholds.** Present: fewer than 20 % of the pairs, and the one-sided p against that, corrected over all
    questions of the suite, is at most 5 %. Absent: the whole interval is above it. Else inconclusive.

    **What it cannot see.** Whether both predictions are right; the accuracy on the edited rows stands beside it. Rules
    of which no single token decides.

    **What to do.** Put such pairs into train, or see why the model cannot tell them apart: its tokens, its embedding,
    its order. Severity: warning.
    """
    yield from blind(asked, CODE, THRESHOLD, "Put such pairs into train, or see which part of a row the model lacks.")
