"""Finding `train.nonfinite`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.core.findings import Finding
from brittlestar.core.results import REPORTED, CellRecord, StudyRecord
from brittlestar.diagnosis.arms import Arm, arms, lower_rate, unseen
from brittlestar.statistics.proportions import bound_share
from brittlestar.training.predictor import NOT_FINITE

CODE = "train.nonfinite"
THRESHOLD = (
    "One done run with outcome `diverged`, or with a loss curve that is not finite after epoch 0; or one that failed, "
    "since its probabilities are not finite."
)
_LOSSES = ("train.loss", "train.log_loss", "dev.log_loss")


def check(record: StudyRecord) -> Iterator[Finding]:
    """The loss became infinite or not a number.

    **What it means.** The run is scored at the majority class on every row and stays in every mean, which mixes trained
    models with constants.

    **How it is decided.** A done run counts when its outcome is `diverged`, or when `train.loss` (from epoch 1),
    `train.log_loss` or `dev.log_loss` holds a value that is not finite beside finite ones; so does one that failed
    because the model answers with such a probability. The share over seeds has a Clopper–Pearson interval.

    **Thresholds.** One run is enough. Absent: 0 of n, with the rate that n leaves possible. Severity: error.

    **What it cannot see.** Values that overflow and come back within an epoch; variants that were not trained by epochs
    here.

    **What to do.** Lower the learning rate, clip gradients, look for empty or extreme rows.
    """
    for arm in arms(record):
        yield _finding(arm)


def _finding(arm: Arm) -> Finding:
    if failed := [cell for cell in arm.cells if cell.state == "failed" and NOT_FINITE in (cell.error or "")]:
        summary = f"{arm.name}: {len(failed)} of {len(arm.cells)} runs failed, since they answer with {NOT_FINITE}."
        evidence = {"nonfinite": len(failed), "of": len(arm.cells)}
        remedy = "Lower the learning rate in the fit function, and clip gradients there; look for a division by zero."
        return Finding(CODE, "present", summary, THRESHOLD, "error", {"variant": arm.name}, evidence, remedy)
    reported = [c for c in arm.done if c.outcome in REPORTED and any(name in c.curves for name in _LOSSES)]
    seen = [cell for cell in arm.done if cell.outcome in {"trained", "diverged"}] + reported
    if not seen:
        return unseen(CODE, arm, "the loss", THRESHOLD)
    bad = [(cell, _find_bad_epoch(cell)) for cell in seen]
    found = {cell.seed: epoch for cell, epoch in bad if cell.outcome == "diverged" or epoch is not None}
    low, high = bound_share(len(found), len(seen))
    evidence = {
        "nonfinite": len(found),
        "of": len(seen),
        "share_interval": [low, high],
        "first_epoch": {str(seed): epoch for seed, epoch in sorted(found.items())},
    }
    where = {"variant": arm.name}
    if not found:
        summary = f"{arm.name}: the loss stayed finite in {len(seen)} of {len(seen)} runs (rate at most {high:.2f})."
        return Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)
    seeds = ", ".join(str(seed) for seed in sorted(found))
    summary = (
        f"{arm.name}: the loss was not finite in {len(found)} of {len(seen)} runs (seeds {seeds}; rate "
        f"[{low:.2f}, {high:.2f}]){'' if reported else '; they are scored at the majority class'}."
    )
    remedy = lower_rate(arm)
    if reported:
        remedy = f"Lower the learning rate in {arm.own_code}, and clip gradients there."
    return Finding(CODE, "present", summary, THRESHOLD, "error", where, evidence, remedy)


def _find_bad_epoch(cell: CellRecord) -> int | None:
    """The first epoch with a loss that is not finite beside finite ones, None where there is none."""
    losses = [np.asarray(cell.curves[name])[1:] for name in _LOSSES if name in cell.curves]
    if cell.outcome in REPORTED:  # NaN is where it reports nothing
        return min((int(np.argmax(loss == np.inf)) + 1 for loss in losses if (loss == np.inf).any()), default=None)
    curves = [np.isfinite(loss) for loss in losses]
    return min((int(np.argmin(finite)) + 1 for finite in curves if finite.any() and not finite.all()), default=None)
