"""Finding `probe.factor-blind`."""

from __future__ import annotations

from collections.abc import Iterator

from brittlestar.core.findings import Finding
from brittlestar.diagnosis.probes.blind import blind
from brittlestar.diagnosis.probes.questions import Asked

CODE = "probe.factor-blind"
THRESHOLD = (
    "Among rows whose true label turns when values of a factor change (more than 5 % of all, 30 at least), "
    "fewer than 20 % of predictions change, corrected over all questions of the suite (Holm)."
)


def check(asked: Asked) -> Iterator[Finding]:
    """A factor that the task needs is not used.

    **What it means.** A part of every token decides about the label, and the model answers as if it were not there.

    **How it is decided.** The values of one factor change places within each row, or are drawn anew as often as train
    has them; the other factors stay. The rows whose true label turned are those whose prediction should change.

    **Thresholds.** Present: fewer than 20 % of these predictions change, and the one-sided p against that, corrected
    over all questions of the suite, is at most 5 %. Absent: the whole interval is above it, or the rule does not need
    the factor. Else inconclusive.

    **What it cannot see.** Anything where no rule is known, unless the study says `expect: {factors: changes}`.

    **What to do.** Train on tokens whose parts are seen (`model.embedding.composition: factor-sum`). Severity: warning.
    """
    yield from blind(asked, CODE, THRESHOLD, "Let the model see the parts: model.embedding.composition: factor-sum.")
