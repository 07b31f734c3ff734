"""Finding `probe.combination-brittle`."""

from brittlestar.diagnosis.probes.phrasing import describe_loss
from brittlestar.diagnosis.probes.questions import COMBINATION, Asked, Findings
from brittlestar.diagnosis.probes.saying import make_findings

CODE = COMBINATION
THRESHOLD = (
    "More than 5 points of accuracy are lost from test to a shifted split with combinations that train never shows, "
    "significant after Holm correction over all tests of the suite."
)


def check(asked: Asked) -> Findings:
    """Known parts in new combinations, and accuracy falls.

    **What it means.** The model has memorised combinations where the task is made of parts.

    **How it is decided.** For each shifted split in which the audit found combinations that train never shows although
    their parts are frequent there (`shift.combination`): accuracy on test less accuracy there, over seeds and rows.

    **Thresholds.** Present: more than 5 points, significant after Holm correction over all tests of the suite. Absent:
    every 95 % interval is below 5 points. Else inconclusive.

    **What it cannot see.** Studies without such a split: `brittlestar split` makes some. Whether other shifts of the
    same split are the reason; the audit lists them.

    **What to do.** Show more combinations in train, or let the model see parts. Severity: warning.
    """
    usual = asked.usual_split
    yield from make_findings(
        asked,
        CODE,
        THRESHOLD,
        lambda _, one: f"{describe_loss(one.effect)} from {usual} to {one.name}, which has new combinations",
        "Show more combinations in train, or let the model see parts (model.embedding.composition).",
    )
