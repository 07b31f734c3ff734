"""Finding `probe.contrast-blind`."""

from brittlestar.diagnosis.probes.questions import Asked, Findings
from brittlestar.diagnosis.probes.saying import report_blind

CODE = "probe.contrast-blind"
THRESHOLD = (
    "Fewer than 20 % of pairs of nearly equal rows with two labels (30 pairs at least) get two predictions, "
    "significant after Holm correction over all tests of the suite."
)


def check(asked: Asked) -> Findings:
    """A minimal edit turns the label, and the prediction stays.

    **What it means.** What the edit touches decides about the label, and the model ignores it. Of a generated task the
    finding names the part of the rule that was not learned.

    **How it is decided.** Pairs of rows that differ in one token and have two labels get two predictions, or not: near
    misses of each part of a generated rule, one token replaced where a function gives true labels, or given pairs
    (`probes: {pairs: FILE}`).

    **Thresholds.** As in `probe.order-blind`.

    **What it cannot see.** Whether both predictions are right; the table has the accuracy on the edited rows. Rules
    that no single token decides.

    **What to do.** Put such pairs into train, or see why the model cannot tell them apart: its tokens, its embedding,
    its order.
    """
    remedy = "Put such pairs into train, or find out which part of a row the model ignores."
    yield from report_blind(asked, CODE, THRESHOLD, remedy)
