"""Every check of this room, by the code it reports, in the order in which a reader wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis import (
    claim_unequal_budget,
    eval_checkpoint,
    eval_disagree,
    eval_metric,
    seed_collapse,
    seed_inert,
    seed_unstable,
    train_nonfinite,
    train_overfit,
    train_plateau,
    train_short,
)

Check = Callable[[StudyRecord], Iterable[Finding]]

CHECKS: Mapping[str, Check] = {
    eval_checkpoint.CODE: eval_checkpoint.check,
    eval_metric.CODE: eval_metric.check,
    eval_disagree.CODE: eval_disagree.check,
    train_nonfinite.CODE: train_nonfinite.check,
    train_overfit.CODE: train_overfit.check,
    train_plateau.CODE: train_plateau.check,
    train_short.CODE: train_short.check,
    seed_inert.CODE: seed_inert.check,
    seed_collapse.CODE: seed_collapse.check,
    seed_unstable.CODE: seed_unstable.check,
    claim_unequal_budget.CODE: claim_unequal_budget.check,
}
"""{code: check}. A check's docstring is the documentation page of its code; each can be run alone."""


def diagnose(record: StudyRecord) -> tuple[Finding, ...]:
    """All findings about a study as it stands, check by check, variants in the order of the record.

    Reads curves, scores and settings only; trains nothing and changes nothing. Works on a study that is not finished:
    what cannot be seen yet is `inconclusive` and says what is missing.
    """
    return tuple(finding for check in CHECKS.values() for finding in check(record))
