"""Finding `probe.order-blind`."""

from brittlestar.diagnosis.probes.questions import Asked, Findings
from brittlestar.diagnosis.probes.saying import report_blind

CODE = "probe.order-blind"
THRESHOLD = (
    "Fewer than 20 % of predictions change on rows whose true label turns (over 5 % of rows, 30 at least), "
    "significant after Holm correction over all tests of the suite."
)


def check(asked: Asked) -> Findings:
    """Order is destroyed and nothing changes, on a task that needs order.

    **What it means.** The score comes from which tokens a row has, and not from where they stand.

    **How it is decided.** Tokens of each row are put in random order. Predictions should change on the rows whose true
    label turned; on all rows where the study declares it (`expect: {order: changes}`).

    **Thresholds.** As in the rule (of all rows: 5 %). Absent: the 95 % interval is above that, or the rule does not
    need it. Inconclusive: in between, or nobody knows. Severity: warning; info for a bag of tokens, which is blind by
    construction.

    **What it cannot see.** A model that reads order and draws the wrong conclusion; its accuracy shows that.

    **What to do.** Use a model that reads order (`model.family: lstm`), or positions in a transformer.
    """
    yield from report_blind(asked, CODE, THRESHOLD, "Use a model that reads order, such as model.family: lstm.")
