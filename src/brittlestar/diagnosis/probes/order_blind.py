"""Finding `probe.order-blind`."""

from __future__ import annotations

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes.blind import blind
from brittlestar.diagnosis.probes.questions import Asked

CODE = "probe.order-blind"
THRESHOLD = (
    "Among rows whose true label turns when tokens are shuffled (more than 5 % of all, 30 at least), "
    "fewer than 20 % of predictions change, corrected over all questions of the suite (Holm)."
)


def check(asked: Asked) -> Iterator[Finding]:
    """Order is destroyed and nothing changes, on a task that needs order.

    **What it means.** The score comes from which tokens a row has, and not from where they stand. It will not hold
    where order decides.

    **How it is decided.** Tokens of each row are put in random order. Where a rule is known, the rows whose true label
    turned are those whose prediction should change; where the study says that order matters (`expect: {order:
    changes}`), all rows are.

    **Thresholds.** Present: fewer than 20 % of these predictions change (of all rows: 5 %), and the one-sided p against
    that, corrected over all questions of the suite, is at most 5 %. Absent: the whole interval is above it, or the rule
    does not need order. Inconclusive: too near to tell, or nobody knows whether the task needs order.

    **What it cannot see.** A model that reads order and draws the wrong conclusion answers, wrongly: its accuracy says
    so. A bag of tokens is blind by construction, which is an info.

    **What to do.** Use a model that reads order (`model.family: lstm`), or positions in a transformer. Severity:
    warning.
    """
    yield from blind(asked, CODE, THRESHOLD, "Use a model that reads order, such as model.family: lstm.")
