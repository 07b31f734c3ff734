"""Finding `probe.combination-brittle`."""

from __future__ import annotations

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.arms import evaluation_split
from brittlestar.diagnosis.probes.budget import Question
from brittlestar.diagnosis.probes.questions import COMBINATION, Asked
from brittlestar.diagnosis.probes.saying import findings, seeds_told, told

CODE = COMBINATION
THRESHOLD = (
    "More than 5 points of accuracy are lost from test to a shifted split with combinations that train never shows, "
    "corrected over all questions of the suite (Holm)."
)


def check(asked: Asked) -> Iterator[Finding]:
    """Known parts in new combinations, and accuracy falls.

    **What it means.** The model has learned combinations by heart where the task is made of parts.

    **How it is decided.** For each shifted split in which the audit found combinations that train never shows although
    their parts are frequent there (`shift.combination`): accuracy on test less accuracy there, over seeds and rows.

    **Thresholds.** Present: more than 5 points, corrected over all questions of the suite. Absent: the whole interval
    is below 5 points on each such split. Else inconclusive.

    **What it cannot see.** Studies without such a split: `brittlestar split` makes some. Whether other shifts of the
    same split are the reason; the audit lists them.

    **What to do.** Show more combinations in train, or let the model see parts. Severity: warning.
    """
    usual = evaluation_split(asked.study.record)

    def say(one: Question) -> str:
        return f"{told(one.effect)} of accuracy are lost from {usual} to {one.name}, {seeds_told(one.effect)}"

    yield from findings(
        asked,
        CODE,
        THRESHOLD,
        say,
        "Show more combinations in train, or let the model see parts (model.embedding.composition).",
    )
