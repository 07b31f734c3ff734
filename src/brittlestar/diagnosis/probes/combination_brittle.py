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

    **How it is decided.** Accuracy on test less that on each split in which the audit found new combinations of parts
    that are frequent in train (`shift.combination`), over seeds and rows.

    **Thresholds.** As in the rule. Absent: every 95 % interval is below 5 points. Severity: warning.

    **What it cannot see.** Studies without such a split: `brittlestar split` makes some. Other shifts of the same
    split; the audit lists them.

    **What to do.** Show more combinations in train, or let the model see parts.
    """
    usual = asked.usual_split
    yield from make_findings(
        asked,
        CODE,
        THRESHOLD,
        lambda _, one: f"{describe_loss(one.effect)} from {usual} to {one.name}, which has new combinations",
        "Show more combinations in train, or let the model see parts (model.embedding.composition).",
    )
