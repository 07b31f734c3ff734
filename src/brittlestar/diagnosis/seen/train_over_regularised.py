"""Finding `train.over-regularised`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen import looking
from brittlestar.diagnosis.seen.looking import SeenRun, Told, fits_poorly, format_share, judge_seen

CODE = "train.over-regularised"
STRONG = 0.1  # convention: ten times what is usual
SHRUNK = 0.5  # convention: weights of half their size
THRESHOLD = (
    "In every run seen, train's loss stays above 70 % of class shares, and 80 % of values are dropped, or decay takes "
    "1 % of the weights in each step, or halved all and nothing is learned."
)
REMEDY = "Train once without dropout and weight decay: a model must be able to fit train before it is held back."


def check(record: StudyRecord) -> Iterator[Finding]:
    """Regularisation is so strong that the model cannot fit train.

    **What it means.** Train and dev are alike and both are poor, which looks like a model that is too small.

    **How it is decided.** The largest dropout of the modules, the weight decay of the optimiser (times the rate it is
    the share that a step takes away) and the size of all weights at the end over that at the start are read. They count
    where train's loss hardly falls; of a loss that is no log loss, where train rows are answered hardly better than by
    naming one class.

    **Thresholds.** As in the rule. Severity: warning.

    **What it cannot see.** Functional dropout; penalties in the loss that do not shrink the weights; other frameworks.

    **What to do.** Train without regularisation, then add what dev needs.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell, "regularisation is too strong")


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    seen, shares, learned = run.seen, looking.class_share_loss(record), looking.has_learned(record, run.cell)
    if seen.course is None or learned is None or not np.isfinite([shares, seen.course.late]).all():
        return None
    dropout, decay, size = seen.dropout or 0.0, seen.decay or 0.0, seen.course.size
    unfit = seen.course.late >= looking.HIGH_LOSS * shares if looking.is_log_loss(seen) else fits_poorly(record, run)
    each = looking.decay_of_step(seen)
    shrunk = size <= SHRUNK and not learned
    strong_setting = decay >= STRONG and seen.optimiser != "AdamW" and fits_poorly(record, run, looking.NEARLY_ALL)
    story = f"dropout is {dropout:g}, weight decay {decay:g}, the weights end at {format_share(size)} of their size"
    if each >= looking.SHRINKS:
        rate = f"rate {seen.usual_rate:g}"
        story = f"weight decay {decay:g} takes {format_share(each, 1)} of all weights in each step ({rate})"
    elif not np.isfinite(size):
        story = f"dropout is {dropout:g}, weight decay {decay:g}"
    evidence = {"dropout": dropout, "weight_decay": decay, "size": size if np.isfinite(size) else None}
    strong = dropout >= looking.DROPOUT or shrunk or each >= looking.SHRINKS
    severity = "warning" if unfit and strong else "info"
    return Told((unfit and strong) or strong_setting, story, evidence | {"late_loss": seen.course.late}, severity)
